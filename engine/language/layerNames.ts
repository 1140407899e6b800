/** Where the names of layers stand: where each is given, and where it is used. */
import type { Range } from '../spec/document.ts';
import { visitSlots } from '../spec/grammar.ts';
import { parseReference } from '../spec/reference.ts';
import { insideQuotes } from '../spec/source.ts';
import type { Node } from '../spec/syntax.ts';
import type { NetworkText } from './networkText.ts';

export interface Occurrence {
  readonly layer: string;
  /** Of the name alone: without quotes, and without the output that is named after it. */
  readonly range: Range;
  /** Where the layer gets its name, where another reads or shares it, or where its position is kept. */
  readonly role: 'definition' | 'reference' | 'position';
}

const known = new WeakMap<NetworkText, readonly Occurrence[]>();

/** All of them, in the order of the text. A name that is used may be of no layer. */
export function occurrencesOf(network: NetworkText): readonly Occurrence[] {
  let found = known.get(network);
  if (!found) {
    found = find(network);
    known.set(network, found);
  }
  return found;
}

function find({ root, text }: NetworkText): Occurrence[] {
  const found: Occurrence[] = [];
  visitSlots(root, {
    name: (key, keysAre) =>
      found.push({
        layer: String(key.value),
        range: insideQuotes(key),
        role: keysAre === 'layers' ? 'position' : 'definition',
      }),
    value: (node, { attribute }) => {
      const names = attribute?.names;
      if (names === undefined || node.type !== 'string') return;
      const value = String(node.value);
      const layer = names === 'layer' ? value : (parseReference(value)?.layer ?? value);
      found.push({ layer, range: nameRange(node, layer, text), role: 'reference' });
    },
  });
  return found.sort((a, b) => a.range.start - b.range.start);
}

/** The whole text where the name is written with escapes, since letters cannot be counted then. */
function nameRange(node: Node, layer: string, text: string): Range {
  const inside = insideQuotes(node);
  const written = text.slice(inside.start, inside.start + layer.length);
  return written === layer ? { start: inside.start, end: inside.start + layer.length } : inside;
}

/** The name that the offset is in or beside. */
export const occurrenceAt = (network: NetworkText, offset: number): Occurrence | undefined =>
  occurrencesOf(network).find(({ range }) => offset >= range.start && offset <= range.end);

/** All places of one layer, its definition among them if it has one. */
export const placesOf = (network: NetworkText, layer: string): readonly Occurrence[] =>
  occurrencesOf(network).filter((one) => one.layer === layer);
