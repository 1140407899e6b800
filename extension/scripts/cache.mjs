/**
 * Programs that are fetched once and kept, each in a folder of the user's cache folder that is complete or absent. Uses
 * Node's own modules only, since it runs before anything is installed.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { runNpm } from './processes.mjs';

function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  return path.join(base, 'netloom');
}

/** Removes folders that an earlier run left incomplete because it was killed. */
function removeAbandoned(name) {
  for (const entry of readdirSync(cacheFolder())) {
    const maker = new RegExp(`^${name}\\.partial-(\\d+)$`).exec(entry)?.[1];
    if (maker === undefined) continue;
    try {
      process.kill(Number(maker), 0);
    } catch {
      rmSync(path.join(cacheFolder(), entry), { recursive: true, force: true });
    }
  }
}

/** Returns a folder of the cache, which is complete or absent: `fill` fills it under another name, then it is renamed. */
export async function cached(name, fill) {
  const folder = path.join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  mkdirSync(cacheFolder(), { recursive: true });
  removeAbandoned(name);
  const partial = `${folder}.partial-${process.pid}`;
  const removePartial = () => rmSync(partial, { recursive: true, force: true });
  process.on('exit', removePartial);
  mkdirSync(partial);
  try {
    writeFileSync(path.join(partial, 'package.json'), '{ "private": true }');
    await fill(partial);
    try {
      renameSync(partial, folder);
    } catch (error) {
      // Another process was faster, and its folder has the same content.
      if (!existsSync(folder)) throw error;
    }
  } finally {
    removePartial();
    process.off('exit', removePartial);
  }
  return folder;
}

/** Installs npm packages into a folder; throws an error that names `what` was to be fetched. */
export async function installPackages(folder, packages, what, log) {
  const quiet = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-save',
    '--loglevel=error',
    '--engine-strict=false',
  ];
  if ((await runNpm(['install', '--omit=dev', ...quiet, ...packages], { cwd: folder, log })) === 0) return;
  throw new Error(
    `npm could not fetch ${what}. Check that the npm registry can be reached, then run this again.`,
  );
}
