/**
 * The parser's walk through a text, or through a part of one, into a tree with offsets. Its work is bounded: it leaves at the
 * first excess or after the first few errors.
 */
import * as l10n from '@vscode/l10n';
import { type ParseErrorCode, visit } from 'jsonc-parser';
import type { Mutable } from '../schema/objects.ts';
import type { Range } from './document.ts';

/** A value in the text, or a property of an object, whose children are its name and its value. */
export interface Node {
  readonly type: 'object' | 'array' | 'property' | 'string' | 'number' | 'boolean' | 'null';
  readonly offset: number;
  readonly length: number;
  /** Of a string (unescaped), number, boolean or null. */
  // biome-ignore lint/suspicious/noExplicitAny: which it is, `type` says; names of properties are read very often.
  readonly value?: any;
  /** Of a property. */
  readonly colonOffset?: number;
  readonly children?: readonly Node[] | undefined;
}

const maximumDepth = 64;
export const maximumValues = 150_000;
/** Names in one object; more than a network may have layers. */
export const maximumNames = 20_000;
const maximumSyntaxErrors = 20;

export interface SyntaxError {
  readonly error: ParseErrorCode;
  readonly line: number;
  readonly range: Range;
}

export interface Survey {
  blank: boolean;
  startsWithObject: boolean;
  /** Objects, lists, strings, numbers, booleans and nulls, without names of properties. */
  values: number;
  /** Whole only where nothing is wrong. */
  root?: Node;
  limit?: { readonly message: string; readonly range: Range };
  readonly errors: SyntaxError[];
}

/** An object, list or property whose end is yet to come. */
type OpenNode = Mutable<Node> & { readonly children: Node[] };

/** Thrown to leave the parser early, which is the only way out of it. */
const enough = new Error('internal error: a survey left without being caught');

/**
 * Walks through the text once, and leaves at the first excess or after the first few errors. Nesting is counted before
 * the parser, which is recursive, goes deeper. `depthAround`: levels around a part of a text.
 */
export function surveySyntax(text: string, depthAround = 0): Survey {
  const survey: Survey = { blank: true, startsWithObject: false, values: 0, errors: [] };
  const open: OpenNode[] = [];
  let depth = depthAround;
  const exceed = (message: string, offset: number) => {
    survey.limit = { message, range: { start: offset, end: offset + 1 } };
    throw enough;
  };
  const add = (node: Node) => {
    survey.blank = false;
    if (++survey.values > maximumValues)
      exceed(l10n.t('the file has more than {0} values.', maximumValues), node.offset);
    if (open.length === 0) survey.root ??= node;
    else open[open.length - 1].children.push(node);
  };
  const begin = (type: 'object' | 'array', offset: number) => {
    if (++depth > maximumDepth)
      exceed(l10n.t('values are nested more than {0} levels deep.', maximumDepth), offset);
    const node: OpenNode = { type, offset, length: 0, children: [] };
    add(node);
    open.push(node);
  };
  /** A value is complete, and with it the property that it belongs to. */
  const completeProperty = (end: number) => {
    const property = open.at(-1);
    if (property?.type !== 'property') return;
    property.length = end - property.offset;
    open.pop();
  };
  const end = (offset: number) => {
    depth--;
    completeProperty(offset);
    const node = open.pop()!;
    node.length = offset + 1 - node.offset;
    completeProperty(offset + 1);
  };
  try {
    visit(
      text,
      {
        onObjectBegin: (offset) => {
          if (survey.blank) survey.startsWithObject = true;
          begin('object', offset);
        },
        onObjectProperty: (value, offset, length) => {
          completeProperty(offset);
          const names = open[open.length - 1].children;
          if (names.length === maximumNames)
            exceed(l10n.t('one object has more than {0} names.', maximumNames), offset);
          const name: Node = { type: 'string', offset, length, value };
          const property: OpenNode = {
            type: 'property',
            offset,
            length: 0,
            colonOffset: 0,
            children: [name],
          };
          names.push(property);
          open.push(property);
        },
        onSeparator: (sign, offset) => {
          if (sign === ':') open[open.length - 1].colonOffset = offset;
        },
        onArrayBegin: (offset) => begin('array', offset),
        onObjectEnd: end,
        onArrayEnd: end,
        onLiteralValue: (value, offset, length) => {
          add({ type: value === null ? 'null' : (typeof value as Node['type']), offset, length, value });
          completeProperty(offset + length);
        },
        onError: (error, offset, length, line) => {
          survey.blank &&= offset + length >= text.length && length === 0;
          if (survey.errors.at(-1)?.line === line) return;
          // The scanner counts an open comment's missing end.
          const end = Math.min(offset + length, text.length);
          survey.errors.push({ error, line, range: { start: offset, end } });
          if (survey.errors.length >= maximumSyntaxErrors || !survey.startsWithObject) throw enough;
        },
      },
      { allowTrailingComma: true },
    );
  } catch (reason) {
    if (reason !== enough) throw reason;
  }
  return survey;
}
