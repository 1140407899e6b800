/** The result of Try: how a network trains with a fix, compared with how it trains without. */
import { flag, optional, text } from '../../schema/reader.ts';
import { course } from '../trialReports.ts';
import { defineEvent } from './define.ts';
import { fix } from './fields.ts';

export const trial = defineEvent({
  /** The finding that the fix should clear. */
  code: text,
  layer: optional(text),
  /** What the number of its evidence is, in words. */
  measures: optional(text),
  /** Its message about the network without the fix. */
  message: text,
  fix,
  before: course,
  after: course,
  /** Whether the evidence falls and the loss does not rise. */
  helps: flag,
  /** A sentence or two: whether the finding is cleared, and how the loss changes. */
  verdict: text,
});
