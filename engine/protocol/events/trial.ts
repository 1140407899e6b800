/** How a network trains with a fix, beside how it trains without: the result of Try. */
import { flag, optional, text } from '../../schema/reader.ts';
import { course } from '../trialReports.ts';
import { defineEvent } from './define.ts';
import { fix } from './fields.ts';

export const trial = defineEvent({
  /** The finding that is to be cleared. */
  code: text,
  layer: optional(text),
  /** What it said of the network as it is. */
  message: text,
  fix,
  before: course,
  after: course,
  /** Whether the evidence falls and the loss does not rise. */
  helps: flag,
  /** In a sentence or two: whether the finding is cleared, and what becomes of the loss. */
  verdict: text,
});
