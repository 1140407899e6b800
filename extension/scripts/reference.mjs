/** `npm run reference`: writes docs/reference/ from the definitions in engine/, and the code map of docs/architecture.md. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = path.join(root, 'docs/reference');

/** What a module of the engine exports. It is TypeScript, so it is bundled in memory and evaluated. */
async function load(entry) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
  const module = { exports: {} };
  new Function('module', 'require', outputFiles[0].text)(module, createRequire(import.meta.url));
  return module.exports;
}

const { referencePages } = await load('engine/reference/pages.ts');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, text] of referencePages()) writeFileSync(path.join(folder, name), text);

const { codeMap } = await load('test/tidy/rooms.ts');
const architecture = path.join(root, 'docs/architecture.md');
const page = readFileSync(architecture, 'utf8');
writeFileSync(
  architecture,
  page.replace(/^\| room \|[\s\S]*?(?=\n\n)/m, () => codeMap()),
);
