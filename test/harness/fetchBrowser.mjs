/** Fetches a Chromium once into the cache folder, beside the editor, for machines where none is installed. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cached, installPackages } from '../../extension/scripts/cache.mjs';
import { root } from '../../extension/scripts/ensure.mjs';
import { run, withSigns } from '../../extension/scripts/processes.mjs';

/** An npm package with a headless Chromium for Linux x64, and the libraries and fonts that it needs. */
const packaged = { name: '@sparticuz/chromium', version: '153.0.0' };

/** Unpacks the package's archives into TMPDIR; its own `executablePath` would leave out the libraries. */
const unpack = `
import { inflate } from '${packaged.name}';
const bin = './node_modules/${packaged.name}/bin/';
for (const archive of ['chromium.br', 'al2023.tar.br', 'fonts.tar.br']) await inflate(bin + archive);
`;

/** Starts the browser with its libraries. It shows only our own pages, so it needs no sandbox. */
const starter = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$here/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export LC_ALL=en_US.UTF-8
export FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" --no-sandbox "$@"
`;

/** The fonts of the machine, and those of the package for machines without fonts. */
const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

async function fetchPackaged(log) {
  const { name, version } = packaged;
  const folder = await cached(`chromium-${version}`, async (partial) => {
    log(`No Chrome or Chromium found. Fetching Chromium ${version} (about 70 MB, once) …`);
    await installPackages(partial, [`${name}@${version}`], 'Chromium', log);
    const code = await run(process.execPath, ['--input-type=module', '--eval', unpack], {
      cwd: partial,
      env: { ...process.env, TMPDIR: partial },
    });
    if (code !== 0) throw new Error('The Chromium that was fetched could not be unpacked.');
    rmSync(path.join(partial, 'node_modules'), { recursive: true });
    writeFileSync(path.join(partial, 'fonts.conf'), fonts);
    writeFileSync(path.join(partial, 'start.sh'), starter, { mode: 0o755 });
  });
  return path.join(folder, 'start.sh');
}

/** Runs Playwright's own download, and returns the path of the executable. */
async function fetchOfPlaywright(log) {
  const environment = (folder) => ({
    ...process.env,
    PLAYWRIGHT_BROWSERS_PATH: path.join(folder, 'browsers'),
  });
  const manifest = path.join(root, 'node_modules/playwright-core/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  const folder = await cached(`chromium-of-playwright-${version}`, async (partial) => {
    log('No Chrome or Chromium found. Fetching the one that Playwright offers (about 170 MB, once) …');
    const install = [
      'node_modules/playwright-core/cli.js',
      'install',
      '--no-shell',
      '--no-progress',
      'chromium',
    ];
    const fetch = () => run(process.execPath, install, { cwd: root, env: environment(partial) });
    if ((await withSigns(fetch, log)) !== 0) throw new Error('Playwright could not fetch its Chromium.');
  });
  const ask = "import { chromium } from 'playwright-core'; console.log(chromium.executablePath());";
  const answer = execFileSync(process.execPath, ['--input-type=module', '--eval', ask], {
    cwd: root,
    env: environment(folder),
    encoding: 'utf8',
  });
  return answer.trim();
}

/** The executable of the Chromium in the cache, which is fetched if it is not there yet. */
export const fetchBrowser = (log = console.log) =>
  process.platform === 'linux' && process.arch === 'x64' ? fetchPackaged(log) : fetchOfPlaywright(log);
