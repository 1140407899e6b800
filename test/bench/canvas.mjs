/**
 * How quick the graph editor is with large networks, in the Chromium of the tests: `node test/bench/canvas.mjs [LAYERS …]`,
 * by default 9, 500 and 2000. Prints for each: page and network opened to painted cards, an edit of one attribute in the text to
 * the shapes it changes, a click to the painted selection, Delete to the painted rest (clock and processor time of the page's main
 * thread), and frames per second while the view is panned and zoomed.
 */
import { spawnSync } from 'node:child_process';
import { bundleSuite } from '../harness/bundle.mjs';

const bundle = await bundleSuite('test/bench/canvas.ts', 'canvasBench');
process.exit(
  spawnSync(process.execPath, [bundle, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1,
);
