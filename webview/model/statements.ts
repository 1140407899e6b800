/** What the text of a network says, as single values with their paths: which of them an edit changes, and whether it still says them. */
import type { Analysis } from '../../engine/graph/typed.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import type { LayerSpec } from '../../engine/spec/document.ts';
import { printReference } from '../../engine/spec/reference.ts';
import { type Names, translationOf } from '../../engine/spec/renaming.ts';

/** A path and a value, both as text; null for a value that is not there. */
export type Statement = readonly [path: string, value: string | null];

type Said = Pick<Analysis, 'spec' | 'trainingGiven'>;

function statementsOf({ spec, trainingGiven }: Said): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const state = (path: readonly (string | number)[], value: Json | undefined): void => {
    if (typeof value !== 'object' || value === null) {
      if (value !== undefined) found.set(JSON.stringify(path), JSON.stringify(value));
      return;
    }
    for (const [key, part] of Object.entries(value)) state([...path, key], part);
  };
  const layer = (path: readonly string[], { name, type, from, given }: LayerSpec): void => {
    state([...path, name, 'type'], type);
    state([...path, name, 'from'], from.map(printReference));
    state([...path, name], given);
  };
  for (const one of spec.layers) layer(['layers'], one);
  for (const block of spec.blocks.values())
    for (const one of block.layers) layer(['blocks', block.name], one);
  state(['training'], trainingGiven);
  return found;
}

/** What `after` says otherwise than `before`. */
export function saidOtherwise(before: Said, after: Said): readonly Statement[] {
  const [then, now] = [statementsOf(before), statementsOf(after)];
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
  const now = statementsOf(analysis);
  return (changed) => telling(changed).every(([path, value]) => (now.get(path) ?? null) === value);
}
