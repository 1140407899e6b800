/**
 * What a text would cost to read, counted in one pass that stores nothing. The parser takes time for each token and each escape,
 * and far more for a single endless one. Beyond a limit, reading is refused with a message, whatever else the text contains. The
 * limits are such that analysis takes less than 200 ms (`node test/bench/analysis.mjs`).
 */
import * as l10n from '@vscode/l10n';
import type { Range } from './document.ts';
import { maximumTextLength } from './longest.ts';

export const maximumTokens = 600_000;
/** The most characters of one name, string, number or run of blanks. A path has at most as many. */
export const longestToken = 4096;

export interface Excess {
  readonly message: string;
  readonly range: Range;
}

const quote = 0x22;
const slash = 0x2f;
const backslash = 0x5c;
const star = 0x2a;

const isLineEnd = (code: number): boolean => code === 0x0a || code === 0x0d;
const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;
/** `,` `:` `[` `]` `{` `}` */
const isSign = (code: number): boolean =>
  code === 0x2c || code === 0x3a || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;

export interface TextSize {
  readonly tokens: number;
  /** The first limit that the text exceeds; counting stops there. */
  readonly excess?: Excess;
}

/** Counts the tokens of a text, in time proportional to its length. */
export function sizeOf(text: string): TextSize {
  const tally: Tally = { tokens: 0 };
  const exceed = (message: string, start: number, end = start + 1): TextSize => ({
    ...tally,
    excess: { message, range: { start, end } },
  });
  if (text.length > maximumTextLength)
    return exceed(
      l10n.t(
        'the file has {0} characters, at most {1} are read. Is it a network?',
        text.length,
        maximumTextLength,
      ),
      0,
      0,
    );
  for (let start = 0; start < text.length; ) {
    const end = tokenEnd(text, start, tally);
    if (++tally.tokens > maximumTokens)
      return exceed(l10n.t('the file has more than {0} words and symbols.', maximumTokens), start);
    if (end - start > longestToken && !isComment(text, start))
      return exceed(
        l10n.t(
          'a single name, string, number or run of spaces has {0} characters; at most {1} are read.',
          end - start,
          longestToken,
        ),
        start,
      );
    start = end;
  }
  return tally;
}

const isComment = (text: string, at: number): boolean =>
  text.charCodeAt(at) === slash && (text.charCodeAt(at + 1) === slash || text.charCodeAt(at + 1) === star);

interface Tally {
  /** Each escape in a string counts as a token, because it is read separately. */
  tokens: number;
}

/** Where the token that begins at `start` ends: at least one character later. */
function tokenEnd(text: string, start: number, tally: Tally): number {
  const code = text.charCodeAt(start);
  if (isSign(code) || isLineEnd(code)) return start + 1;
  if (code === quote) return endOfString(text, start + 1, tally);
  if (isComment(text, start)) return endOfComment(text, start);
  let at = start + 1;
  if (isBlank(code)) {
    while (at < text.length && isBlank(text.charCodeAt(at))) at++;
    return at;
  }
  for (; at < text.length; at++) {
    const next = text.charCodeAt(at);
    if (isSign(next) || isLineEnd(next) || isBlank(next) || next === quote || next === slash) return at;
  }
  return at;
}

/** A string ends with its line at the latest. */
function endOfString(text: string, from: number, tally: Tally): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === backslash) {
      tally.tokens++;
      at++;
    } else if (code === quote) return at + 1;
    else if (isLineEnd(code)) return at;
  }
  return Math.min(at, text.length);
}

function endOfComment(text: string, start: number): number {
  if (text.charCodeAt(start + 1) === star) {
    const end = text.indexOf('*/', start + 2);
    return end < 0 ? text.length : end + 2;
  }
  let at = start + 2;
  while (at < text.length && !isLineEnd(text.charCodeAt(at))) at++;
  return at;
}
