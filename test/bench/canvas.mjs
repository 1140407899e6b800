/**
 * How fast the graph editor is with large networks, in the Chromium of the tests: `node test/bench/canvas.mjs [LAYERS …]`,
 * by default 9, 500 and 2000. Prints for each the time from opening the page and the network to painted cards, from an edit of one
 * attribute in the text to the changed shapes, from a click to the painted selection, and from Delete to the painted remaining cards.
 * Of edits it prints the first and the median of further ones, and of deletions also the median of ones in a network with a card
 * placed by hand. These are times by the clock, and processor time of the page's main thread; the host's part is done in another
 * process, as in VS Code. Then frames per second while the view is panned and zoomed.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { root } from '../../extension/scripts/ensure.mjs';

// Two folders below the root, as the sources of the tests are, which find the root from there.
const outfile = path.join(root, 'dist', 'test', 'canvasBench.mjs');
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['test/bench/canvas.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
await import(pathToFileURL(outfile).href);
