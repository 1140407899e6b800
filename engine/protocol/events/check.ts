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
    /** The place in the spec that most likely causes a failure. */
    path: optional(path),
  },
  {
    keep: { most: 100, drop: 'older' },
  },
);
