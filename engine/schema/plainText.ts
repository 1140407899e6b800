/**
 * Makes text from a repository (names, values, paths) safe to show. Whatever it contains, it stays on its line, reads
 * in the order in which it is stored, hides nothing, and has a bounded length. Uses no budget beyond the length it is
 * cut to.
 */

/** Most characters of a value that a message quotes. */
export const longestQuote = 200;

/** Line breaks, tabs, escape sequences of terminals, and the separators that Unicode adds. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/**
 * Characters that reorder the text around them, or that are invisible. The joiners U+200C and U+200D stay: Persian and
 * emoji need them.
 */
const invisible =
  /[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

const loneSurrogates = /\p{Cs}/gu;

/** The first `length` characters, with an ellipsis where something is missing. Never cuts a surrogate pair in two. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 2);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, length - (isHalf ? 2 : 1))}…`;
}

/** One line of visible characters, at most `length` of them. */
export function oneLine(text: string, length: number): string {
  // The part that is cut off need not be cleaned, because a text may have megabytes.
  const shown = cut(text, 2 * length)
    .replace(controls, ' ')
    .replace(invisible, '')
    .replace(loneSurrogates, '\uFFFD');
  return cut(shown, length);
}

/** One entry of a log. Its line breaks stay, indented, so that no line looks like a separate entry. */
export function logged(text: string): string {
  return text
    .slice(0, 100_000)
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .map((line) => oneLine(line, 10_000))
    .join('\n    ');
}
