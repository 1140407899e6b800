/** The contract of a pre-flight check: a question about a network to answer before the actual training. */
import type { Path } from '../schema/attributes.ts';
import type { Subject } from './subject.ts';

export interface Verdict {
  /** "skipped": the question makes no sense for this network. */
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** What was measured, and for a failure what to do. */
  readonly message: string;
  /** The place in the spec where a failure most likely has its cause; the training section if absent. */
  readonly path?: Path;
}

export interface PreflightCheck {
  /** Its name on the command line and in events, e.g. "gradients". */
  readonly key: string;
  /** A sentence that is true if the check passes. */
  readonly title: string;
  /** Markdown: why it matters, and how it is measured. */
  readonly doc: string;
  /** Throws ProblemError where the network cannot be trained at all. */
  run(subject: Subject): Promise<Verdict>;
}

export const definePreflightCheck = (check: PreflightCheck): PreflightCheck => check;
