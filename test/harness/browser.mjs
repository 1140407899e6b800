/** Finds a Chromium for the suites that need a real browser, fetches one if there is none, and starts it. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { fetchBrowser } from './fetchBrowser.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const advice =
  'Install Chrome or Chromium (Debian, Ubuntu: apt-get install chromium; macOS: brew install --cask google-chrome), ' +
  'or set NETLOOM_CHROMIUM to its executable. Without one, these suites run: node test/run.mjs types lint vsix';

/** The executable in NETLOOM_CHROMIUM, or an installed one; undefined if there is none. */
function installedBrowser() {
  const chosen = process.env.NETLOOM_CHROMIUM;
  if (chosen) {
    if (existsSync(chosen)) return chosen;
    throw new Error(`NETLOOM_CHROMIUM names "${chosen}", and there is no such file.`);
  }
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const ending = process.platform === 'win32' ? '.exe' : '';
  const onPath = names.flatMap((name) => folders.map((folder) => path.join(folder, name + ending)));
  return [...onPath, ...places].find((file) => existsSync(file));
}

/** How many times slower the pages of the browser run, e.g. 5 for what a test does on a machine that is much slower than this one. */
const slowdown = Number(process.env.NETLOOM_SLOWDOWN ?? 1);

async function slowDown(context) {
  const slow = async (page) => {
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  };
  // A page may be closed before it is slowed down.
  context.on('page', (page) => slow(page).catch(() => {}));
  for (const page of context.pages()) await slow(page);
}

/** Starts a browser with an empty profile. It fetches nothing on its own. `flags`: more arguments of the browser. */
export async function launchBrowser(profile, flags = []) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: installedBrowser() ?? (await fetchBrowser()),
    // Chromium's new headless mode, whose service workers and webviews are those of the real browser.
    headless: false,
    viewport: { width: 1400, height: 900 },
    // A busy machine needs long to start it.
    timeout: 180_000,
    // Handlers of signals would end the process of unit tests that send themselves one. The browser ends with its pipe.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      '--headless=new',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...flags,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
  if (slowdown > 1) await slowDown(context);
  return context;
}

/** Fetches a browser if there is none, and starts it once. Throws an error with advice if that is impossible. */
export async function requireBrowser() {
  const profile = mkdtempSync(path.join(tmpdir(), 'netloom-browser-'));
  try {
    const browser = await launchBrowser(profile);
    await browser.close();
  } catch (error) {
    throw new Error(
      `The tests need a browser that starts, and there is none here.\n${advice}\n\nThe reason:\n${error.message}`,
    );
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
