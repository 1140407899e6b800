/** Small functions for plain objects. */

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The same names, each with the result of `map` for its value; empty if there is no record. */
export const mapValues = <T, U>(
  record: { readonly [name: string]: T } | undefined,
  map: (value: T) => U,
): { [name: string]: U } =>
  Object.fromEntries(Object.entries(record ?? {}).map(([name, value]) => [name, map(value)]));

/**
 * An object whose keys come from a text. Its prototype is empty, so that no key is found which the text does not have, such as
 * "toString". JavaScript engines store objects without a prototype as hash tables, which take several times the time and memory.
 */
export class TextObject<T> {
  [key: string]: T;
}
Reflect.deleteProperty(TextObject.prototype, 'constructor');
Object.setPrototypeOf(TextObject.prototype, null);
