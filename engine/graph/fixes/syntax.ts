/**
 * Fixes of a text that cannot be read, and of keys that are given twice. A change of a text that cannot be read is a guess, so
 * each is tried, and offered only if it leaves fewer errors than there were.
 */
import * as l10n from '@vscode/l10n';
import { createScanner } from 'jsonc-parser';
import { oneLine } from '../../schema/plainText.ts';
import type { Range, TextChange } from '../../spec/document.ts';
import { applyChanges } from '../../spec/edit.ts';
import { slotAt } from '../../spec/grammar.ts';
import { copyName } from '../../spec/names.ts';
import { rangeOf } from '../../spec/source.ts';
import { readSyntax } from '../../spec/syntax.ts';
import { removeItems } from '../../spec/textItems.ts';
import type { Fixer, Fixers } from './define.ts';

/** Longer texts would keep a person who types waiting: each try reads all of it. */
const longestTried = 40_000;

interface Guess {
  readonly title: string;
  readonly change: TextChange;
}

const syntaxFix: Fixer = ({ range }, { text, tries }) => {
  if (text.length > longestTried) return undefined;
  const errors = readSyntax(text).diagnostics.length;
  for (const { title, change } of guesses(text, range)) {
    if (tries.left <= 0) return undefined;
    tries.left -= costOfTry;
    const after = applyChanges(text, [change]);
    const left = readSyntax(after).diagnostics;
    // An error on the same line would be a consequence of the guess.
    const end = lineEnd(after, range.start + change.text.length);
    if (
      left.length >= errors ||
      left.some((error) => error.range.start <= end && error.range.start < after.trimEnd().length)
    )
      continue;
    return { title, edit: { kind: 'correctText', changes: [change] } };
  }
  return undefined;
};

function lineEnd(text: string, offset: number): number {
  const end = text.slice(offset).search(/[\r\n]/);
  return end < 0 ? text.length : offset + end;
}

/** The cost in inferred shapes, whose number is limited for each analysis: reading a text takes longer. */
const costOfTry = 30;

const shortest = 40;

/** Changes that may correct the text, the most likely first. */
function guesses(text: string, { start, end }: Range): Guess[] {
  const before = endOfWordBefore(text, start);
  const found = text.slice(start, end);
  const insert = (offset: number, sign: string): Guess => ({
    title: l10n.t('Insert {0}', sign),
    change: { offset, length: 0, text: sign },
  });
  const replace = (title: string, by: string): Guess => ({
    title,
    change: { offset: start, length: end - start, text: by },
  });
  const quoted = JSON.stringify(found.replace(/^['‘’“”`]|['‘’“”`]$/g, ''));
  const word = /^[^\s"{}[\]:,]+$/.test(found) ? found : '';
  const plain = { true: 'true', false: 'false', null: 'null', none: 'null' }[word.toLowerCase()];
  return [
    insert(before, ','),
    insert(before, ':'),
    ...(plain === undefined ? [] : [replace(l10n.t('Replace with {0}', plain), plain)]),
    ...(word === '' ? [] : [replace(l10n.t('Put {0} in double quotes', oneLine(found, shortest)), quoted)]),
    ...unclosedText(text, start, end),
    ...unclosedBefore(text, start),
    ...(text.startsWith('/*', start) ? [insert(text.length, '*/')] : []),
    ...(start >= text.trimEnd().length
      ? closers(text).map((sign) => insert(text.trimEnd().length, sign))
      : []),
    insert(before, '}'),
    insert(before, ']'),
    ...(found === '' ? [] : [replace(l10n.t('Remove {0}', oneLine(found, shortest)), '')]),
  ];
}

function endOfWordBefore(text: string, offset: number): number {
  const scanner = createScanner(text, true);
  let end = 0;
  for (scanner.scan(); scanner.getTokenOffset() < offset && scanner.getTokenLength() > 0; scanner.scan())
    end = scanner.getTokenOffset() + scanner.getTokenLength();
  return Math.min(end, offset);
}

/** Closes a string. It ends with its line at the latest, and punctuation at the end of the line is probably not part of it. */
function unclosedText(text: string, start: number, end: number): Guess[] {
  const found = /^"[^"\r\n]*?(?=[\s,}\]]*$)/.exec(text.slice(start, end));
  if (!found) return [];
  return [
    { title: l10n.t('Close the string'), change: { offset: start + found[0].length, length: 0, text: '"' } },
  ];
}

/** Closes a string that continues to the beginning of the next one, because its end is missing: `"flat, "shape"`. */
function unclosedBefore(text: string, offset: number): Guess[] {
  const line = text.slice(0, offset).search(/[^\r\n]*$/);
  return [...text.slice(line, offset).matchAll(/"[\w.-]+(?=\s*[,:}\]])/g)]
    .reverse()
    .map(({ 0: found, index }) => ({
      title: l10n.t('Close the string'),
      change: { offset: line + index + found.length, length: 0, text: '"' },
    }));
}

/** The brackets that close what is open at the end of the text: all of them, or the innermost one alone. */
function closers(text: string): string[] {
  const open: string[] = [];
  const scanner = createScanner(text, true);
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
    const sign = text[scanner.getTokenOffset()];
    if (sign === '{') open.push('}');
    else if (sign === '[') open.push(']');
    else if (sign === open.at(-1)) open.pop();
  }
  return open.length === 0 ? [] : [open.reverse().join('')];
}

/** The second layer with a name gets another name. A second attribute with a name is removed, because it had no effect. */
const duplicateFix: Fixer = ({ path, range }, { text, source, layers }) => {
  const object = source.node(path.slice(0, -1));
  const index = (object?.children ?? []).findIndex(({ children }) => children?.[0].offset === range.start);
  if (!object || index < 0) return undefined;
  const name = String(path.at(-1));
  const key = rangeOf(object.children![index].children![0]);
  if (slotAt(source.root, path.slice(0, -1))?.keysAre !== 'new layers')
    return {
      title: l10n.t('Remove the second "{0}"', name),
      edit: { kind: 'correctText', changes: removeItems(text, object, new Set([index])) },
    };
  const newName = copyName(name, (one) => layers.has(one));
  const change = { offset: key.start, length: key.end - key.start, text: JSON.stringify(newName) };
  return {
    title: l10n.t('Rename the second "{0}" to "{1}"', name, newName),
    edit: { kind: 'correctText', changes: [change] },
  };
};

export const syntaxFixers: Fixers = {
  'spec/syntax': syntaxFix,
  'spec/duplicate': duplicateFix,
};
