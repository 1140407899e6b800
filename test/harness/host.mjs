/**
 * Runs test/extension inside the extension host of a real VS Code, through @vscode/test-electron: the desktop one
 * when there is one and a display, else code-server with a headless browser as its window. `host.mjs ENTRY` runs another
 * file of test/extension instead of its suites.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { root } from '../../extension/scripts/ensure.mjs';
import { bundleSuite } from './bundle.mjs';

/** The executable that belongs to the `code` command on the PATH. */
function desktopOnPath() {
  const finder = process.platform === 'win32' ? 'where' : 'which';
  const found = spawnSync(finder, ['code'], { encoding: 'utf8' }).stdout?.split(/\r?\n/)[0];
  if (!found) return undefined;
  const folder = path.dirname(realpathSync(found));
  const programs = ['../code', '../../../MacOS/Electron', '../../../MacOS/Code', '../Code.exe'];
  return programs.map((program) => path.resolve(folder, program)).find((program) => existsSync(program));
}

function executable() {
  if (process.env.NETLOOM_VSCODE) return process.env.NETLOOM_VSCODE;
  const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const desktop = display ? desktopOnPath() : undefined;
  return desktop ?? fileURLToPath(new URL('codeShim.mjs', import.meta.url));
}

async function main() {
  const vscodeExecutablePath = executable();
  console.log(`VS Code: ${path.relative(root, vscodeExecutablePath)}`);
  const folder = mkdtempSync(path.join(tmpdir(), 'netloom-host-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const workspace = path.join(folder, 'workspace');
  const profile = [`--user-data-dir=${folder}/user`, `--extensions-dir=${folder}/extensions`];
  cpSync(path.join(root, 'examples'), workspace, { recursive: true });
  await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: root,
    extensionTestsPath: await bundleSuite(process.argv[2] ?? 'test/extension/index.ts', 'extension'),
    launchArgs: [workspace, ...profile],
  });
}

// test-electron ends its program only after an interrupt. In all other cases, the keeper of our process group ends it.
main().then(
  () => process.exit(0),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
