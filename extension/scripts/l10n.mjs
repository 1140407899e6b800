/** `npm run l10n`: collects every string that a person reads into extension/l10n/bundle.l10n.json, for translators. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { getL10nJson } from '@vscode/l10n-dev';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const bundle = path.join(root, 'extension/l10n/bundle.l10n.json');

/** The expected text of the bundle: sorted, so that a change of code moves no lines. */
export async function bundleText() {
  const calls = ['engine', 'extension', 'webview'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .flatMap((entry) => callsIn(readFileSync(path.join(entry.parentPath, entry.name), 'utf8'))),
  );
  const contents = `${imports}${calls.join(';\n')}`;
  const strings = Object.entries(await getL10nJson([{ extension: '.ts', contents }])).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return `${JSON.stringify(Object.fromEntries(strings), null, 2)}\n`;
}

/** The extractor looks for calls of what these import. */
const imports = "import * as vscode from 'vscode';\nimport * as l10n from '@vscode/l10n';\n";

const quoted = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/y;

/** The calls of `l10n.t` in a script. The extractor gets only these, because it needs half a minute for the whole code. */
function callsIn(script) {
  return [...script.matchAll(/(?:vscode\.)?l10n\.t\(/g)].map(({ 0: head, index }) => {
    let open = 1;
    let at = index + head.length;
    while (open > 0 && at < script.length) {
      quoted.lastIndex = at;
      if (quoted.test(script)) {
        at = quoted.lastIndex;
        continue;
      }
      if (script[at] === '(') open++;
      if (script[at] === ')') open--;
      at++;
    }
    return script.slice(index, at);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(bundle, await bundleText());
