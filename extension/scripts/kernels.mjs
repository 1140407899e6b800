/**
 * Compiles the AssemblyScript kernels three times, without and with fused multiply-add and for wide vectors, and bundles the
 * worker that runs them on the threads of the pool. Unit tests need just these, not the whole build. `npm run kernels` also
 * writes what the module exports to engine/kernels/wasm/exports.ts.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
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
  for (const [build, features] of Object.entries(builds))
    writeFileSync(target(build), await compile(features, ['-O3'], 'kernels.wasm'));
  // Separately: with declarations, the compiler also exports a heap that nobody uses.
  writeFileSync(declarations, await compile(builds.relaxed, ['--bindings', 'raw'], 'kernels.d.ts'));
}

/** Runs the AssemblyScript compiler and returns one of the files that it writes. */
async function compile(features, options, file) {
  const { default: asc } = await import('assemblyscript/asc');
  const written = new Map();
  const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
  const { error, stderr } = await asc.main(
    [
      path.relative(root, path.join(sources, 'index.ts')),
      ...['--baseDir', root, '--outFile', 'kernels.wasm'],
      ...['--disableWarning', '201', '--noAssert', '--runtime', 'stub'],
      ...['--enable', 'simd', '--enable', 'threads', ...features, ...memory, ...options],
    ],
    { writeFile: (name, contents) => written.set(name, contents) },
  );
  if (error) throw new Error(`kernels: ${stderr.toString()}`);
  return written.get(file);
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
