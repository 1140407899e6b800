/** A file could not be saved, or can be saved again. The run continues. */
import { count, text } from '../../schema/reader.ts';
import { defineEvent } from './define.ts';

export const warning = defineEvent(
  { step: count, code: text, message: text },
  {
    keep: { most: 100, drop: 'older' },
  },
);
