/**
 * Well-formed text → syntax tree with offsets: JSON with comments and trailing commas. Networks are read at each keystroke and
 * may be large, so this reader is written for speed: it reads each character once and allocates only the tree. A library
 * describes what is wrong with other texts (`syntax.ts`).
 */
import type { Bounds } from './bounds.ts';

/** A value in the text, or a property of an object, whose children are its name and its value. */
export interface Node {
  readonly type: 'object' | 'array' | 'property' | 'string' | 'number' | 'boolean' | 'null';
  readonly offset: number;
  readonly length: number;
  /** The value of a string (unescaped), number, boolean or null. */
  // biome-ignore lint/suspicious/noExplicitAny: which it is, `type` says; names of properties are read very often.
  readonly value?: any;
  /** Offset of the colon of a property. */
  readonly colonOffset?: number;
  readonly children?: readonly Node[] | undefined;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const tab = 0x09;
const space = 0x20;
const quote = 0x22;
const star = 0x2a;
const comma = 0x2c;
const minus = 0x2d;
const slash = 0x2f;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

const numeral = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const words: readonly [word: string, type: 'boolean' | 'null', value: boolean | null][] = [
  ['true', 'boolean', true],
  ['false', 'boolean', false],
  ['null', 'null', null],
];

/** The tree of a text; undefined where it is not well-formed. Throws `TooMuch`. */
export const readTree = (text: string, bounds: Bounds): Node | undefined =>
  new TreeReader(text, bounds).whole();

class TreeReader {
  #at = 0;
  /** Children of the objects and lists that are not complete yet. */
  readonly #children: Node[] = [];
  readonly #text: string;
  readonly #bounds: Bounds;

  constructor(text: string, bounds: Bounds) {
    this.#text = text;
    this.#bounds = bounds;
  }

  whole(): Node | undefined {
    this.#next();
    const root = this.#value();
    return root && Number.isNaN(this.#next()) ? root : undefined;
  }

  /** Moves to the next character that is neither a blank nor in a comment, and returns its code; NaN at the end. */
  #next(): number {
    const text = this.#text;
    for (let at = this.#at; ; ) {
      const code = text.charCodeAt(at);
      if (code === space || code === lineFeed || code === carriageReturn || code === tab) at++;
      else {
        const end = code === slash ? endOfComment(text, at) : -1;
        if (end < 0) {
          this.#at = at;
          return code;
        }
        at = end;
      }
    }
  }

  #value(): Node | undefined {
    const code = this.#text.charCodeAt(this.#at);
    if (code === openBrace) return this.#object();
    if (code === openBracket) return this.#list();
    this.#bounds.value(this.#at);
    if (code === quote) return this.#string();
    return code === minus || (code >= zero && code <= nine) ? this.#number() : this.#word();
  }

  #object(): Node | undefined {
    const offset = this.#at++;
    const from = this.#children.length;
    this.#bounds.open(offset);
    for (let code = this.#next(); code !== closeBrace; ) {
      const property = code === quote ? this.#property(this.#children.length - from) : undefined;
      if (!property) return undefined;
      this.#children.push(property);
      code = this.#next();
      if (code === comma) {
        this.#at++;
        code = this.#next();
      } else if (code !== closeBrace) return undefined;
    }
    return this.#complete('object', offset, from);
  }

  #list(): Node | undefined {
    const offset = this.#at++;
    const from = this.#children.length;
    this.#bounds.open(offset);
    for (let code = this.#next(); code !== closeBracket; ) {
      const entry = this.#value();
      if (!entry) return undefined;
      this.#children.push(entry);
      code = this.#next();
      if (code === comma) {
        this.#at++;
        code = this.#next();
      } else if (code !== closeBracket) return undefined;
    }
    return this.#complete('array', offset, from);
  }

  #complete(type: 'object' | 'array', offset: number, from: number): Node {
    this.#bounds.close();
    this.#at++;
    const children = this.#children.splice(from);
    return { type, offset, length: this.#at - offset, children };
  }

  #property(before: number): Node | undefined {
    const offset = this.#at;
    this.#bounds.name(before, offset);
    const name = this.#string();
    if (!name || this.#next() !== colon) return undefined;
    const colonOffset = this.#at++;
    this.#next();
    const value = this.#value();
    return (
      value && { type: 'property', offset, length: this.#at - offset, colonOffset, children: [name, value] }
    );
  }

  #string(): Node | undefined {
    const text = this.#text;
    const offset = this.#at;
    let isEscaped = false;
    let at = offset + 1;
    for (let code = text.charCodeAt(at); code !== quote; code = text.charCodeAt(at)) {
      // Control characters, and the end of the text.
      if (!(code >= space)) return undefined;
      if (code === backslash) isEscaped = true;
      at += code === backslash ? 2 : 1;
    }
    this.#at = at + 1;
    const value = isEscaped ? unescaped(text.slice(offset, at + 1)) : text.slice(offset + 1, at);
    return value === undefined ? undefined : { type: 'string', offset, length: this.#at - offset, value };
  }

  /** Characters after a number or a word that do not belong to it make the text malformed there. */
  #number(): Node | undefined {
    const offset = this.#at;
    numeral.lastIndex = offset;
    if (!numeral.test(this.#text)) return undefined;
    this.#at = numeral.lastIndex;
    const value = Number(this.#text.slice(offset, this.#at));
    return { type: 'number', offset, length: this.#at - offset, value };
  }

  #word(): Node | undefined {
    const offset = this.#at;
    for (const [word, type, value] of words)
      if (this.#text.startsWith(word, offset)) {
        this.#at += word.length;
        return { type, offset, length: word.length, value };
      }
    return undefined;
  }
}

/** Where the comment that begins at `start` ends; -1 if no comment begins there, or if it has no end. */
function endOfComment(text: string, start: number): number {
  const second = text.charCodeAt(start + 1);
  if (second === star) {
    const end = text.indexOf('*/', start + 2);
    return end < 0 ? -1 : end + 2;
  }
  if (second !== slash) return -1;
  let at = start + 2;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === lineFeed || code === carriageReturn) break;
  }
  return at;
}

/** The string that a text in quotes means; undefined if an escape is invalid. */
function unescaped(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted);
  } catch {
    return undefined;
  }
}
