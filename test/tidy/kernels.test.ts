/** The compiled kernels have the exports that the engine expects. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { instantiate } from '../../engine/kernels/wasm/instance.ts';
import { readBuild } from '../../engine/kernels/wasm/load.ts';
import { WasmMemory } from '../../engine/kernels/wasm/memory.ts';

const written = path.resolve(import.meta.dirname, '../../engine/kernels/wasm/exports.ts');

test('the list of exports is up to date', async () => {
  // @ts-expect-error The build scripts are plain JavaScript.
  const { exportsText } = await import('../../extension/scripts/kernels.mjs');
  const reason = 'engine/kernels/wasm/exports.ts is older than the kernels. Run `npm run kernels`.';
  expect(readFileSync(written, 'utf8') === exportsText(), reason).toBe(true);
});

test.each(['plain', 'relaxed', 'wide'] as const)(
  'the %s build exports these functions and no others',
  (build) => {
    const module = readBuild('dist/kernels', build) as WebAssembly.Module;
    const exports = Object.entries(instantiate(module, new WasmMemory().memory));
    const found = exports.flatMap(([name, value]) =>
      typeof value === 'function' ? [`${name} ${value.length}`] : [],
    );
    const listed = [...readFileSync(written, 'utf8').matchAll(/^ {2}(\w+)\((.*)\): \w+;$/gm)].map(
      ([, name, parameters]) => `${name} ${parameters ? parameters.split(', ').length : 0}`,
    );
    expect(found.sort()).toEqual(listed.sort());
  },
);
