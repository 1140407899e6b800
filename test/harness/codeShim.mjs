#!/usr/bin/env node
/**
 * Stands in for the desktop VS Code executable in @vscode/test-electron's `runTests`: takes its arguments, runs the
 * suite in the extension host of a code-server with a headless Chromium as its window, and exits with the suite's code.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startCodeServer } from '../../extension/scripts/codeServer.mjs';
import { askedToEnd } from '../../extension/scripts/processes.mjs';
import { launchBrowser } from './browser.mjs';
import { runInPage, suiteOptions } from './hostPage.mjs';

const patience = 29 * 60_000;

function readArguments() {
  const named = {};
  let workspace;
  for (const argument of process.argv.slice(2)) {
    const match = /^--([^=]+)=(.*)$/.exec(argument);
    if (match) named[match[1]] = match[2];
    else if (!argument.startsWith('--')) workspace = path.resolve(argument);
  }
  return { extension: named.extensionDevelopmentPath, suite: named.extensionTestsPath, workspace };
}

async function runSuite() {
  const { extension, suite, workspace } = readArguments();
  const results = process.env.NETLOOM_TEST_RESULTS ?? path.resolve('test-results');
  const profile = mkdtempSync(path.join(tmpdir(), 'netloom-browser-'));
  process.on('exit', () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
  const server = await startCodeServer({ options: suiteOptions });
  const browser = await launchBrowser(profile);
  const page = browser.pages()[0];
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => {
      console.error(`The suite did not end within ${patience / 60_000} minutes.`);
      resolve(1);
    }, patience);
  });
  try {
    const write = (line, isError) => (isError ? console.error : console.log)(line);
    const code = await Promise.race([runInPage(server, page, { extension, suite, workspace }, write), late]);
    if (code !== 0) {
      mkdirSync(results, { recursive: true });
      copyFileSync(server.logFile, path.join(results, 'host-server.log'));
      await page.screenshot({ path: path.join(results, 'host-failure.png') }).catch(() => {});
    }
    return code;
  } finally {
    clearTimeout(timer);
    await browser.close().catch(() => {});
    await server.stop();
  }
}

askedToEnd(() => process.exit(1)).then(() => process.exit(1));
// The process that started this one holds its standard input. When that is closed, this process ends.
process.stdin.on('end', () => process.exit(1)).resume();
runSuite().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
