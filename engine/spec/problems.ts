/**
 * The problems of a text, in bounded memory and time: the first hundred in full, the others as a count. Every problem counts, so
 * whether the text is valid is always known.
 */
import * as l10n from '@vscode/l10n';
import type { Path } from '../schema/attributes.ts';
import { cut, longestQuote, oneLine } from '../schema/plainText.ts';
import type { ProblemCode } from '../schema/problemCodes.ts';
import type { Severity } from '../schema/severity.ts';
import type { Diagnostic } from './document.ts';

/** The most diagnostics that are shown for one text. */
export const mostShown = 100;
/** The most characters of a message. */
export const longestMessage = 1000;

type Found = Diagnostic<ProblemCode>;

export class Problems {
  readonly #errors: Found[] = [];
  readonly #others: Found[] = [];
  #count = 0;
  #networkIsFaulty = false;
  #trainingIsFaulty = false;

  /** The diagnostic is made only if it will be shown. */
  add(severity: Severity, path: Path, make: () => Found): void {
    this.#count++;
    const isError = severity === 'error';
    // Positions of cards in the graph editor do not matter to a run.
    if (isError && path[0] === 'training') this.#trainingIsFaulty = true;
    else if (isError && path[0] !== 'layout') this.#networkIsFaulty = true;
    const kept = isError ? this.#errors : this.#others;
    if (kept.length < mostShown) kept.push(make());
  }

  get hasErrors(): boolean {
    return this.#errors.length > 0;
  }

  /** An error outside of "training" and "layout". */
  get networkIsFaulty(): boolean {
    return this.#networkIsFaulty;
  }

  get trainingIsFaulty(): boolean {
    return this.#trainingIsFaulty;
  }

  /** At most a hundred, errors before others, in the order of the text. One more says how many are not shown. */
  get shown(): readonly Found[] {
    const chosen = [...this.#errors, ...this.#others].slice(0, mostShown);
    const shown = chosen
      .map((one) => ({ ...one, message: readable(one.message) }))
      .sort((a, b) => a.range.start - b.range.start);
    const more = this.#count - shown.length;
    return more === 0 ? shown : [...shown, moreOf(more)];
  }
}

const moreOf = (count: number): Found => ({
  code: 'spec/more',
  severity: 'info',
  message:
    count === 1
      ? l10n.t('1 more problem is not shown. Fix those above first.')
      : l10n.t('{0} more problems are not shown. Fix those above first.', count),
  path: [],
  range: { start: 0, end: 0 },
});

/** Long words in a message are always names or values. Each is cut separately, so that the advice after them remains. */
function readable(message: string): string {
  const parts = cut(message, 10 * longestMessage).split(/("[^"]*"|\s+)/);
  return oneLine(parts.map((part) => cut(part, longestQuote)).join(''), longestMessage);
}

/** Problems and findings, in the order of the text, at most a hundred. */
export const withFindings = (
  diagnostics: readonly Diagnostic[],
  findings: readonly Diagnostic[],
): readonly Diagnostic[] =>
  findings.length === 0
    ? diagnostics
    : [...diagnostics, ...findings.slice(0, Math.max(0, mostShown - diagnostics.length))].sort(
        (a, b) => a.range.start - b.range.start,
      );
