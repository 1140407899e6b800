/** What reading a value of a text gives: the value, or what is wrong with it; in bounded time for any value. */
import * as l10n from '@vscode/l10n';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A place inside a value, from its root: ["layers", "conv1", "kernelSize", 0]. */
export type Path = readonly (string | number)[];

export interface AttributeProblem {
  /** Relative to the attribute's own value. */
  readonly path: Path;
  /** What was expected, what was found, what to do: a sentence that begins with its verb, because its subject is the place. */
  readonly message: string;
}

/** The message is created when it is read, because only a few of many problems are shown. */
export const problemAt = (path: Path, makeMessage: () => string): AttributeProblem => ({
  path,
  get message() {
    return makeMessage();
  },
});

export type Reading<T> = { readonly value: T } | { readonly problems: readonly AttributeProblem[] };

/** The most problems of one object or list that are reported. */
export const mostProblems = 20;

/** Entries of a list, where an attribute does not say otherwise. */
export const longestList = 1000;

/** Problems of a part of a value, as problems of the whole. */
export const at = (
  key: string | number,
  problems: readonly AttributeProblem[],
): readonly AttributeProblem[] =>
  problems.map((problem) => problemAt([key, ...problem.path], () => problem.message));

/** The problem of a list with too many entries. */
export const tooLong = <T>(most: number, found: readonly Json[]): Reading<T> => ({
  problems: [
    problemAt([], () => l10n.t('must be a list of at most {0} entries, found {1}', most, found.length)),
  ],
});

/** Reads every entry of a list. */
export function readEach<T>(
  entries: readonly Json[],
  read: (entry: Json) => Reading<T>,
): Reading<readonly T[]> {
  if (entries.length > longestList) return tooLong(longestList, entries);
  const values: T[] = [];
  const problems: AttributeProblem[] = [];
  for (const [index, entry] of entries.entries()) {
    const reading = read(entry);
    if ('value' in reading) values.push(reading.value);
    else problems.push(...at(index, reading.problems));
    if (problems.length >= mostProblems) break;
  }
  return problems.length > 0 ? { problems } : { value: values };
}

/** The most characters of a value that a message quotes. At most as many of its entries are examined. */
const longestQuoted = 40;

/** A JSON value as an error message quotes it, shortened to stay readable. */
export function quote(value: Json): string {
  const text = JSON.stringify(value, shortened);
  return text.length > longestQuoted ? `${text.slice(0, longestQuoted - 3)}…` : text;
}

/** Leaves out everything that does not fit into a quote, so that a value of megabytes costs no more than a small one. */
function shortened(_key: string, value: Json): Json {
  if (typeof value === 'string') return value.slice(0, longestQuoted);
  if (Array.isArray(value)) return value.slice(0, longestQuoted);
  if (value === null || typeof value !== 'object') return value;
  const names = Object.keys(value);
  return names.length <= longestQuoted && names.every((name) => name.length <= longestQuoted)
    ? value
    : Object.fromEntries(
        names.slice(0, longestQuoted).map((name) => [name.slice(0, longestQuoted), value[name]]),
      );
}

/** One problem: what was expected, and a quote of what was found. */
export const fail = <T>(expected: string | (() => string), found: Json, path: Path = []): Reading<T> => ({
  problems: [
    problemAt(path, () =>
      l10n.t('must be {0}, found {1}', typeof expected === 'string' ? expected : expected(), quote(found)),
    ),
  ],
});
