/** "Did you mean …?": the known name closest to what was typed, within a budget of work that a whole analysis shares. */

/** Longer names are not typing mistakes, and comparing takes time proportional to both lengths. */
const longestTyped = 64;

/**
 * Work, in letters compared, that one analysis may spend on suggestions: enough for a few hundred among a thousand names.
 * Mistakes after that are reported without a suggestion.
 */
export const suggestionBudget = 1_000_000;

export class Work {
  spent = 0;

  constructor(readonly limit: number = suggestionBudget) {}

  get isDone(): boolean {
    return this.spent >= this.limit;
  }
}

/** That of the analysis under way. Analysis is one synchronous call, so there is one at most. */
let shared: Work | undefined;

/** Runs an analysis whose suggestions together spend at most what `work` allows. */
export function sharingWork<T>(work: Work, analysis: () => T): T {
  const outer = shared;
  shared = work;
  try {
    return analysis();
  } finally {
    shared = outer;
  }
}

/** The known name closest to what was typed, if close enough to be a typing mistake. */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  if (typed.length > longestTyped) return undefined;
  const work = shared ?? new Work();
  const limit = Math.max(1, Math.floor(typed.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const name of known) {
    if (work.isDone) return undefined;
    work.spent++;
    if (Math.abs(name.length - typed.length) >= least) continue;
    work.spent += typed.length * name.length;
    const distance = editDistance(typed.toLowerCase(), name.toLowerCase());
    if (distance >= least) continue;
    best = name;
    least = distance;
  }
  return best;
}

/** The number of letters inserted, omitted, changed, or swapped with the next. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    before = row;
    row = next;
  }
  return row[b.length];
}
