/** Builds and packs the extension: dist/ → netloom.vsix, the one file a person installs. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';
import { build, root } from './build.mjs';

export const vsix = path.join(root, 'netloom.vsix');

export async function packageExtension() {
  await build();
  // Everything is bundled, so node_modules stays out.
  await createVSIX({ cwd: root, packagePath: vsix, dependencies: false, skipLicense: false });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await packageExtension();
