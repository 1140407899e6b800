/** How far a trial or a repair is. */
import { number, optional, text } from '../../schema/reader.ts';
import { defineEvent } from './define.ts';

export const progress = defineEvent(
  {
    /** What is trained now. */
    doing: text,
    /** Steps of it so far, and how many they will be at most. */
    step: number,
    steps: optional(number),
  },
  { together: (_, event) => [event] },
);
