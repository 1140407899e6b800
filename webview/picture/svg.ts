/** Elements of an SVG file. Text is escaped here and nowhere else, and its width is estimated: a file has no browser that measures. */
import { oneLine } from '../../engine/schema/plainText.ts';
import { separator } from '../model/cardWords.ts';

type Attributes = { readonly [name: string]: string | number | undefined };

/** Most characters of one text; longer texts are cut. */
const longest = 500;

const escapes: { readonly [sign: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Converts any text to valid XML: no control characters, lone surrogates or noncharacters. */
export const xmlText = (text: string): string =>
  oneLine(text, longest)
    .replace(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replace(/[&<>"']/g, (sign) => escapes[sign]);

const rounded = (value: string | number): string =>
  typeof value === 'number' ? String(Math.round(value * 100) / 100) : xmlText(value);

/** `content` is made of elements, or of text that was escaped. */
export function element(name: string, attributes: Attributes, content?: string): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([attribute, value]) => ` ${attribute}="${rounded(value!)}"`)
    .join('');
  return content === undefined ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

/** A path as it was computed, which may be longer than any text. Its numbers and letters need no escape. */
export const pathElement = (path: string, attributes: Attributes): string =>
  element('path', attributes).replace(/\/>$/, ` d="${path.replace(/[^\w\s,.+-]/g, '')}"/>`);

/** Widths of Helvetica relative to its size, plus a tenth, because replacement fonts are wider. */
const narrow = /[iljtfI.,:;'|!()[\]{}/\\ ·]/;
const wide = /[mwMW@%]/;
const upper = /[A-Z&0-9×→μσθ∇Δ]/u;
const full =
  /[\u1100-\u11FF\u2E80-\uA4CF\uAC00-\uD7AF\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFFEF]|\p{Extended_Pictographic}/u;

const widthOfSign = (sign: string): number =>
  narrow.test(sign) ? 0.3 : wide.test(sign) ? 0.88 : full.test(sign) ? 1 : upper.test(sign) ? 0.66 : 0.56;

const widthOf = (text: string, size: number, bold: boolean): number =>
  Array.from(text).reduce((sum, sign) => sum + widthOfSign(sign), 0) * size * (bold ? 1.18 : 1.1);

export interface TextLook {
  readonly size: number;
  readonly fill: string;
  readonly bold?: boolean;
  readonly end?: boolean;
}

/** The part of a text that fits into `room`, with an ellipsis if something is missing. */
export function fitting(given: string, room: number, { size, bold = false }: TextLook): string {
  const text = oneLine(given, longest);
  if (widthOf(text, size, bold) <= room) return text;
  const signs = Array.from(text);
  let width = widthOf('…', size, bold);
  let count = 0;
  for (; count < signs.length; count++) {
    width += widthOf(signs[count], size, bold);
    if (width > room) break;
  }
  return count < 2 ? '' : `${signs.slice(0, count).join('').trimEnd()}…`;
}

/** The first parts of a text that fit into `room`: no part is cut, unless the first one alone is too long. */
export function fittingParts(given: string, room: number, look: TextLook): string {
  const text = oneLine(given, longest);
  if (textWidth(text, look) <= room) return text;
  const parts = text.split(separator);
  for (let count = parts.length - 1; count > 0; count--) {
    const shorter = [...parts.slice(0, count), '…'].join(separator);
    if (textWidth(shorter, look) <= room) return shorter;
  }
  return fitting(text, room, look);
}

export const textWidth = (text: string, { size, bold = false }: TextLook): number =>
  widthOf(text, size, bold);

/** Of the space between two texts of a line, which programs that ignore `dx` show at least. */
const spaceWidth = 3;

/** Texts one after another on a line, each with its own look, and with a gap that no font width can close. */
export function textsElement(
  texts: readonly (readonly [string, TextLook])[],
  x: number,
  y: number,
  gap: number,
): string {
  const shown = texts.filter(([text]) => text !== '');
  const spans = shown.map(([text, { size, fill, bold }], index) =>
    element(
      'tspan',
      {
        dx: index === 0 ? undefined : gap - spaceWidth,
        'font-size': size,
        fill,
        'font-weight': bold ? 'bold' : undefined,
      },
      xmlText(text),
    ),
  );
  return element('text', { x, y, 'font-size': shown[0]?.[1].size }, spans.join(' '));
}

/** Its baseline is at `y`; with `end` it ends at `x`. */
export function textElement(text: string, x: number, y: number, { size, fill, bold, end }: TextLook): string {
  if (text === '') return '';
  return element(
    'text',
    {
      x,
      y,
      'font-size': size,
      fill,
      'font-weight': bold ? 'bold' : undefined,
      'text-anchor': end ? 'end' : undefined,
    },
    xmlText(text),
  );
}
