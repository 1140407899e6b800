/** Runs test/e2e: mocha in this process, driving an installed VSIX in code-server through a real Chromium. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Mocha from 'mocha';
import { startCodeServer } from '../../extension/scripts/codeServer.mjs';
import { root, vsix } from '../../extension/scripts/ensure.mjs';
import { askedToEnd } from '../../extension/scripts/processes.mjs';
import { launchBrowser } from './browser.mjs';
import { bundleSuite } from './bundle.mjs';
import { runMocha } from './runMocha.mjs';

async function main() {
  const results = process.env.NETLOOM_TEST_RESULTS ?? path.join(root, 'test-results');
  for (const old of ['screenshots', 'e2e-console.log'])
    rmSync(path.join(results, old), { recursive: true, force: true });
  mkdirSync(path.join(results, 'screenshots'), { recursive: true });
  const temporary = mkdtempSync(path.join(tmpdir(), 'netloom-e2e-'));
  process.on('exit', () => rmSync(temporary, { recursive: true, force: true, maxRetries: 5 }));

  // The waits of the tests have limits of their own, and say what they waited for.
  const mocha = new Mocha({ ui: 'bdd', reporter: 'spec', timeout: 600_000, slow: 30_000, color: false });
  if (process.env.NETLOOM_GREP) mocha.grep(new RegExp(process.env.NETLOOM_GREP));
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  const { describeAll } = createRequire(import.meta.url)(await bundleSuite('test/e2e/index.ts', 'e2e'));
  describeAll({ root, vsix, results, temporary, startCodeServer, launchBrowser });
  return runMocha(mocha);
}

askedToEnd(() => process.exit(1)).then(() => process.exit(130));
main().then(
  (failures) => process.exit(failures > 0 ? 1 : 0),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
