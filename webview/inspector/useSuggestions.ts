/** Names that a field of the data offers: files beside the network, or columns of its table. They are requested when it gets the focus. */
import { useState } from 'react';
import type { Attribute, Json } from '../../engine/schema/attributes.ts';
import { suggest } from '../host.ts';
import { inputText, parseInput, type RawValues, sameJson } from '../model/values.ts';

export interface Suggestions {
  readonly offered: readonly string[];
  /** Requests those for what is typed. */
  ask(typed: string): void;
}

/** `beside` are the values of the attributes beside this one. Undefined for an attribute that has no such names. */
export function useSuggestions(
  attribute: Attribute<unknown>,
  given: Json | undefined,
  beside: RawValues,
): Suggestions | undefined {
  const { file, columnOf, item } = attribute;
  const [names, setNames] = useState<readonly string[]>([]);
  const table = columnOf ?? item?.columnOf;
  const path = table === undefined ? undefined : beside[table];
  if (!file && typeof path !== 'string') return undefined;
  const show = (names: Promise<readonly string[]>) => void names.then(setNames, () => setNames([]));
  return {
    offered: names.flatMap((name) => (item ? added(attribute, given, name) : [written(attribute, name)])),
    ask: (typed) =>
      show(
        file ? suggest({ of: 'files', typed }) : suggest({ of: 'columns', file: String(path), data: beside }),
      ),
  };
}

/** The text of a list with one more entry. */
function added(attribute: Attribute<unknown>, given: Json | undefined, name: string): string[] {
  const entries = Array.isArray(given) ? given : [];
  return entries.includes(name) ? [] : [written(attribute, [...entries, name])];
}

/** The text from which the field reads a value: as plain as possible, and JSON for names with commas, or that look like numbers. */
function written(attribute: Attribute<unknown>, value: Json): string {
  const plain = inputText(value);
  return sameJson(parseInput(plain, attribute), value) ? plain : JSON.stringify(value);
}
