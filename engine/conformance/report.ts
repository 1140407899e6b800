/** Results of reference suites as text. */
import type { Result } from './suites.ts';

/** The cases of one folder in one format. */
export interface SuiteResults {
  /** The folder. */
  readonly name: string;
  readonly title: string;
  readonly results: readonly Result[];
}

const count = (results: readonly Result[], outcome: Result['outcome']): number =>
  results.filter((result) => result.outcome === outcome).length;

/** The counts of a suite, then each failure with its worst place, then unsupported cases by reason. */
export function reportSuite({ name, title, results }: SuiteResults): string[] {
  const computed = results.filter(({ outcome }) => outcome !== 'unsupported');
  const largest = computed.reduce(
    (most, { error }) => (Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(most, error)),
    0,
  );
  const counts = (['passed', 'failed', 'unsupported'] as const)
    .map((outcome) => `${count(results, outcome)} ${outcome}`)
    .join(', ');
  const error = computed.length === 0 ? '' : `, largest error ${showError(largest)}`;
  return [`${name} (${title}): ${counts}${error}`, ...failures(results), ...missing(results)];
}

const showError = (error: number): string => (error === 0 ? '0' : error.toExponential(1));

function failures(results: readonly Result[]): string[] {
  return results
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ id, details: [first, ...more] }) => {
      const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
      return `  failed ${id}: ${first}${others}`;
    });
}

function missing(results: readonly Result[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { id, outcome, details } of results)
    if (outcome === 'unsupported') {
      const [reason] = details;
      byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
    }
  return [...byReason].map(([reason, ids]) => `  unsupported ${reason}: ${ids.join(', ')}`);
}

/** "N passed, N failed, N skipped" over all suites. Unsupported cases count as skipped. */
export function closingLine(suites: readonly SuiteResults[]): string {
  const all = suites.flatMap(({ results }) => results);
  return `${count(all, 'passed')} passed, ${count(all, 'failed')} failed, ${count(all, 'unsupported')} skipped`;
}
