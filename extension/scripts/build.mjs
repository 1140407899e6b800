/**
 * Bundles everything that ships into dist/: extension host, engine process and its worker, command line, webview, JSON schema and
 * third-party notices. `--watch` rebuilds on change, unminified and with source maps.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { ascii } from './ascii.mjs';
import { forViews } from './forViews.mjs';
import { bundleHost } from './hostBundle.mjs';
import { buildKernels } from './kernels.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const watching = process.argv.includes('--watch');

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: !watching,
  sourcemap: watching ? 'linked' : false,
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': watching ? '"development"' : '"production"' },
};

/** The Node of VS Code 1.100 is 20.19. */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  // The UMD builds that `main` names in some packages hide their requires from esbuild and fail at run time.
  mainFields: ['module', 'main'],
};

/** The page loads `webview.js` and its imports at once. Everything else is loaded when it is first shown (`onDemand.tsx`). */
const browser = {
  ...common,
  platform: 'browser',
  format: 'esm',
  splitting: true,
  entryNames: 'webview',
  chunkNames: 'webview-[name]-[hash]',
  target: 'chrome132',
  jsx: 'automatic',
  loader: { '.ttf': 'file', '.svg': 'dataurl' },
  assetNames: '[name]',
  plugins: [forViews],
};

/** Bundles for plain Node, including everything that unit tests start. */
const engineBundles = [
  { ...node, entryPoints: ['engine/process/main.ts'], outfile: 'dist/engine.cjs', plugins: [ascii] },
  { ...node, entryPoints: ['engine/process/startWorker.ts'], outfile: 'dist/worker.cjs' },
  {
    ...node,
    entryPoints: ['engine/cli/start.ts'],
    outfile: 'dist/cli.cjs',
    banner: { js: '#!/usr/bin/env node' },
  },
  { ...node, entryPoints: ['engine/whole.ts'], outfile: 'dist/whole.cjs', plugins: [ascii] },
  { ...node, entryPoints: ['webview/command.ts'], outfile: 'dist/picture.cjs', plugins: [forViews] },
  // The script of a page that any browser shows; it is written into the page.
  {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: ['chrome109', 'firefox115', 'safari16.4'],
    sourcemap: false,
    entryPoints: ['webview/replay/player.ts'],
    outfile: 'dist/replay.js',
  },
];

/** `--watch` bundles it in one file. */
export const host = {
  ...node,
  entryPoints: ['extension/main.ts'],
  outfile: 'dist/main.cjs',
  external: ['vscode'],
};

const bundles = [
  { ...node, entryPoints: ['extension/extension.ts'], outfile: 'dist/extension.cjs', external: ['vscode'] },
  ...engineBundles,
  {
    ...browser,
    entryPoints: ['webview/main.tsx'],
    outdir: 'dist',
  },
];

const schemaSource = 'engine/spec/jsonSchema.ts';

/** Steps that write inputs of the bundles, in order. Each is a function that may be asynchronous. */
const before = [buildKernels];

/** Runs the schema generator itself, so that the schema follows the registries. */
async function writeSchema() {
  const result = await esbuild.build({
    ...node,
    entryPoints: [schemaSource],
    write: false,
    sourcemap: false,
  });
  const module = { exports: {} };
  new Function('module', 'require', result.outputFiles[0].text)(module, createRequire(import.meta.url));
  const { networkSchema } = module.exports;
  writeFileSync(path.join(root, 'dist/network.schema.json'), JSON.stringify(networkSchema()));
}

/** One entry for each package that esbuild has put into a bundle. */
function writeNotices(metafiles) {
  const folders = new Set();
  for (const { inputs } of metafiles) {
    for (const input of Object.keys(inputs)) {
      const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (match) folders.add(match[1]);
    }
  }
  const notices = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(path.join(root, folder, 'package.json'), 'utf8'),
    );
    const file = readdirSync(path.join(root, folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file
      ? readFileSync(path.join(root, folder, file), 'utf8').trim()
      : 'No licence text is shipped.';
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  const heading = 'Netloom contains the following third-party software.\n';
  writeFileSync(
    path.join(root, 'dist/THIRD-PARTY-NOTICES.txt'),
    [heading, ...notices].join(`\n${'-'.repeat(78)}\n\n`),
  );
}

function printSizes(metafiles) {
  for (const { outputs } of metafiles) {
    for (const [file, { bytes }] of Object.entries(outputs)) {
      console.log(`  ${(bytes / 1000).toFixed(1).padStart(8)} kB  ${file}`);
    }
  }
  const schema = statSync(path.join(root, 'dist/network.schema.json')).size;
  console.log(`  ${(schema / 1000).toFixed(1).padStart(8)} kB  dist/network.schema.json`);
}

function refuseMissingEntries() {
  const missing = [...[host, ...bundles].flatMap((bundle) => bundle.entryPoints), schemaSource].filter(
    (entry) => !existsSync(path.join(root, entry)),
  );
  if (missing.length > 0)
    throw new Error(`build: missing ${missing.join(', ')}; every bundle needs its entry file`);
}

/** Removes the results of earlier builds, but neither the compiler's incremental state nor the tests' bundles. */
function cleanOutput() {
  const output = path.join(root, 'dist');
  mkdirSync(output, { recursive: true });
  for (const entry of readdirSync(output, { withFileTypes: true })) {
    if (entry.isFile()) rmSync(path.join(output, entry.name));
  }
}

export async function build() {
  refuseMissingEntries();
  cleanOutput();
  for (const step of before) await step();
  const [results, ofHost] = await Promise.all([
    Promise.all(bundles.map((bundle) => esbuild.build(bundle))),
    bundleHost(host),
    writeSchema(),
  ]);
  const metafiles = [...ofHost, ...results.map((result) => result.metafile)];
  writeNotices(metafiles);
  printSizes(metafiles);
}

/** The engine with its kernels, without what only VS Code needs. */
export async function buildEngine() {
  await buildKernels();
  await Promise.all(engineBundles.map((bundle) => esbuild.build(bundle)));
}

async function watch() {
  refuseMissingEntries();
  cleanOutput();
  for (const step of before) await step();
  await writeSchema();
  const contexts = await Promise.all(
    [host, ...bundles].map((bundle) => esbuild.context({ ...bundle, logLevel: 'info' })),
  );
  await Promise.all(contexts.map((context) => context.watch()));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await (watching ? watch() : build());
  } catch (error) {
    // esbuild has printed its own messages with places in the sources.
    if (!error.errors) console.error(error.message);
    process.exitCode = 1;
  }
}
