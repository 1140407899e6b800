/**
 * How an evaluation ended. The extension reports it instead of `end`, because an evaluation is shown beside the training of its
 * weights, whose end event stays.
 */
import { oneOf, optional, text } from '../../schema/reader.ts';
import { defineEvent } from './define.ts';
import { dataRow } from './fields.ts';

export const evaluationEnd = defineEvent({
  reason: oneOf('finished', 'stopped', 'failed'),
  /** Why it failed. */
  message: optional(text),
  /** The row of a data file with the mistake. */
  row: optional(dataRow),
});
