/** The two scripts of the extension host (extension/scripts/hostBundle.mjs), and how they are loaded. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CompiledScripts } from '../../extension/compiledCode.ts';

class Watched extends CompiledScripts {
  readonly names: string[] = [];

  override load(name: string): object {
    this.names.push(name);
    return super.load(name);
  }
}

/** Bytes of a digest, with which a cache begins. */
const digestLength = 32;

let folder: string;
let scripts: Watched;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'netloom-'));
  scripts = new Watched(folder, path.join(folder, 'compiled'));
});
afterEach(() => {
  scripts.dispose();
  rmSync(folder, { recursive: true });
});

test('a script that cannot be read is an error each time that it is needed', () => {
  for (let times = 0; times < 2; times++) expect(() => scripts.load('networks.cjs')).toThrow('ENOENT');
});

test('a script that fails is the same error each time that it is needed, not a script without exports', () => {
  writeFileSync(path.join(folder, 'main.cjs'), 'exports.first = 1; throw new Error("no second");');
  for (let times = 0; times < 2; times++) expect(() => scripts.load('main.cjs')).toThrow('no second');
});

test.each([
  ['is empty', () => Buffer.alloc(0)],
  ['was cut off', (code: Buffer) => code.subarray(0, code.length >> 1)],
  ['has a wrong byte', (code: Buffer) => code.map((byte, i) => (i === code.length - 9 ? byte ^ 1 : byte))],
  ['belongs to another script', () => readFileSync(path.join(folder, 'compiled', 'other.cjs'))],
])('cached code that %s is compiled again', (_, damaged) => {
  const main = path.join(folder, 'main.cjs');
  writeFileSync(main, 'exports.sum = (a, b) => a + b;');
  writeFileSync(path.join(folder, 'other.cjs'), 'exports.sum = (a, b) => a - b;');
  vi.useFakeTimers();
  for (const name of ['main.cjs', 'other.cjs']) scripts.load(name);
  vi.runAllTimers();
  vi.useRealTimers();
  const cache = path.join(folder, 'compiled', 'main.cjs');
  const whole = readFileSync(cache);
  writeFileSync(cache, damaged(whole));
  vi.useFakeTimers();
  const again = new CompiledScripts(folder, path.join(folder, 'compiled'));
  const { sum } = again.load('main.cjs') as { readonly sum: (a: number, b: number) => number };
  vi.runAllTimers();
  vi.useRealTimers();
  again.dispose();
  expect(sum(2, 3)).toBe(5);
  expect(readFileSync(cache).length).toBeGreaterThanOrEqual(whole.length);
  expect(readFileSync(cache).subarray(0, digestLength)).toEqual(whole.subarray(0, digestLength));
});

test('modules of the first script run without the second one, which has everything that reads a network', async () => {
  // @ts-expect-error The build scripts are plain JavaScript.
  const { host } = await import('../../extension/scripts/build.mjs');
  // @ts-expect-error The build scripts are plain JavaScript.
  const { bundleHost } = await import('../../extension/scripts/hostBundle.mjs');
  await bundleHost({ ...host, outfile: path.join(folder, 'main.cjs') });
  const vscode = path.join(folder, 'node_modules', 'vscode');
  mkdirSync(vscode, { recursive: true });
  writeFileSync(path.join(vscode, 'index.js'), '');
  const main = scripts.load('main.cjs');
  const modules = Object.keys(main).filter((name) => name.startsWith('engine/'));
  expect(modules).toContain('engine/protocol/eventText.ts');
  for (const name of modules) expect(Object.keys(Reflect.get(main, name)), name).not.toEqual([]);
  expect(scripts.names).not.toContain('networks.cjs');
  const networks = scripts.load('networks.cjs');
  expect(Reflect.get(networks, 'engine/language/networkText.ts')).toHaveProperty('longestText');
});
