/** The paths of data files in a network's text, and the columns that it names of them. */
import type { Range } from '../spec/document.ts';
import { slotAt, visitSlots } from '../spec/grammar.ts';
import { insideQuotes } from '../spec/source.ts';
import type { NetworkText } from './networkText.ts';

export interface FilePath {
  readonly path: string;
  /** Without the quotes. */
  readonly range: Range;
}

/** Paths are relative to the network. An empty one names no file. */
export function filePaths({ root }: NetworkText): FilePath[] {
  const found: FilePath[] = [];
  visitSlots(root, {
    value: (node, { attribute }) => {
      if (attribute?.file && typeof node.value === 'string' && node.value !== '')
        found.push({ path: node.value, range: insideQuotes(node) });
    },
  });
  return found;
}

/** The part of a data file's path before `offset`, and the range of the whole value; undefined elsewhere. */
export function pathBefore(network: NetworkText, offset: number): FilePath | undefined {
  const place = network.placeAt(offset);
  if (!place || place.onKey || !slotAt(network.root, place.path)?.attribute?.file) return undefined;
  const { word } = place;
  return { path: network.text.slice(word.start, offset).replace(/^"/, ''), range: word };
}

/** The path of the table of which a column is named at `offset`, and the range of that name; undefined elsewhere. */
export function tableAt(network: NetworkText, offset: number): FilePath | undefined {
  const place = network.placeAt(offset);
  const columnOf = place && !place.onKey && slotAt(network.root, place.path)?.attribute?.columnOf;
  if (!place || !columnOf) return undefined;
  const names = place.path.findLastIndex((step) => typeof step === 'string');
  const path = network.node([...place.path.slice(0, names), columnOf])?.value;
  return typeof path === 'string' && path !== '' ? { path, range: place.word } : undefined;
}
