/**
 * Text → syntax tree with offsets. Any text gives an answer, in time and memory proportional to its length. A text with a syntax
 * error gives no tree, because a guessed tree could be taken for the network.
 */
import * as l10n from '@vscode/l10n';
import { type ParseErrorCode, visit } from 'jsonc-parser';
import type { ProblemCode } from '../schema/problemCodes.ts';
import { Bounds, TooMuch } from './bounds.ts';
import type { Diagnostic, Range } from './document.ts';
import { type KnownText, reread } from './reread.ts';
import { sizeOf } from './size.ts';
import { type Node, readTree } from './tree.ts';

export type { Node };

const maximumSyntaxErrors = 20;

export interface Syntax {
  /** Undefined if the text is not well-formed. */
  readonly root: Node | undefined;
  readonly diagnostics: readonly Diagnostic<ProblemCode>[];
}

/**
 * The well-formed texts that were read last, the newest first. An edit makes a text that differs little from one of them, and a
 * text is often read more than once: to be analysed, and to be edited.
 */
let known: readonly KnownText[] = [];
const mostKnown = 4;
/** The most values of a text that is kept. Larger texts are rare, and would take much memory. */
const mostValuesKept = 60_000;

/** Frees the memory that these texts take. */
export const forgetTexts = (): void => {
  known = [];
};

/** The syntax tree of a text, or its syntax errors. Never throws. */
export function readSyntax(text: string): Syntax {
  const same = known.find((one) => one.text === text);
  if (same) return wellFormed(same);
  for (const before of known) {
    const after = reread(before, text);
    if (after) return wellFormed(after);
  }
  return readWhole(text);
}

function wellFormed(read: KnownText): Syntax {
  if (read.values <= mostValuesKept)
    known = [read, ...known.filter((one) => one.text !== read.text)].slice(0, mostKnown);
  return { root: read.root, diagnostics: [] };
}

function readWhole(text: string): Syntax {
  const { tokens, excess } = sizeOf(text);
  if (excess)
    return failed('spec/too-large', excess.message, excess.range.end > 0 ? excess.range : firstLine(text));
  const readable = withoutByteOrderMark(text);
  try {
    const bounds = new Bounds();
    const root = readTree(readable, bounds);
    if (root) return wellFormed({ text, root, tokens, values: bounds.values });
    const survey = surveyErrors(readable);
    if (survey.blank) return failed('spec/empty', emptyMessage(), { start: 0, end: text.length });
    return { root: undefined, diagnostics: describeErrors(readable, survey) };
  } catch (reason) {
    if (!(reason instanceof TooMuch)) throw reason;
    return failed('spec/too-large', reason.message, reason.range);
  }
}

const emptyMessage = (): string =>
  l10n.t('the file is empty. Run the command "Netloom: New Network", or add a layer in the graph editor.');

function failed(code: ProblemCode, message: string, range: Range): Syntax {
  return { root: undefined, diagnostics: [{ code, severity: 'error', message, path: [], range }] };
}

/** The text without its byte-order mark, of the same length, so that offsets stay valid. */
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
  readonly errors: SyntaxError[];
}

/** Thrown to leave the parser early, because it has no other way to stop. */
const enough = new Error('internal error: a survey left without being caught');

/** Goes through a malformed text once, and stops after the first few errors. Throws `TooMuch`. */
function surveyErrors(text: string): Survey {
  const survey: Survey = { blank: true, startsWithObject: false, errors: [] };
  const bounds = new Bounds();
  /** Names of each object that is not complete. */
  const names: number[] = [];
  const begin = (offset: number) => {
    bounds.open(offset);
    survey.blank = false;
  };
  try {
    visit(
      text,
      {
        onObjectBegin: (offset) => {
          if (survey.blank) survey.startsWithObject = true;
          begin(offset);
          names.push(0);
        },
        onObjectProperty: (_name, offset) => bounds.name(names[names.length - 1]++, offset),
        onObjectEnd: () => {
          bounds.close();
          names.pop();
        },
        onArrayBegin: begin,
        onArrayEnd: () => bounds.close(),
        onLiteralValue: (_value, offset) => {
          bounds.value(offset);
          survey.blank = false;
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

/** The range from the first to the last conflict marker of version control at the start of a line. */
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

/** The message for an error code of the parser. With isolated modules, the enumeration of the codes has no values at run time. */
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
