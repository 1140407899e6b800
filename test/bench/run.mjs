/** `npm run bench`: installs the libraries to compare with, once; builds the engine and the bundles; runs the benchmark. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { buildEngine } from '../../extension/scripts/build.mjs';
import { ensureDependencies, requireNode, root } from '../../extension/scripts/ensure.mjs';
import { runNpm } from '../../extension/scripts/processes.mjs';

const here = path.join(root, 'test/bench');

/** Whether the packages have the versions in the lock file. */
function peersAreCurrent() {
  const record = path.join(here, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const installed = packagesOf(record);
  return Object.entries(packagesOf(path.join(here, 'package-lock.json'))).every(
    ([name, { version }]) => name === '' || installed[name]?.version === version,
  );
}

async function installPeers() {
  if (peersAreCurrent()) return;
  console.error('Installing what the benchmark compares with (72 MB in test/bench/node_modules, once) …');
  const code = await runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: here });
  if (code !== 0)
    throw new Error(
      'npm ci failed in test/bench. Check that the npm registry can be reached, then run this again.',
    );
}

/** Names that CommonJS packages expect to find. */
const banner = [
  "import { createRequire as makeRequire } from 'node:module';",
  'const require = makeRequire(import.meta.url), __dirname = import.meta.dirname, __filename = import.meta.filename;',
].join('\n');

async function bundle(source, target) {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [`test/bench/${source}`],
    outfile: `dist/bench/${target}`,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    banner: { js: banner },
    logLevel: 'error',
  });
}

async function main() {
  requireNode();
  await ensureDependencies();
  await installPeers();
  mkdirSync(path.join(root, 'dist/bench'), { recursive: true });
  await buildEngine();
  // TensorFlow.js must be bundled: otherwise its packages load the core twice, and find no gradients.
  await Promise.all([
    bundle('bench.ts', 'bench.mjs'),
    bundle('ours/main.ts', 'ours.mjs'),
    bundle('peers/tfjs.mjs', 'tfjs.mjs'),
  ]);
  const child = spawn(process.execPath, ['dist/bench/bench.mjs', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
