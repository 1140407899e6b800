/** What is wrong with a training, and why: a rule of the diagnosis has seen it in several looks. */
import { fields, number, oneOf, optional, text } from '../../schema/reader.ts';
import { defineEvent } from './define.ts';
import { fix, path } from './fields.ts';

export const finding = defineEvent(
  {
    /** Of the rule: "relu/dead". */
    code: text,
    /** The layer that causes it, if there is one. */
    layer: optional(text),
    severity: oneOf('error', 'warning', 'info'),
    /** Where it was seen; 0 before the first step. */
    step: number,
    /** What was measured, and the limit that it exceeds. */
    evidence: fields({ value: number, limit: number }),
    message: text,
    /** Place in the spec. */
    path,
    /** The best edit that fixes it. */
    fix: optional(fix),
  },
  { keep: { most: 200, drop: 'older' } },
);
