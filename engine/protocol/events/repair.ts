/** What a repair did to a network, from the first finding to the last: its path, and one edit with all that it kept. */
import { fields, list, oneOf, optional, text } from '../../schema/reader.ts';
import { attempt, course } from '../trialReports.ts';
import { defineEvent } from './define.ts';
import { fix, path } from './fields.ts';

export const repair = defineEvent({
  attempts: list(attempt),
  /** Errors and warnings that are left. */
  left: list(
    fields({
      code: text,
      layer: optional(text),
      severity: oneOf('error', 'warning', 'info'),
      message: text,
      path,
    }),
  ),
  /** An edit of the original network. Absent if nothing helped, or nothing was wrong. */
  fix: optional(fix),
  before: course,
  after: course,
  verdict: text,
});
