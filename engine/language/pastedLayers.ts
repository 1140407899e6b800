/**
 * Layers that are pasted into the text, as the graph copies them: each gets a free name, its own line, the
 * indentation, and its comma.
 */
import { layers as layerTypes } from '../layers/registry.ts';
import type { TextChange } from '../spec/document.ts';
import { DocumentText } from '../spec/documentText.ts';
import { copyName } from '../spec/names.ts';
import { renameEverywhere } from '../spec/renameEdits.ts';
import { Source } from '../spec/source.ts';
import { type Node, readSyntax } from '../spec/syntax.ts';
import { detectStyle, indentAt, insertItems, startOfLine } from '../spec/textItems.ts';
import { trainingAttributes } from '../spec/training.ts';

const endOf = ({ offset, length }: Node): number => offset + length;

/** Undefined if the text has no place for layers there, or if other text than that of layers is pasted. */
export function pasteOfLayers(text: string, offset: number, pasted: string): TextChange | undefined {
  // Whole lines that were copied in a text are inserted by VS Code above the line of the cursor.
  const network = /[\r\n]$/.test(pasted) ? undefined : networkOf(pasted);
  if (network === undefined) return undefined;
  const [before, at] = withoutBlankLine(text, offset);
  const { root } = readSyntax(before);
  const layers = layersAround(root, at);
  if (!layers) return undefined;
  const style = detectStyle(before, root);
  const [first] = layers.children ?? [];
  const indent = first ? indentAt(before, first.offset) : indentAt(before, layers.offset) + style.unit;
  const free = withFreeNames(network, new Set((layers.children ?? []).map(nameOf)));
  const placed = itemsOf(free).map((item) => indented(item, indent, style.endOfLine));
  const index = (layers.children ?? []).findLastIndex((layer) => endOf(layer) <= at);
  const [change, ...more] =
    first && index < 0
      ? [
          {
            offset: first.offset,
            length: 0,
            text: placed.map((item) => `${item},${style.endOfLine}${indent}`).join(''),
          },
        ]
      : insertItems(before, layers, placed, { after: index < 0 ? undefined : index, expand: true, style });
  const after = [change, ...more].reduceRight(
    (now, { offset: start, length, text: inserted }) =>
      now.slice(0, start) + inserted + now.slice(start + length),
    before,
  );
  return difference(text, after);
}

/** A network of the pasted layers alone; undefined if the text is none of layers. */
function networkOf(pasted: string): string | undefined {
  const text = `{"layers": {\n${pasted.trim().replace(/,$/, '')}\n}}`;
  const layers = layersIn(text);
  return layers.length > 0 && layers.every(isLayer) ? text : undefined;
}

/** Settings of "training" have types too, such as `"optimizer": { "type": "adam" }`. */
function isLayer({ children }: Node): boolean {
  const [key, value] = children!;
  const type = value?.children?.find((attribute) => attribute.children?.[0].value === 'type')?.children?.[1];
  if (!type) return false;
  return !Object.hasOwn(trainingAttributes, key.value) || layerTypes.find(type.value) !== undefined;
}

/** The layers of a text; none if it has syntax errors or other sections. */
function layersIn(text: string): readonly Node[] {
  const { root, diagnostics } = readSyntax(text);
  const sections = diagnostics.length === 0 ? (root?.children ?? []) : [];
  const [key, value] = sections.length === 1 ? sections[0].children! : [];
  return key?.value === 'layers' && value.type === 'object' ? (value.children ?? []) : [];
}

const nameOf = ({ children }: Node): string => children![0].value;

/** Layers whose names are taken get others, also where the pasted layers read them. */
function withFreeNames(network: string, taken: ReadonlySet<string>): string {
  const names = layersIn(network).map(nameOf);
  const used = new Set([...taken, ...names]);
  const later = new Map<string, string>();
  for (const name of names.filter((one) => taken.has(one))) {
    const newName = copyName(name, (one) => used.has(one));
    used.add(newName);
    later.set(name, newName);
  }
  const document = new DocumentText(network);
  renameEverywhere(document, { block: (one) => one, layer: (one) => later.get(one) ?? one });
  return document.text;
}

/** The texts of the layers, each with the comments above it. */
function itemsOf(network: string): readonly string[] {
  const layers = layersIn(network);
  return layers.map((layer, index) =>
    network
      .slice(index === 0 ? network.indexOf('\n') : endOf(layers[index - 1]), endOf(layer))
      .replace(/^\s*,/, '')
      .trim(),
  );
}

/** The text without the line of `offset` if a person has made an empty one to paste into it, and the offset there. */
function withoutBlankLine(text: string, offset: number): readonly [string, number] {
  const start = startOfLine(text, offset);
  const rest = /^[ \t]*(\r\n|\r|\n)/.exec(text.slice(start));
  if (!rest || start === 0 || offset > start + rest[0].length - rest[1].length) return [text, offset];
  return [text.slice(0, start) + text.slice(start + rest[0].length), start];
}

/** The object of the network's or a block's layers, if the offset lies between two of them. */
function layersAround(root: Node | undefined, offset: number): Node | undefined {
  if (root?.type !== 'object') return undefined;
  const source = new Source(root);
  const blocks = source.node(['blocks'])?.children ?? [];
  return [source.node(['layers']), ...blocks.map(({ children }) => children?.[1])].find(
    (layers) =>
      layers?.type === 'object' &&
      layers.offset < offset &&
      offset < endOf(layers) &&
      !(layers.children ?? []).some((layer) => layer.offset < offset && offset < endOf(layer)),
  );
}

/** Lines after the first keep their depth relative to the last, which closes the layer. */
function indented(item: string, indent: string, endOfLine: string): string {
  const [first, ...lines] = item.split(/\r\n|\r|\n/);
  const closing = /^[ \t]*/.exec(lines.at(-1) ?? '')![0];
  const own = lines.map(
    (line) => indent + (line.startsWith(closing) ? line.slice(closing.length) : line.trimStart()),
  );
  return [first, ...own].join(endOfLine);
}

/** The one change that makes `after` of `before`. */
function difference(before: string, after: string): TextChange {
  const least = Math.min(before.length, after.length);
  let start = 0;
  while (start < least && before[start] === after[start]) start++;
  let end = 0;
  while (end < least - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { offset: start, length: before.length - end - start, text: after.slice(start, after.length - end) };
}
