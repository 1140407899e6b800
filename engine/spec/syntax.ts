/**
 * Text → syntax tree with offsets, guarded: any text gives an answer, in time and memory in proportion to
 * its length. A text with a syntax error gives no tree, because a guessed one could be taken for the network.
 */
import * as l10n from '@vscode/l10n';
import type { ParseErrorCode } from 'jsonc-parser';
import type { ProblemCode } from '../schema/problemCodes.ts';
import type { Diagnostic, Range } from './document.ts';
import { type KnownText, reread } from './reread.ts';
import { sizeOf } from './size.ts';
import { type Node, type Survey, surveySyntax } from './survey.ts';

export type { Node };

export interface Syntax {
  /** Undefined when the text is not well-formed. */
  readonly root: Node | undefined;
  readonly diagnostics: readonly Diagnostic<ProblemCode>[];
}

/**
 * The well-formed texts that were read last, the newest first. An edit makes a text that differs from one of them in little;
 * and a text is often read more than once, to be analysed and to be edited.
 */
let known: readonly KnownText[] = [];
const mostKnown = 4;
/** Values of a text that is kept; larger ones are rare, and would take much memory. */
const mostValuesKept = 60_000;

/** Makes the memory free that texts take. */
export const forgetTexts = (): void => {
  known = [];
};

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
  const survey = surveySyntax(readable);
  const { blank, limit, errors, root, values } = survey;
  if (blank) return failed('spec/empty', emptyMessage(), { start: 0, end: text.length });
  if (limit) return failed('spec/too-large', limit.message, limit.range);
  if (errors.length > 0) return { root: undefined, diagnostics: describeErrors(readable, survey) };
  return root ? wellFormed({ text, root, tokens, values }) : { root, diagnostics: [] };
}

const emptyMessage = (): string =>
  l10n.t('the file is empty. Run the command "Netloom: New Network", or add a layer in the graph editor.');

function failed(code: ProblemCode, message: string, range: Range): Syntax {
  return { root: undefined, diagnostics: [{ code, severity: 'error', message, path: [], range }] };
}

/** Of the same length, so that offsets stay true. */
const withoutByteOrderMark = (text: string): string =>
  text.charCodeAt(0) === 0xfeff ? ` ${text.slice(1)}` : text;

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

/** From the first marker that version control leaves at the start of a line to the last. */
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

/** By the parser's error codes, whose enumeration has no values at run time for isolated modules. */
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
