/** The contract of a pre-flight check: a question to a network that is asked before it is trained in earnest. */
import type { Path } from '../schema/attributes.ts';
import type { Subject } from './subject.ts';

export interface Verdict {
  /** "skipped": the question makes no sense for this network. */
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** What was measured, and for a failure what to do. */
  readonly message: string;
  /** Place in the spec that a failure is best looked for; the training section when absent. */
  readonly path?: Path;
}

export interface PreflightCheck {
  /** Its name on the command line and in events, e.g. "gradients". */
  readonly key: string;
  /** A sentence of what holds when it passes. */
  readonly title: string;
  /** Markdown: why it matters, and how it is measured. */
  readonly doc: string;
  /** Throws ProblemError where the network cannot be trained at all. */
  run(subject: Subject): Promise<Verdict>;
}

export const definePreflightCheck = (check: PreflightCheck): PreflightCheck => check;
