/**
 * Makes the bundle of the extension host quick to load (`compiledCode.ts`). It becomes ASCII, which need not be decoded. Our files take the
 * interface of VS Code as it is: esbuild would copy its hundreds of properties for each file that imports it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** How a file of the bundle imports the interface: through a function that copies it. */
const copied = /[\w$]+\((require\("vscode"\)), ?1\)/g;

const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

export const forHost = {
  name: 'for-host',
  setup({ onEnd, initialOptions }) {
    const { absWorkingDir, outfile } = initialOptions;
    initialOptions.charset = 'ascii';
    // esbuild leaves other characters in regular expressions as they are.
    onEnd(({ errors }) => {
      if (errors.length > 0) return undefined;
      const file = path.join(absWorkingDir, outfile);
      const text = readFileSync(file, 'utf8');
      const direct = text.replace(copied, '$1');
      writeFileSync(file, direct.replace(/[^\0-\x7f]/g, escaped));
      const isDirect = direct !== text;
      return isDirect
        ? undefined
        : { errors: [{ text: `${outfile}: found no import of "vscode" to make direct` }] };
    });
  },
};
