/** Names of classes that are probably one class, because they differ only in case or spaces. */

const plainName = (name: string): string => name.replace(/\s+/g, '').toLowerCase();

/** The places of such names in the list, those of one class together. */
export function alikeClasses(names: readonly string[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  names.forEach((name, place) => {
    const known = groups.get(plainName(name));
    if (known) known.push(place);
    else groups.set(plainName(name), [place]);
  });
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** The number of classes if such names are one class. */
export const distinctClasses = (names: readonly string[]): number => new Set(names.map(plainName)).size;
