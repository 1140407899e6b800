/** The progress of a trial or a repair. */
import { count, optional, text } from '../../schema/reader.ts';
import { defineEvent } from './define.ts';

export const progress = defineEvent(
  {
    /** What is trained now. */
    doing: text,
    /** Its steps so far, and the most it can have. */
    step: count,
    steps: optional(count),
  },
  { together: (_, event) => [event] },
);
