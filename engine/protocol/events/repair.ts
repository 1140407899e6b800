/** The result of a repair: the fixes that it tried, and one edit with all that it kept. */
import { fields, list, oneOf, optional, text } from '../../schema/reader.ts';
import { severities } from '../../schema/severity.ts';
import { attempt, course } from '../trialReports.ts';
import { defineEvent } from './define.ts';
import { fix, path } from './fields.ts';

export const repair = defineEvent({
  attempts: list(attempt),
  /** Errors and warnings that remain. */
  left: list(
    fields({
      code: text,
      layer: optional(text),
      severity: oneOf(...severities),
      message: text,
      path,
    }),
  ),
  /** An edit of the original network. Absent if nothing helped or there was no finding. */
  fix: optional(fix),
  before: course,
  after: course,
  verdict: text,
});
