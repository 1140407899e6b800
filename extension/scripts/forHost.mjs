/** Makes the bundle of the extension host ASCII, which need not be decoded whenever the extension is activated (`compiledCode.ts`). */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

export const forHost = {
  name: 'for-host',
  setup({ onEnd, initialOptions }) {
    const { absWorkingDir, outfile } = initialOptions;
    initialOptions.charset = 'ascii';
    // esbuild leaves other characters in regular expressions as they are.
    onEnd(({ errors }) => {
      if (errors.length > 0) return;
      const file = path.join(absWorkingDir, outfile);
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace(/[^\0-\x7f]/g, escaped));
    });
  },
};
