/** Fields that the events of trials share. */
import { count, fields, flag, list, number, oneOf, optional, type Read, text } from '../schema/reader.ts';
import { severities } from '../schema/severity.ts';
import { fix, scores } from './events/fields.ts';

export const evidence = fields({ value: number, limit: number });

const point = fields({ step: count, loss: number });

/** A network that was trained for some steps. */
export const course = fields({
  steps: count,
  /** Mean training loss of windows of steps, and test loss after each epoch. */
  curve: list(point),
  testCurve: list(point),
  /** After the last step. */
  train: scores,
  test: optional(scores),
  /** The losses are relative to that of guessing, because those of the two networks have different units. */
  relative: optional(flag),
  /** The number and the limit of the finding; absent if the finding has no number, or if its layer no longer exists. */
  evidence: optional(evidence),
  /** Why it ended before its last step. */
  failure: optional(text),
});

export type CourseReport = Read<typeof course>;

/** What a repair tried. */
export const attempt = fields({
  code: text,
  layer: optional(text),
  severity: oneOf(...severities),
  fix,
  /** A fix that is dropped was kept before, and a later fix has made it needless. */
  outcome: oneOf('kept', 'rejected', 'dropped'),
  /** The reason, with the numbers. */
  verdict: text,
  evidence: fields({ before: optional(evidence), after: optional(evidence) }),
  /**
   * The criterion for both, in one unit: "loss", "relativeLoss" if the unit of the target has changed, or a metric if the losses differ in kind.
   * Absent if nothing was trained, or if nothing can be compared.
   */
  judged: optional(fields({ score: text, split: oneOf('train', 'test'), before: number, after: number })),
});

export type AttemptReport = Read<typeof attempt>;
