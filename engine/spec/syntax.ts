/**
 * Text → syntax tree with offsets. Any text gives an answer, in time and memory proportional to its length. A text with a syntax
 * error gives no tree, because a guessed tree could be taken for the network.
 */
import * as l10n from '@vscode/l10n';
import { type ParseErrorCode, visit } from 'jsonc-parser';
import type { Mutable } from '../schema/objects.ts';
import type { ProblemCode } from '../schema/problemCodes.ts';
import type { Diagnostic, Range } from './document.ts';
import { excessOf } from './size.ts';

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
  readonly children?: readonly Node[];
}

const maximumDepth = 64;
const maximumValues = 150_000;
/** The most names in one object; more than the layers that a network may have. */
const maximumNames = 20_000;
const maximumSyntaxErrors = 20;

export interface Syntax {
  /** Undefined if the text is not well-formed. */
  readonly root: Node | undefined;
  readonly diagnostics: readonly Diagnostic<ProblemCode>[];
}

export function readSyntax(text: string): Syntax {
  const excess = excessOf(text);
  if (excess)
    return failed('spec/too-large', excess.message, excess.range.end > 0 ? excess.range : firstLine(text));
  const readable = withoutByteOrderMark(text);
  const survey = surveySyntax(readable);
  if (survey.blank) return failed('spec/empty', emptyMessage(), { start: 0, end: text.length });
  if (survey.limit) return failed('spec/too-large', survey.limit.message, survey.limit.range);
  if (survey.errors.length > 0) return { root: undefined, diagnostics: describeErrors(readable, survey) };
  return { root: survey.root, diagnostics: [] };
}

const emptyMessage = (): string =>
  l10n.t('the file is empty. Run the command "Netloom: New Network", or add a layer in the graph editor.');

function failed(code: ProblemCode, message: string, range: Range): Syntax {
  return { root: undefined, diagnostics: [{ code, severity: 'error', message, path: [], range }] };
}

/** Of the same length, so that offsets stay valid. */
const withoutByteOrderMark = (text: string): string =>
  text.charCodeAt(0) === 0xfeff ? ` ${text.slice(1)}` : text;

interface SyntaxError {
  readonly error: ParseErrorCode;
  readonly line: number;
  readonly range: Range;
}

interface Survey {
  blank: boolean;
  startsWithObject: boolean;
  /** Complete only if nothing is wrong. */
  root?: Node;
  limit?: { readonly message: string; readonly range: Range };
  readonly errors: SyntaxError[];
}

/** An object, list or property that has not ended yet. */
type OpenNode = Mutable<Node> & { readonly children: Node[] };

/** Thrown to leave the parser early, because it has no other way to stop. */
const enough = new Error('internal error: a survey left without being caught');

/**
 * Goes through the text once, and stops at the first exceeded limit or after the first few errors. Nesting is counted before the
 * recursive parser goes deeper.
 */
function surveySyntax(text: string): Survey {
  const survey: Survey = { blank: true, startsWithObject: false, errors: [] };
  const open: OpenNode[] = [];
  let depth = 0;
  let values = 0;
  const exceed = (message: string, offset: number) => {
    survey.limit = { message, range: { start: offset, end: offset + 1 } };
    throw enough;
  };
  const add = (node: Node) => {
    survey.blank = false;
    if (++values > maximumValues)
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
          // The scanner includes the missing end of an open comment.
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

function describeErrors(text: string, { errors, startsWithObject }: Survey): Diagnostic<ProblemCode>[] {
  const conflict = conflictRange(text);
  const error = (code: ProblemCode, message: string, range: Range): Diagnostic<ProblemCode> => ({
    code,
    severity: 'error',
    message,
    path: [],
    range,
  });
  if (conflict)
    return [
      error(
        'spec/merge-conflict',
        l10n.t(
          'the file has an unresolved merge conflict. Keep one side and remove the lines of the markers.',
        ),
        conflict,
      ),
    ];
  if (!startsWithObject)
    return [
      error(
        'spec/not-an-object',
        l10n.t('expected a network, { "format": 1, "layers": { … } }, found other text.'),
        firstLine(text),
      ),
    ];
  return errors.map(({ error: code, range }) => error('spec/syntax', syntaxMessage(code), range));
}

/** From the first to the last conflict marker of version control at the start of a line. */
function conflictRange(text: string): Range | undefined {
  const markers = [...text.matchAll(/^(?:<{7}|={7}|>{7})(?=[ \r\n]|$)/gm)];
  const first = markers[0];
  const last = markers.at(-1);
  return first && last ? { start: first.index, end: last.index + last[0].length } : undefined;
}

function firstLine(text: string): Range {
  const end = text.slice(0, 200).search(/[\r\n]/);
  return { start: 0, end: end < 0 ? Math.min(text.length, 200) : end };
}

/** By the parser's error codes. With isolated modules, their enumeration has no values at run time. */
function syntaxMessage(code: ParseErrorCode): string {
  const messages: { readonly [code: number]: string } = {
    1: l10n.t('unexpected text here. Put names and strings in double quotes.'),
    2: l10n.t('this is not a number.'),
    3: l10n.t('expected a name in double quotes.'),
    4: l10n.t('expected a value: a string in quotes, a number, true, false, a list or an object.'),
    5: l10n.t('expected a colon between the name and its value.'),
    6: l10n.t('expected a comma before this.'),
    7: l10n.t('expected a closing brace }.'),
    8: l10n.t('expected a closing bracket ].'),
    9: l10n.t('expected the end of the file after the closing brace.'),
    11: l10n.t('this comment is not closed. Add */.'),
    12: l10n.t('this string is not closed. Add a double quote.'),
    13: l10n.t('this number is not complete.'),
    14: l10n.t('this \\u escape needs four hexadecimal digits.'),
    15: l10n.t('this escape is unknown. Write \\\\ for a backslash.'),
    16: l10n.t('a string cannot contain a line break or a tab. Write \\n or \\t.'),
  };
  return messages[code] ?? l10n.t('this is not valid JSON.');
}
