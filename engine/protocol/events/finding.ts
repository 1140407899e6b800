/** A fault of a network and its cause: a rule of the diagnosis has detected it in several checks. */
import { count, fields, number, oneOf, optional, text } from '../../schema/reader.ts';
import { severities } from '../../schema/severity.ts';
import { defineEvent } from './define.ts';
import { fix, path } from './fields.ts';

export const finding = defineEvent(
  {
    /** The code of the rule: "relu/dead". */
    code: text,
    /** The layer that causes it, if there is one. */
    layer: optional(text),
    severity: oneOf(...severities),
    /** The step at which it was detected; 0 before the first step. */
    step: count,
    /** The measured number, and the limit that it exceeds. */
    evidence: fields({ value: number, limit: number }),
    /** What the number is, in words. */
    measures: optional(text),
    /** The statistic of the layer that shows it. */
    statistic: optional(text),
    message: text,
    /** Place in the spec. */
    path,
    /** The best edit that fixes it. */
    fix: optional(fix),
  },
  { keep: { most: 200, drop: 'older' } },
);
