/** Finds and starts a Chromium for the suites that need a real browser. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

export const browserAdvice =
  'The suites in a real VS Code need Chrome or Chromium, and none was found. Install one (Debian, Ubuntu: ' +
  'apt-get install chromium; macOS: brew install --cask google-chrome), or set NETLOOM_CHROMIUM to its executable.';

/** The executable, or undefined when there is none. */
export function findBrowser() {
  const chosen = process.env.NETLOOM_CHROMIUM;
  if (chosen) return existsSync(chosen) ? chosen : undefined;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const endings = process.platform === 'win32' ? ['.exe'] : [''];
  const onPath = names.flatMap((name) =>
    folders.flatMap((folder) => endings.map((end) => path.join(folder, name + end))),
  );
  return [...onPath, ...places].find((file) => existsSync(file));
}

/** A browser with an empty profile that fetches nothing of its own accord. */
export function launchBrowser(profile, viewport = { width: 1400, height: 900 }) {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error(browserAdvice);
  return chromium.launchPersistentContext(profile, {
    executablePath,
    // Chromium's own new headless mode, in which service workers and webviews are those of the real browser.
    headless: false,
    viewport,
    args: [
      '--headless=new',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}
