/** `npm run reference`: writes docs/reference/ from the definitions in engine/, and the code map of docs/architecture.md. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { load, root } from './load.mjs';

const folder = path.join(root, 'docs/reference');

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
