/**
 * What must exist before anything else runs: a suitable Node, the npm packages, a current VSIX. Uses Node's own modules
 * only, since it runs before anything is installed.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNpm } from './processes.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const vsix = path.join(root, 'netloom.vsix');
const stamp = path.join(root, 'dist', 'sources.sha256');

/** All sources of the VSIX. */
const sources = [
  'engine',
  'extension',
  'webview',
  'package-lock.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  '.vscodeignore',
  ...readdirSync(root).filter((name) => /^package(\.nls.*)?\.json$/.test(name)),
];

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Netloom needs Node 20.19 or newer, and this is Node ${process.versions.node}. Get it from https://nodejs.org.`,
  );
  process.exit(1);
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;
  } catch {
    return {};
  }
}

/** Whether npm's record of installed packages contains everything in the lock file. */
function dependenciesAreCurrent() {
  const installed = readPackages('node_modules/.package-lock.json');
  return Object.entries(readPackages('package-lock.json')).every(
    ([name, { version, optional }]) =>
      name === '' || (installed[name] ? installed[name].version === version : optional),
  );
}

export async function ensureDependencies() {
  if (dependenciesAreCurrent()) return;
  console.log('Installing the npm packages that building needs (about half a minute, once) …');
  const code = await runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root });
  if (code !== 0)
    throw new Error('npm ci failed. Check that the npm registry can be reached, then run this again.');
}

/** The entry if it is a file, every file below it if it is a folder, and nothing if it does not exist. */
function filesOf(entry) {
  const found = statSync(path.join(root, entry), { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found ? [entry] : [];
  const children = readdirSync(path.join(root, entry)).sort();
  return children.flatMap((child) => filesOf(path.join(entry, child)));
}

function digestOfSources() {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(filesOf)) {
    hash.update(`${file}\0`).update(readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}

let ensured;

/** Builds and packs if a source differs from those of the VSIX. A process tries it once, because it would fail again. */
export function ensureVsix() {
  ensured ??= packIfChanged();
  return ensured;
}

async function packIfChanged() {
  const digest = digestOfSources();
  if (existsSync(vsix) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  console.log('Building netloom.vsix …');
  const { packageExtension } = await import('./package.mjs');
  await packageExtension();
  writeFileSync(stamp, digest);
}
