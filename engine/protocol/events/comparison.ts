/** The result of a search for what holds a network back: every change that was tried, and one that is clearly better. */
import { list, optional, text } from '../../schema/reader.ts';
import { attempt, course } from '../trialReports.ts';
import { defineEvent } from './define.ts';
import { fix } from './fields.ts';

export const comparison = defineEvent({
  /**
   * A change that is kept makes the network clearly better with two seeds. One that is dropped is better, too, but another one is smaller or
   * helps more.
   */
  attempts: list(attempt),
  /** The first change that is kept. */
  fix: optional(fix),
  before: course,
  /** With that change; without one, the same as before. */
  after: course,
  verdict: text,
});
