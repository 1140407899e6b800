/**
 * Compiles the AssemblyScript kernels three times, without and with fused multiply-add and for wide vectors, and bundles the
 * worker that runs them on the threads of the pool. Unit tests need just these, not the whole build. `npm run kernels` also
 * writes what the module exports to engine/kernels/wasm/exports.ts.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = path.join(root, 'engine/kernels/wasm/assembly');
const target = (build) => path.join(root, `dist/kernels/${build}.wasm`);
/** The compiler's declaration of what the module exports; not shipped. */
const declarations = path.join(root, 'dist/declarations/kernels.d.ts');

/** The options in which the builds differ. assembly/tiles.ts explains the wide build. */
const fused = ['--enable', 'relaxed-simd'];
const builds = {
  plain: ['--use', 'WIDE=0'],
  relaxed: [...fused, '--use', 'WIDE=0'],
  wide: [...fused, '--use', 'WIDE=1'],
};

export async function buildKernels() {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['engine/kernels/wasm/poolWorker.ts'],
    outfile: 'dist/kernels/poolWorker.cjs',
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    mainFields: ['module', 'main'],
  });
  await compileModules();
  removeOthers();
}

/** Removes results of an earlier build under other names, which would be packed, too. */
function removeOthers() {
  const built = ['poolWorker.cjs', ...Object.keys(builds).map((build) => `${build}.wasm`)];
  const folder = path.join(root, 'dist/kernels');
  for (const file of readdirSync(folder)) if (!built.includes(file)) rmSync(path.join(folder, file));
}

/** Compiles the modules, which takes seconds, unless nothing has changed. */
async function compileModules() {
  const newest = Math.max(...readdirSync(sources).map((file) => statSync(path.join(sources, file)).mtimeMs));
  const results = [declarations, ...Object.keys(builds).map(target)];
  if (results.every((file) => existsSync(file) && statSync(file).mtimeMs > newest)) return;
  for (const file of results) mkdirSync(path.dirname(file), { recursive: true });
  const module = (build) => ({
    options: [...builds[build], '-O3'],
    file: 'kernels.wasm',
    result: target(build),
  });
  // Separately: with declarations, the compiler also exports a heap that nobody uses.
  const declared = {
    options: [...builds.relaxed, '--bindings', 'raw'],
    file: 'kernels.d.ts',
    result: declarations,
  };
  // The compiler needs half as long again for the first module of a thread as for the next one.
  await Promise.all([compile([module('plain'), module('wide')]), compile([module('relaxed'), declared])]);
}

/** On a thread of its own, compiles with each of several options, and writes one of the files that the compiler writes as the result. */
function compile(jobs) {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('compileKernels.mjs', import.meta.url), {
      workerData: { root, source: path.join(sources, 'index.ts'), jobs },
    });
    thread.once('error', reject);
    thread.once('exit', resolve);
  });
}

/** The exports of the compiled module as TypeScript, from the compiler's declaration of them. */
export function exportsText() {
  const declaration = readFileSync(declarations, 'utf8');
  const functions = [...declaration.matchAll(/^ {2}export function (.*);$/gm)].map(
    ([, signature]) =>
      `  ${signature.replaceAll(/(\w+): [^,)]+(?=[,)])/g, '$1: number').replace(': boolean', ': number')};`,
  );
  return [
    '/** What the compiled module exports (assembly/index.ts). Addresses and steps are in bytes, counts in elements. */',
    '// Written by `npm run kernels`: a test compares it with the module.',
    '// biome-ignore-all format: one function per line.',
    'export interface WasmExports {',
    ...functions,
    '}',
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildKernels();
  writeFileSync(path.join(root, 'engine/kernels/wasm/exports.ts'), exportsText());
}
