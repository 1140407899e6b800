/** Scripts run npm, which shows nothing for long. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'netloom-'));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('npm that is silent is said to be still running, and does not wait minutes for a registry that does not answer', async () => {
  const [npm, done, began] = ['npm.js', 'done', 'began'].map((name) => path.join(folder, name));
  // A copy of npm that is silent until a file appears.
  writeFileSync(
    npm,
    `const fs = require('node:fs');
    fs.writeFileSync(${JSON.stringify(began)}, String(process.env.npm_config_fetch_retry_maxtimeout));
    setInterval(() => fs.existsSync(${JSON.stringify(done)}) && process.exit(3), 5);`,
  );
  vi.stubEnv('npm_execpath', npm);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  // @ts-expect-error The build scripts are plain JavaScript.
  const { runNpm } = await import('../../extension/scripts/processes.mjs');
  const said: string[] = [];
  const ended = runNpm(['ci'], { log: (line: string) => said.push(line) });
  vi.advanceTimersByTime(25_000);
  expect(said).toEqual(['  … 10 s', '  … 20 s']);
  vi.useRealTimers();
  writeFileSync(done, '');
  expect(await ended).toBe(3);
  expect(Number(readFileSync(began, 'utf8'))).toBeLessThanOrEqual(5000);
});
