/** What the text of a network says, as single values with their paths: which of them an edit changes, and whether it still says them. */
import type { Analysis } from '../../engine/graph/typed.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import type { LayerSpec } from '../../engine/spec/document.ts';
import { printReference } from '../../engine/spec/reference.ts';
import { type Names, translationOf } from '../../engine/spec/renaming.ts';

/** A path and a value, both as text; null for a value that is not there. */
export type Statement = readonly [path: string, value: string | null];

type Said = Pick<Analysis, 'spec' | 'trainingGiven'>;

/** A layer or the training, and all that the text says about it. */
interface Part {
  readonly path: readonly string[];
  readonly said: Json;
}

function partsOf({ spec, trainingGiven }: Said): readonly Part[] {
  const part = (path: readonly string[], { name, type, from, given }: LayerSpec): Part => ({
    path: [...path, name],
    said: { type, from: from.map(printReference), ...given },
  });
  return [
    ...spec.layers.map((layer) => part(['layers'], layer)),
    ...[...spec.blocks.values()].flatMap(({ name, layers }) =>
      layers.map((layer) => part(['blocks', name], layer)),
    ),
    ...(trainingGiven === undefined ? [] : [{ path: ['training'], said: trainingGiven }]),
  ];
}

function statementsOf(parts: Iterable<Part>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const state = (path: readonly (string | number)[], value: Json | undefined): void => {
    if (typeof value !== 'object' || value === null) {
      if (value !== undefined) found.set(JSON.stringify(path), JSON.stringify(value));
      return;
    }
    for (const [key, inside] of Object.entries(value)) state([...path, key], inside);
  };
  for (const { path, said } of parts) state(path, said);
  return found;
}

/** What `after` says otherwise than `before`. Parts that are the same are compared as a whole, which is much faster. */
export function saidOtherwise(before: Said, after: Said): readonly Statement[] {
  const whole = (said: Said) => new Map(partsOf(said).map((part) => [JSON.stringify(part), part]));
  const [old, young] = [whole(before), whole(after)];
  const only = (parts: ReadonlyMap<string, Part>, others: ReadonlyMap<string, Part>) =>
    statementsOf([...parts].flatMap(([text, part]) => (others.has(text) ? [] : [part])));
  const [then, now] = [only(old, young), only(young, old)];
  return [
    ...[...now].filter(([path, value]) => then.get(path) !== value),
    ...[...then.keys()].filter((path) => !now.has(path)).map((path) => [path, null] as const),
  ];
}

const isConnection = ([path]: Statement): boolean => pathOf(path).at(-2) === 'from';

/**
 * Those by which a change is recognized. Connections count only where nothing else has changed, because a later change may insert
 * another layer into them.
 */
function telling(changed: readonly Statement[]): readonly Statement[] {
  const others = changed.filter((one) => !isConnection(one));
  return others.length > 0 ? others : changed;
}

/** Whether `after` says otherwise than `before` only what some changes made it say, wherever connections lead now. */
export function differsOnlyBy(changes: readonly Statement[], before: Said, after: Said): boolean {
  const made = new Map<string, Set<string | null>>();
  for (const [path, value] of changes) made.set(path, (made.get(path) ?? new Set()).add(value));
  return saidOtherwise(before, after).every((one) => {
    const [path, value] = one;
    const values = made.get(path);
    return values !== undefined && (isConnection(one) || values.has(value));
  });
}

const pathOf = (text: string): readonly (string | number)[] => JSON.parse(text);

/** The same statements about layers that have other names now. */
export const renamedStatements = (statements: readonly Statement[], names: Names): readonly Statement[] =>
  statements.map(([path, value]) => [JSON.stringify(translationOf(names).path(pathOf(path))), value]);

/** Whether a text still says what a change made it say. */
export function says(analysis: Said): (changed: readonly Statement[]) => boolean {
  const now = statementsOf(partsOf(analysis));
  return (changed) => telling(changed).every(([path, value]) => (now.get(path) ?? null) === value);
}
