/** Something could not be saved, or can be saved again; the run continues. */
import { number, text } from '../../schema/reader.ts';
import { defineEvent } from './define.ts';

export const warning = defineEvent(
  { step: number, code: text, message: text },
  {
    keep: { most: 100, drop: 'older' },
  },
);
