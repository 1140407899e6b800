/** Code is kept for one script only, and never used for another one or when it is damaged. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadScript } from '../../extension/compiledCode.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'netloom-code-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const script = (answer: number) => `exports.answer = () => require('node:path').sep.length * ${answer};`;

const load = (text: string) => {
  const file = path.join(folder, 'script.cjs');
  writeFileSync(file, text);
  return loadScript<{ answer(): number }>(file, path.join(folder, 'kept', 'code'));
};

/** Loads, and says what the script answers and whether its code was kept. */
const outcome = (text: string) => {
  const { exports, wasKept, keep } = load(text);
  const answer = exports.answer();
  keep();
  return { answer, wasKept };
};

test('the second time a script is loaded with the code of the first time', () => {
  expect(outcome(script(1))).toEqual({ answer: 1, wasKept: false });
  expect(outcome(script(1))).toEqual({ answer: 1, wasKept: true });
  expect(readdirSync(path.join(folder, 'kept'))).toEqual(['code']);
});

test('another script of the same length is compiled', () => {
  outcome(script(1));
  expect(outcome(script(2))).toEqual({ answer: 2, wasKept: false });
  expect(outcome(script(2))).toEqual({ answer: 2, wasKept: true });
});

test.each([
  ['is cut off', (code: Buffer) => code.subarray(0, code.length - 20)],
  ['is empty', () => Buffer.alloc(0)],
  ['has one wrong byte', (code: Buffer) => Buffer.from(code).fill(code[100] ^ 1, 100, 101)],
])('code that %s is not used, and is replaced', (_, damage) => {
  const cache = path.join(folder, 'kept', 'code');
  outcome(script(3));
  writeFileSync(cache, damage(readFileSync(cache)));
  expect(outcome(script(3))).toEqual({ answer: 3, wasKept: false });
  expect(outcome(script(3))).toEqual({ answer: 3, wasKept: true });
});

test('without a place for its code a script is loaded all the same', () => {
  writeFileSync(path.join(folder, 'kept'), 'a file');
  expect(outcome(script(4))).toEqual({ answer: 4, wasKept: false });
  expect(readdirSync(folder).sort()).toEqual(['kept', 'script.cjs']);
});
