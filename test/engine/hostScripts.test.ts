/** The two scripts of the extension host (extension/scripts/hostBundle.mjs), and how they are loaded. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CompiledScripts } from '../../extension/compiledCode.ts';

class Watched extends CompiledScripts {
  readonly names: string[] = [];

  override load(name: string): object {
    this.names.push(name);
    return super.load(name);
  }
}

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
