/** "Did you mean …?": the known name closest to what was typed, within a budget of work that a whole analysis shares. */

/** Longer names are not typing mistakes, and comparing takes time proportional to both lengths. */
const longestTyped = 64;

/**
 * Work, in letters compared, that one analysis may spend on suggestions: enough for a few hundred suggestions from a thousand names.
 * Mistakes after that are reported without a suggestion.
 */
const suggestionBudget = 1_000_000;

/** The work that suggestions have taken so far, and its limit. */
export class Work {
  spent = 0;

  constructor(readonly limit: number = suggestionBudget) {}

  get isDone(): boolean {
    return this.spent >= this.limit;
  }
}

/** The budget of the current analysis. Analysis is one synchronous call, so there is at most one. */
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
  const letters = typed.toLowerCase();
  let best: string | undefined;
  let least = limit + 1;
  for (const name of known) {
    if (work.isDone) return undefined;
    work.spent++;
    if (Math.abs(name.length - typed.length) >= least) continue;
    work.spent += typed.length * name.length;
    const distance = editDistance(letters, name.toLowerCase(), least);
    if (distance >= least) continue;
    best = name;
    least = distance;
  }
  return best;
}

/** Rows of `editDistance`, which are used again from call to call. */
let rowBefore: number[] = [];
let row: number[] = [];
let next: number[] = [];

/**
 * The number of letters inserted, omitted, changed, or swapped with the next; `enough` or more if it is not smaller than that.
 * Common beginnings and ends are skipped, because most names of a network share them.
 */
function editDistance(a: string, b: string, enough: number): number {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  let end = 0;
  while (end < shorter - start && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end))
    end++;
  const rows = a.length - start - end;
  const columns = b.length - start - end;
  if (rows === 0 || columns === 0) return rows + columns;
  for (let j = 0; j <= columns; j++) row[j] = j;
  let leastBefore = 0;
  for (let i = 1; i <= rows; i++) {
    next[0] = i;
    let least = i;
    const letter = a.charCodeAt(start + i - 1);
    for (let j = 1; j <= columns; j++) {
      const other = b.charCodeAt(start + j - 1);
      let distance = row[j - 1] + (letter === other ? 0 : 1);
      if (row[j] + 1 < distance) distance = row[j] + 1;
      if (next[j - 1] + 1 < distance) distance = next[j - 1] + 1;
      const isSwapped =
        i > 1 && j > 1 && letter === b.charCodeAt(start + j - 2) && a.charCodeAt(start + i - 2) === other;
      if (isSwapped && rowBefore[j - 2] + 1 < distance) distance = rowBefore[j - 2] + 1;
      next[j] = distance;
      if (distance < least) least = distance;
    }
    // The distance cannot become smaller from here on.
    if (least >= enough && leastBefore >= enough) return enough;
    leastBefore = least;
    [rowBefore, row, next] = [row, next, rowBefore];
  }
  return row[columns];
}
