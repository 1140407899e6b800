/** Small functions for plain objects. */

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The same names, each with the result of `map` for its value; empty if there is no record. */
export const mapValues = <T, U>(
  record: { readonly [name: string]: T } | undefined,
  map: (value: T) => U,
): { [name: string]: U } =>
  Object.fromEntries(Object.entries(record ?? {}).map(([name, value]) => [name, map(value)]));
