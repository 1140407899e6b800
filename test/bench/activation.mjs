/**
 * How long VS Code waits for the extension to be activated: `npm run build`, then `node test/bench/activation.mjs [STARTS]`, by default 10
 * after the first. Starts the extension host of a real VS Code that often, and prints for each start what VS Code reports in "Developer:
 * Startup Performance", in milliseconds: to load the code, to call `activate`, and until its promise resolves. Beside it, the processor
 * time of `activate`, which other programs lengthen less. The first start compiles the code. All others find it compiled, as most starts do.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startCodeServer } from '../../extension/scripts/codeServer.mjs';
import { root } from '../../extension/scripts/ensure.mjs';
import { launchBrowser } from '../harness/browser.mjs';
import { bundleSuite } from '../harness/bundle.mjs';
import { runInPage, suiteOptions } from '../harness/hostPage.mjs';

const starts = Number(process.argv[2] ?? 10);
const folder = mkdtempSync(path.join(tmpdir(), 'netloom-activation-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

async function start(server, browser, paths) {
  const page = await browser.newPage();
  const lines = [];
  const code = await runInPage(server, page, paths, (line) => lines.push(line));
  await page.close();
  const line = lines.find((text) => text.startsWith('activation '));
  if (code !== 0 || !line) throw new Error(`the extension was not activated:\n${lines.join('\n')}`);
  return JSON.parse(line.slice('activation '.length));
}

const text = ({ load, call, finish, work }) =>
  `${load + call + finish} ms (load ${load}, call ${call}, finish ${finish}), processor time ${work.toFixed(1)} ms`;

const total = ({ load, call, finish }) => load + call + finish;
const processor = ({ work }) => work;
const least = (values) => Math.min(...values);
const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

const workspace = path.join(folder, 'workspace');
mkdirSync(workspace);
const paths = {
  extension: root,
  suite: await bundleSuite('test/bench/activation.ts', 'activation'),
  workspace,
};
const server = await startCodeServer({ options: suiteOptions });
const browser = await launchBrowser(path.join(folder, 'profile'));
try {
  console.log(`compiled: ${text(await start(server, browser, paths))}`);
  const later = [];
  for (let index = 0; index < starts; index++) {
    later.push(await start(server, browser, paths));
    console.log(`cached:   ${text(later.at(-1))}`);
  }
  console.log(
    `cached, of ${starts} starts: median ${middle(later.map(total))} ms, least ${least(later.map(total))} ms; processor time: median ${middle(later.map(processor)).toFixed(1)} ms, least ${least(later.map(processor)).toFixed(1)} ms`,
  );
} finally {
  await browser.close();
  await server.stop();
}
