/**
 * Notes on layers, which are comments in the text: the comment lines directly above a layer, or a comment after it on the same line.
 * A comment with a blank line after it belongs to no layer. The graph shows notes beside the card, and a note that a person writes
 * there becomes a comment.
 */
import type { TextChange } from './document.ts';
import type { DocumentText } from './documentText.ts';
import type { Node } from './syntax.ts';
import {
  beginsLine,
  type Comment,
  commaAfter,
  commentsAbove,
  commentsIn,
  indentAt,
  startOfLine,
} from './textItems.ts';

const endOf = ({ offset, length }: Node): number => offset + length;

/** The content of a comment, without its delimiters and without asterisks at the beginning of its lines. */
const contentOf = (comment: string): string =>
  comment.startsWith('//')
    ? comment.slice(2).trim()
    : comment
        .slice(2, -2)
        .split('\n')
        .map((line) => line.replace(/^\s*\*?/, '').trim())
        .join('\n')
        .trim();

interface LayerComments {
  readonly property: Node;
  readonly above: Comment[];
  readonly behind: Comment[];
}

/** For each layer of the section that has comments, by its property. A comment before its comma on the line where a layer ends belongs to that layer. */
function commentsOfLayers(text: string, layers: Node): ReadonlyMap<Node, LayerComments> {
  const properties = layers.children ?? [];
  const found = new Map<Node, LayerComments>();
  const commentsOf = (property: Node): LayerComments => {
    const known = found.get(property) ?? { property, above: [], behind: [] };
    found.set(property, known);
    return known;
  };
  for (let index = 0; index <= properties.length; index++) {
    const start = index === 0 ? layers.offset + 1 : endOf(properties[index - 1]);
    const end = index === properties.length ? endOf(layers) - 1 : properties[index].offset;
    if (!text.slice(start, end).includes('/')) continue;
    const last = index === properties.length;
    const breaks = (from: number, to: number) => /[\r\n]/.test(text.slice(from, to));
    const comma = index === 0 ? undefined : commaAfter(text, properties[index - 1]);
    const isBeforeComma = (offset: number) => comma !== undefined && offset < comma;
    // Behind the comma, a comment before a layer on the same line belongs to that layer.
    const behind = commentsIn(text, start, end).filter(
      (comment) =>
        index > 0 &&
        !breaks(start, comment.start) &&
        (last || isBeforeComma(comment.start) || breaks(comment.end, end)),
    );
    const above = last ? [] : commentsAbove(text, behind.at(-1)?.end ?? start, end);
    if (behind.length > 0) commentsOf(properties[index - 1]).behind.push(...behind);
    if (above.length > 0) commentsOf(properties[index]).above.push(...above);
  }
  return found;
}

/** Notes by layer. A layer without comments is not in the map. */
export function notesOf(text: string, layers: Node | undefined): ReadonlyMap<string, string> {
  if (layers?.type !== 'object') return new Map();
  return new Map(
    [...commentsOfLayers(text, layers).values()].flatMap(
      ({ property, above, behind }): [string, string][] => {
        const note = [...above, ...behind]
          .map(({ raw }) => contentOf(raw))
          .join('\n')
          .trim();
        return note === '' ? [] : [[property.children![0].value as string, note]];
      },
    ),
  );
}

/** Strings, which may look like comments; comments; and space. */
const stringsAndSpace = /("(?:\\.|[^"\\])*")|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|\s+/g;

/** The comments within a part of the text. */
export const commentsWithin = (text: string): string[] =>
  [...text.matchAll(stringsAndSpace)].flatMap(({ 0: raw }) => (raw.startsWith('/') ? [contentOf(raw)] : []));

/** A part of the text without comments and without space around its words. */
export const bare = (text: string): string => text.replace(stringsAndSpace, '$1');

/** The changes that make `note` the comment of a layer. An empty note removes the comment. */
export function noteChanges(document: DocumentText, layers: Node, layer: string, note: string): TextChange[] {
  const { text, style } = document;
  const property = layers.children!.find(({ children }) => children![0].value === layer)!;
  const own = commentsOfLayers(text, layers).get(property) ?? { property, above: [], behind: [] };
  const lines = note.split(/\r?\n/).map((line) => line.trim());
  const written = [...own.above, ...own.behind];
  if (
    written
      .map(({ raw }) => contentOf(raw))
      .join('\n')
      .trim() === note.trim()
  )
    return [];
  const removals = written.map((comment) => removal(text, comment));
  if (note.trim() === '') return removals;
  const { offset } = own.property;
  // A comment after the layer stays there as long as it is one line.
  if (own.above.length === 0 && own.behind.length === 1 && lines.length === 1) {
    const [comment] = own.behind;
    return [
      {
        offset: comment.start,
        length: comment.end - comment.start,
        text: commentText(text, comment, lines[0]),
      },
    ];
  }
  const above = beginsLine(text, own.property)
    ? {
        offset: startOfLine(text, offset),
        text: lines.map((line) => `${indentAt(text, offset)}// ${line}`.trimEnd() + style.endOfLine).join(''),
      }
    : { offset, text: `/* ${lines.join(' ').replaceAll('*/', '* /')} */ ` };
  return [...removals, { ...above, length: 0 }];
}

/** A comment of the same kind as the old one, which may have something after it on its line. */
const commentText = (text: string, { start }: Comment, line: string): string =>
  text.startsWith('//', start) ? `// ${line}` : `/* ${line.replaceAll('*/', '* /')} */`;

/** Removes a comment with its line, if nothing else is on that line; otherwise with the blanks before it. */
function removal(text: string, { start, end }: Comment): TextChange {
  const from = startOfLine(text, start);
  const alone = text.slice(from, start).trim() === '' && /^[ \t]*(\r?\n|$)/.test(text.slice(end));
  if (alone) {
    const length = /^[ \t]*(\r?\n)?/.exec(text.slice(end))![0].length;
    return { offset: from, length: end - from + length, text: '' };
  }
  const blanks = /[ \t]*$/.exec(text.slice(from, start))![0].length;
  return { offset: start - blanks, length: end - start + blanks, text: '' };
}
