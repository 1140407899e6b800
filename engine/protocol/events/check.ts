/** The result of one pre-flight check. */
import { oneOf, optional, text } from '../../schema/reader.ts';
import { defineEvent } from './define.ts';
import { path } from './fields.ts';

export const check = defineEvent(
  {
    /** The key of the check, e.g. "gradients". */
    check: text,
    outcome: oneOf('passed', 'failed', 'skipped'),
    message: text,
    /** Place in the spec that a failure is best looked for. */
    path: optional(path),
  },
  {
    keep: { most: 100, drop: 'older' },
  },
);
