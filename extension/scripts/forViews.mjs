/**
 * Reduces the engine for the bundles of the views: definitions keep their texts, attributes and shapes, but not the code that only runs when data is
 * opened or a network computes. No view does either.
 */
import { readFileSync } from 'node:fs';

const definitions = /engine[\\/](data|layers|losses|optimizers|initializers)[\\/].*\.ts$/;

/** Definitions whose curves the views compute. */
const drawn = /\bdefineActivation\(|\belementwise: true\b/;

/**
 * Members of a definition that open data or compute, or that only tests read. What they alone call is then not bundled either. The
 * formatter fixes where a member of an exported value begins and ends; one that is written otherwise is bundled.
 */
const running =
  /^ {2}(?:async )?(?:open|firstInput|forward|backward|compute|update|fill)\(.*\)(?:: [\w<>]+)? \{$[\s\S]*?^ {2}\},$|^ {2}errorSamples: \[(?:.*\],$|$[\s\S]*?^ {2}\],$)/gm;

/** Packages that read data. Without `open` nothing uses them, but esbuild does not know that loading them has no effect. */
const readers = /^papaparse$/;

export const forViews = {
  name: 'for-views',
  setup({ onLoad, onResolve, resolve }) {
    onResolve({ filter: readers }, async ({ path, pluginData, ...from }) =>
      pluginData === readers
        ? undefined
        : { ...(await resolve(path, { ...from, pluginData: readers })), sideEffects: false },
    );
    onLoad({ filter: definitions }, ({ path: file }) => {
      const text = readFileSync(file, 'utf8');
      return { contents: drawn.test(text) ? text : text.replace(running, ''), loader: 'ts' };
    });
  },
};
