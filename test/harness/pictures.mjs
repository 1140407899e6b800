/** Takes the pictures of the documentation: `npm run pictures`, or `npm run pictures NAME` for those whose name matches. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startCodeServer } from '../../extension/scripts/codeServer.mjs';
import { ensureVsix, root, vsix } from '../../extension/scripts/ensure.mjs';
import { askedToEnd } from '../../extension/scripts/processes.mjs';
import { launchBrowser } from './browser.mjs';
import { bundleSuite } from './bundle.mjs';

async function main() {
  await ensureVsix();
  const temporary = mkdtempSync(path.join(tmpdir(), 'netloom-pictures-'));
  process.on('exit', () => rmSync(temporary, { recursive: true, force: true, maxRetries: 5 }));
  const { takePictures } = createRequire(import.meta.url)(
    await bundleSuite('test/e2e/pictures.ts', 'pictures'),
  );
  const stage = { root, vsix, results: temporary, temporary, startCodeServer, launchBrowser };
  await takePictures(stage, path.join(root, 'docs', 'images'), new RegExp(process.argv[2] ?? ''));
}

askedToEnd(() => process.exit(1)).then(() => process.exit(130));
main().then(
  () => process.exit(0),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
