/** Bundles TypeScript suites into dist/test, where they run as CommonJS. */
import path from 'node:path';
import * as esbuild from 'esbuild';
import { root } from '../../extension/scripts/ensure.mjs';

export async function bundleSuite(entry, name) {
  const outfile = path.join(root, 'dist', 'test', `${name}.cjs`);
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    external: ['vscode', 'mocha', 'playwright-core'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}
