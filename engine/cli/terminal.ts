/**
 * All output of the command line goes through this file, because a terminal executes control sequences: names and
 * values from a repository are shown, but none of them moves the cursor, changes the title or looks like a separate
 * line.
 */
import { logged, oneLine } from '../schema/plainText.ts';

/** Characters of one line. */
const longest = 10_000;

/** One line on standard output. */
export function say(text: string): void {
  process.stdout.write(`${oneLine(text, longest)}\n`);
}

/** One line on standard error. */
export function complain(text: string): void {
  process.stderr.write(`${oneLine(text, longest)}\n`);
}

/** A message of several lines on standard error; all but the first are indented. */
export function complainAtLength(text: string): void {
  process.stderr.write(`${logged(text)}\n`);
}

/** Text of our own with its line ends, on standard output or standard error. */
export function print(text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
  process[stream].write(text);
}

/** JSON in one line on standard output. Characters that JSON allows and a terminal executes are escaped, which readers undo. */
export function sayJson(json: string): void {
  process.stdout.write(`${json.replace(obeyed, escaped)}\n`);
}

const obeyed =
  /[\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

const escaped = (letter: string): string =>
  Array.from(
    { length: letter.length },
    (_, at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

/** A line that the next one replaces, for people who watch. Contains only our own numbers and words. */
export const progress = process.stderr.isTTY
  ? {
      show: (text: string) => process.stderr.write(`\r${oneLine(text, longest)}   `),
      clear: () => process.stderr.write('\r\x1b[K'),
    }
  : { show: () => false, clear: () => false };
