/**
 * Prepares the bundle of the extension host, which is loaded at once whenever the extension is activated: rules of the diagnosis come without
 * the networks that tests train, and the text is ASCII, which need not be decoded (`compiledCode.ts`).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const rules = /engine[\\/]diagnose[\\/]rules[\\/].*\.ts$/;

/** The formatter fixes where a member of an exported value begins and ends; one that is written otherwise is bundled. */
const samples = /^ {2}samples: \{(?:.*\},$|$[\s\S]*?^ {2}\},$)/gm;

const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

export const forHost = {
  name: 'for-host',
  setup({ onLoad, onEnd, initialOptions }) {
    const { absWorkingDir, outfile } = initialOptions;
    initialOptions.charset = 'ascii';
    // esbuild leaves other characters in regular expressions as they are.
    onEnd(({ errors }) => {
      if (errors.length > 0) return;
      const file = path.join(absWorkingDir, outfile);
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace(/[^\0-\x7f]/g, escaped));
    });
    onLoad({ filter: rules }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8').replace(samples, ''),
      loader: 'ts',
    }));
  },
};
