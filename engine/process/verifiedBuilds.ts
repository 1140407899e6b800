/**
 * Remembers that the wide build of the kernels has passed its trial: an empty file for each combination of builds, runtime and
 * processor, in the folder of compiled code. The trial takes most of the time that the kernels take to load.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Build } from '../kernels/wasm/load.ts';
import type { Verified } from '../kernels/wasm/wide.ts';
import { privateFolder } from './compiledCode.ts';

/** The builds that a trial compares. */
const compared: readonly Build[] = ['relaxed', 'wide'];

/** For the builds in the folder `kernels`. What cannot be read or written is not remembered. */
export function verifiedBuilds(kernels: string, parent = tmpdir()): Verified {
  const file = () => {
    const folder = privateFolder(parent);
    return folder === undefined ? undefined : join(folder, `wide-${digestOf(kernels)}`);
  };
  return {
    get isKnown() {
      const known = file();
      return known !== undefined && existsSync(known);
    },
    remember() {
      try {
        const known = file();
        if (known !== undefined) writeFileSync(known, '');
      } catch {
        // The next run compares the bits again.
      }
    },
  };
}

/** Whatever decides which instructions run. */
function digestOf(kernels: string): string {
  const hash = createHash('sha256');
  for (const build of compared) hash.update(readFileSync(join(kernels, `${build}.wasm`)));
  const host = [process.versions.v8, process.platform, process.arch, cpus()[0]?.model];
  return hash.update(JSON.stringify(host)).digest('hex');
}
