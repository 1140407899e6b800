/**
 * Finds the layers that have another name in a new text. What the view stores by name (selected, unfolded and entered layers)
 * follows a rename, wherever it was made: in the graph, in the text, or by an undo.
 */
import type { LayerSpec, NetworkSpec } from '../../engine/spec/document.ts';
import type { Step } from './unfolding.ts';

export interface Renaming {
  /** The new name of a layer, given its full name. */
  readonly rename: (full: string) => string;
  /** The same way into uses of blocks. */
  readonly lead: (within: readonly Step[]) => readonly Step[];
}

/** Undefined if no layer was renamed. */
export function renamingOf(before: NetworkSpec, after: NetworkSpec): Renaming | undefined {
  const renamed = new Map<string | undefined, Renamed>();
  const compare = (block: string | undefined, layers: readonly LayerSpec[], now: readonly LayerSpec[]) => {
    const found = renamedIn(layers, now);
    if (found) renamed.set(block, found);
  };
  compare(undefined, before.layers, after.layers);
  for (const [name, { layers }] of before.blocks) compare(name, layers, after.blocks.get(name)?.layers ?? []);
  if (renamed.size === 0) return undefined;

  const rename = (full: string): string => {
    let block: string | undefined;
    let { layers } = before;
    return full
      .split('/')
      .map((part) => {
        const layer = layers.find(({ name }) => name === part);
        // The number of a copy follows the name of its use.
        if (!layer) return part;
        const here = renamed.get(block);
        const used = before.blocks.get(layer.type);
        if (used) [block, layers] = [used.name, used.layers];
        return here?.from === part ? here.to : part;
      })
      .join('/');
  };
  const lead = (within: readonly Step[]): readonly Step[] => {
    const uses = rename(within.map(({ use }) => use).join('/')).split('/');
    return within.map((step, index) => ({ ...step, use: uses[index] }));
  };
  return { rename, lead };
}

interface Renamed {
  readonly from: string;
  readonly to: string;
}

/** One layer has another name, and everything else is in its place. */
function renamedIn(before: readonly LayerSpec[], after: readonly LayerSpec[]): Renamed | undefined {
  if (before === after || before.length !== after.length) return undefined;
  const differing = before.filter(({ name }, index) => after[index].name !== name);
  if (differing.length !== 1) return undefined;
  const [{ name, type }] = differing;
  const now = after[before.indexOf(differing[0])];
  return now.type === type ? { from: name, to: now.name } : undefined;
}
