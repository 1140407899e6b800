/** How a run ended. */
import { count, flag, oneOf, optional, type Read, text } from '../../schema/reader.ts';
import { defineEvent } from './define.ts';
import { dataRow, fix, path } from './fields.ts';

const reason = oneOf('finished', 'stopped', 'failed');

export type EndReason = Read<typeof reason>;

export const end = defineEvent({
  reason,
  /** The last step that began. */
  step: count,
  /** A stopped run that no person stopped: its window was closed or reloaded. */
  cutOff: optional(flag),
  /** The best epoch, if its weights were restored. */
  restoredEpoch: optional(count),
  /** Why a failed run failed: message, code, and place in the spec. */
  message: optional(text),
  code: optional(text),
  path: optional(path),
  /** The fix of the mistake, if one edit of the network fixes it. */
  fix: optional(fix),
  /** The row of a data file with the mistake, counted from 1. */
  row: optional(dataRow),
  /** The folder of a training's files; omitted in its own log. */
  folder: optional(text),
});
