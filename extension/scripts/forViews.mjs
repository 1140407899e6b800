/**
 * Reduces the engine for the bundles of the views: definitions keep their texts, attributes and shapes, but not the code that only runs when data is
 * opened or a network computes. No view does either.
 */
import { readFileSync } from 'node:fs';

/** Modules that only open data. Each keeps its exports, but all of them are undefined. */
const readers =
  /engine[\\/]data[\\/](columns|dialect|header|json|kept|labels|memory|numerals|raggedRows|rows|scaling|tableRows|textPieces)\.ts$/;

const definitions = /engine[\\/](layers|losses|optimizers|initializers)[\\/].*\.ts$/;

/** Definitions whose curves the views compute. */
const drawn = /\bdefineActivation\(|\belementwise: true\b/;

/**
 * Members of a definition that compute, or that only tests read. The formatter fixes where a member of an exported value begins and
 * ends; one that is written otherwise is bundled.
 */
const computing =
  /^ {2}(?:forward|backward|compute|update|fill)\(.*\)(?:: \w+)? \{$[\s\S]*?^ {2}\},$|^ {2}errorSamples: \[(?:.*\],$|$[\s\S]*?^ {2}\],$)/gm;

export const forViews = {
  name: 'for-views',
  setup({ onLoad }) {
    onLoad({ filter: readers }, ({ path: file }) => {
      const names = readFileSync(file, 'utf8').matchAll(
        /^export (?:async )?(?:const|function\*?|class) (\w+)/gm,
      );
      return { contents: [...names].map(([, name]) => `export const ${name} = undefined;`).join('\n') };
    });
    onLoad({ filter: definitions }, ({ path: file }) => {
      const text = readFileSync(file, 'utf8');
      return { contents: drawn.test(text) ? text : text.replace(computing, ''), loader: 'ts' };
    });
  },
};
