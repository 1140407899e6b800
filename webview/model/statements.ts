/** What the text of a network says, as single values with their paths: which of them an edit changes, and whether it still says them. */
import type { Analysis } from '../../engine/graph/typed.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import type { LayerSpec } from '../../engine/spec/document.ts';
import { printReference } from '../../engine/spec/reference.ts';
import { type Names, translationOf } from '../../engine/spec/renaming.ts';

/** A path and a value, both as text; null for a value that is not there. */
export type Statement = readonly [path: string, value: string | null];

function statementsOf({ spec, trainingGiven }: Analysis): ReadonlyMap<string, string> {
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

/**
 * What `after` says otherwise than `before`. Connections count only where nothing else has changed, because a later change may insert
 * another layer into them.
 */
export function saidOtherwise(before: Analysis, after: Analysis): readonly Statement[] {
  const [then, now] = [statementsOf(before), statementsOf(after)];
  const changed = [
    ...[...now].filter(([path, value]) => then.get(path) !== value),
    ...[...then.keys()].filter((path) => !now.has(path)).map((path) => [path, null] as const),
  ];
  const others = changed.filter(([path]) => pathOf(path).at(-2) !== 'from');
  return others.length > 0 ? others : changed;
}

const pathOf = (text: string): readonly (string | number)[] => JSON.parse(text);

/** The same statements about layers that have other names now. */
export const renamedStatements = (statements: readonly Statement[], names: Names): readonly Statement[] =>
  statements.map(([path, value]) => [JSON.stringify(translationOf(names).path(pathOf(path))), value]);

/** Whether a text still makes all of some statements. */
export function says(analysis: Analysis): (statements: readonly Statement[]) => boolean {
  const now = statementsOf(analysis);
  return (statements) => statements.every(([path, value]) => (now.get(path) ?? null) === value);
}
