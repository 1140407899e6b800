/** `npm run l10n`: collects every string that a person reads into extension/l10n/bundle.l10n.json, for translators. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { getL10nJson } from '@vscode/l10n-dev';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const bundle = path.join(root, 'extension/l10n/bundle.l10n.json');

/** The expected text of the bundle: sorted, so that a change of code moves no lines. */
export async function bundleText() {
  const files = ['engine', 'extension', 'webview'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  // One text for each extension instead of each file: the extractor starts slowly, and it only looks for calls.
  const scripts = ['.ts', '.tsx'].map((extension) => ({
    extension,
    contents: files
      .filter((file) => path.extname(file) === extension)
      .map((file) => readFileSync(file, 'utf8'))
      .filter((contents) => contents.includes('l10n.t('))
      .join('\n'),
  }));
  const strings = Object.entries(await getL10nJson(scripts)).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(strings), null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(bundle, await bundleText());
