/** The progress of a trial or a repair. */
import { number, optional, text } from '../../schema/reader.ts';
import { defineEvent } from './define.ts';

export const progress = defineEvent(
  {
    /** What is trained now. */
    doing: text,
    /** Its steps so far, and the most it can have. */
    step: number,
    steps: optional(number),
  },
  { together: (_, event) => [event] },
);
