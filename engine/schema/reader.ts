/**
 * Readers of plain data from elsewhere: messages and logs. A table of readers declares a message once: it checks and
 * copies every field, so that nothing unexpected is passed on, and the message's type derives from it.
 */

/** Returns a checked copy of the value. Throws `Malformed` if it is not a `T`. */
export type Reader<T> = (value: unknown) => T;

/** What a reader reads. */
export type Read<R> = R extends Reader<infer T> ? T : never;

/** Says what was expected, and at which field. */
export class Malformed extends Error {
  readonly #path: string[] = [];

  constructor(readonly expected: string) {
    super(`malformed message: expected ${expected}`);
  }

  /** Adds that the value is in the field `name`. */
  within(name: string): this {
    this.#path.unshift(name);
    this.message = `malformed message: expected ${this.expected} at ${this.#path.join('.')}`;
    return this;
  }
}

/** Returns the value, or throws `Malformed` if it is not good. */
export function must<T>(good: boolean, value: unknown, expected: string): T {
  if (!good) throw new Malformed(expected);
  return value as T;
}

/** Any value, unchecked. */
export const anything: Reader<unknown> = (value) => value;

/** A string of any length. */
export const text: Reader<string> = (value) => must(typeof value === 'string', value, 'a text');

/** A text that is no longer than `longest` characters. */
export const shortText =
  (longest: number): Reader<string> =>
  (value) =>
    must(
      typeof value === 'string' && value.length <= longest,
      value,
      `a text of at most ${longest} characters`,
    );

/** True or false. */
export const flag: Reader<boolean> = (value) => must(typeof value === 'boolean', value, 'true or false');

/** An integer that is not negative. */
export const count: Reader<number> = (value) =>
  must(Number.isSafeInteger(value) && (value as number) >= 0, value, 'a non-negative integer');

const notFinite: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  // Logs of version 0.1 do not distinguish the three.
  [null, Number.NaN],
]);

/** Any number. NaN and infinities, which JSON does not have, may also be the texts "NaN", "Infinity" and "-Infinity". */
export const number: Reader<number> = (value) =>
  notFinite.get(value) ?? must(typeof value === 'number', value, 'a number');

/** A number that is not NaN or infinite. */
export const finite: Reader<number> = (value) => must(Number.isFinite(value), value, 'a finite number');

/** One of several strings. */
export const oneOf =
  <const T extends string>(...values: readonly T[]): Reader<T> =>
  (value) =>
    must((values as readonly unknown[]).includes(value), value, `one of ${values.join(', ')}`);

/** An object with any content, but not a list or null. */
export const object: Reader<{ readonly [name: string]: unknown }> = (value) =>
  must(typeof value === 'object' && value !== null && !Array.isArray(value), value, 'an object');

function readAt<T>(name: string | number, reader: Reader<T>, value: unknown): T {
  try {
    return reader(value);
  } catch (error) {
    throw error instanceof Malformed ? error.within(String(name)) : error;
  }
}

/** A list of any length, each entry checked by `item`. */
export const list =
  <T>(item: Reader<T>): Reader<readonly T[]> =>
  (value) =>
    must<readonly unknown[]>(Array.isArray(value), value, 'a list').map((entry, index) =>
      readAt(index, item, entry),
    );

/** A list of two entries. */
export const pair =
  <T>(item: Reader<T>): Reader<readonly [T, T]> =>
  (value) => {
    const [first, second] = must<readonly unknown[]>(
      Array.isArray(value) && value.length === 2,
      value,
      'a list of two',
    );
    return [readAt(0, item, first), readAt(1, item, second)];
  };

/** Any names, each checked by `name`. */
export const record =
  <T>(item: Reader<T>, name: Reader<string> = text): Reader<{ readonly [name: string]: T }> =>
  (value) =>
    Object.fromEntries(
      Object.entries(object(value)).map(([key, entry]) => [name(key), readAt(key, item, entry)]),
    );

/** A field that may be absent. */
export interface Optional<T> {
  readonly optional: Reader<T>;
}

/** Marks a field of a table as one that may be absent. */
export const optional = <T>(reader: Reader<T>): Optional<T> => ({ optional: reader });

export type Table = { readonly [name: string]: Reader<unknown> | Optional<unknown> };

type Flat<T> = { [K in keyof T]: T[K] };

/** An object with the fields of a table. */
export type Fields<F extends Table> = Flat<
  { readonly [K in keyof F as F[K] extends Optional<unknown> ? never : K]: Read<F[K]> } & {
    readonly [K in keyof F as F[K] extends Optional<unknown> ? K : never]?: F[K] extends Optional<infer T>
      ? T
      : never;
  }
>;

/** Reads the fields of a table, and drops all others. */
export const fields =
  <const F extends Table>(table: F): Reader<Fields<F>> =>
  (value) => {
    const given = object(value);
    const read: { [name: string]: unknown } = {};
    for (const [name, field] of Object.entries(table)) {
      if (typeof field === 'function') read[name] = readAt(name, field, given[name]);
      else if (given[name] !== undefined) read[name] = readAt(name, field.optional, given[name]);
    }
    return read as Fields<F>;
  };

/** Objects of several kinds, each with fields of its own; the field `Tag` says which kind. */
export type Tagged<Tag extends string, K extends { readonly [kind: string]: Table }> = {
  [N in keyof K & string]: Flat<{ readonly [T in Tag]: N } & Fields<K[N]>>;
}[keyof K & string];

/** Reads an object whose field `tag` says which of the tables has its other fields. */
export function tagged<const Tag extends string, const K extends { readonly [kind: string]: Table }>(
  tag: Tag,
  kinds: K,
): Reader<Tagged<Tag, K>> {
  const kind = oneOf(...Object.keys(kinds));
  const readers = new Map(Object.entries(kinds).map(([name, table]) => [name, fields(table)]));
  return (value) => {
    const name = readAt(tag, kind, object(value)[tag]);
    return { [tag]: name, ...(readers.get(name)?.(value) as object) } as Tagged<Tag, K>;
  };
}
