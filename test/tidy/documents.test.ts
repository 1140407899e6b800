/** Pages for people who use or change Netloom name only files that exist. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** Files and folders of the repository, relative to it. */
const entries = readdirSync(root, { withFileTypes: true })
  .filter(({ name }) => !['node_modules', 'dist', '.git'].includes(name))
  .flatMap((entry) =>
    entry.isFile()
      ? [entry.name]
      : [
          entry.name,
          ...readdirSync(path.join(root, entry.name), { recursive: true, encoding: 'utf8' })
            .map((file) => `${entry.name}/${file.replaceAll('\\', '/')}`)
            .filter((file) => !file.includes('node_modules')),
        ],
  );
const pages = entries.filter((file) => /^(?:README|CONTRIBUTING|docs\/[\w-]+)\.md$/.test(file));

/** A file or folder in backticks. A reader finds `stats/format.ts` by the end of its path. */
const mention = /`(\.{0,2}[\w./-]+(?:\.(?:tsx?|mjs|css|md|json)|\/))`/g;
/** Names that are not in the repository: outputs of a build or a run, files of VS Code, networks, and files that an example creates. */
const elsewhere =
  /^(?:dist\/|\.netloom\/|run\.json|settings\.json)|\.nn\.json$|results\/latest\.json$|\/(?:gaussian|rate)\.ts$/;

const exists = (file: string): boolean =>
  entries.some((entry) => `/${entry}`.endsWith(`/${file.replace(/\/$/, '')}`));

test.each(pages)('%s names only files that exist', (page) => {
  const named = [...readFileSync(path.join(root, page), 'utf8').matchAll(mention)].map(([, file]) => file);
  const missing = named.filter((file) => !elsewhere.test(file) && !exists(file));
  expect(missing, 'A file was moved or renamed; say where it is now.').toEqual([]);
});
