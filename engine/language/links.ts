/** The paths of data files in a network's text, and the columns that it names of them. */
import { tableAttributes } from '../data/table.ts';
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

export interface NamedTable extends FilePath {
  /** How the data says that the table is written. */
  readonly written: { readonly [name: string]: unknown };
}

/** The path of the table of which a column is named at `offset`, and the range of that name; undefined elsewhere. */
export function tableAt(network: NetworkText, offset: number): NamedTable | undefined {
  const place = network.placeAt(offset);
  const columnOf = place && !place.onKey && slotAt(network.root, place.path)?.attribute?.columnOf;
  if (!place || !columnOf) return undefined;
  const names = place.path.findLastIndex((step) => typeof step === 'string');
  const writtenAt = (name: string): unknown => network.node([...place.path.slice(0, names), name])?.value;
  const path = writtenAt(columnOf);
  if (typeof path !== 'string' || path === '') return undefined;
  const written = Object.fromEntries(Object.keys(tableAttributes).map((name) => [name, writtenAt(name)]));
  return { path, range: place.word, written };
}
