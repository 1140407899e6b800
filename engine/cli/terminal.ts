/**
 * All output of the command line goes through this file, because a terminal executes control sequences: names and
 * values from a repository are shown, but none of them moves the cursor, changes the title or looks like a separate
 * line.
 */
import { logged, oneLine } from '../schema/plainText.ts';

/** Characters of one line. */
const longest = 10_000;

/** Set when standard output cannot be written any more: its reader stopped early, as `head` does, or its disk is full. */
let isLost = false;
/** What then stops the command that is running; otherwise the process ends. */
let stopCommand: (() => void) | undefined;

/** `stop` is called when nobody can read the output of a run any more. Returns a function that ends this. */
export function stopWhenUnread(stop: () => void): () => void {
  stopCommand = stop;
  return () => {
    stopCommand = undefined;
  };
}

function loseOutput({ code, message }: NodeJS.ErrnoException): void {
  if (isLost) return;
  isLost = true;
  const isUnread = code === 'EPIPE';
  if (!isUnread) complain(`netloom: error: the output cannot be written: ${message}`);
  if (stopCommand) stopCommand();
  else process.exit(isUnread ? 0 : 1);
}

/** Call it once, before the first output. */
export function watchOutput(): void {
  process.stdout.on('error', loseOutput);
  // Nobody can read messages then, and the command continues without them.
  process.stderr.on('error', () => undefined);
}

/** A stream to a file throws its errors, any other one reports them as events. */
function write(stream: 'stdout' | 'stderr', text: string): boolean {
  if (stream === 'stdout' && isLost) return false;
  try {
    return process[stream].write(text);
  } catch (error) {
    if (stream === 'stdout') loseOutput(error as NodeJS.ErrnoException);
    return false;
  }
}

/** One line on standard output. */
export function say(text: string): void {
  write('stdout', `${oneLine(text, longest)}\n`);
}

/** One line on standard error. */
export function complain(text: string): void {
  write('stderr', `${oneLine(text, longest)}\n`);
}

/** A message of several lines on standard error; all but the first are indented. */
export function complainAtLength(text: string): void {
  write('stderr', `${logged(text)}\n`);
}

/** Text of our own with its line ends, on standard output or standard error. */
export function print(text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
  write(stream, text);
}

/** JSON in one line on standard output. Characters that JSON allows and a terminal executes are escaped, which readers undo. */
export function sayJson(json: string): void {
  write('stdout', `${json.replace(obeyed, escaped)}\n`);
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
      show: (text: string) => write('stderr', `\r${oneLine(text, longest)}   `),
      clear: () => write('stderr', '\r\x1b[K'),
    }
  : { show: () => false, clear: () => false };
