/** The pages under docs/reference/ agree with the definitions, and their examples are valid. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { layers } from '../../engine/layers/registry.ts';
import { exampleOfBlocks } from '../../engine/reference/blockPage.ts';
import { exampleNetwork } from '../../engine/reference/format.ts';
import { layerExample } from '../../engine/reference/layers.ts';
import { referencePages } from '../../engine/reference/pages.ts';

const folder = path.resolve(import.meta.dirname, '../../docs/reference');

/** The messages about a network. */
const problemsOf = (text: string): string[] =>
  analyze(text)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);

test('the reference is up to date', () => {
  const written = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
  );
  const pages = Object.fromEntries(referencePages());
  const stale = [...new Set([...Object.keys(pages), ...Object.keys(written)])].filter(
    (name) => pages[name] !== written[name],
  );
  expect(stale, 'docs/reference is older than the definitions. Run `npm run reference`.').toEqual([]);
});

test('the example of a whole network is valid', () => {
  expect(problemsOf(exampleNetwork)).toEqual([]);
});

test('the example of a network with blocks is valid', () => {
  expect(problemsOf(exampleOfBlocks)).toEqual([]);
});

describe('the example of a layer is valid:', () => {
  for (const definition of layers)
    test(definition.type, () => {
      const { attributes, inputs } = layerExample(definition);
      const reads = definition.inputs?.length !== 0;
      const sources = reads ? inputs.map((shape, index) => [`x${index}`, { type: 'input', shape }]) : [];
      const layer = {
        type: definition.type,
        ...(reads ? { from: sources.map(([name]) => name) } : {}),
        ...attributes,
      };
      const network = { layers: { ...Object.fromEntries(sources), y: layer } };
      expect(problemsOf(JSON.stringify(network))).toEqual([]);
    });
});

test('links from one page of the reference to another have a target', () => {
  const pages = referencePages();
  const anchorsOf = (text: string): Set<string> =>
    new Set(
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
        heading
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
  const broken = [...pages].flatMap(([name, text]) =>
    [...text.matchAll(/\]\((?!https?:)([\w.-]*)(?:#([\w-]+))?\)/g)]
      .filter(([, page, anchor]) => {
        const target = pages.get(page || name);
        return target === undefined || (anchor !== undefined && !anchorsOf(target).has(anchor));
      })
      .map(([link]) => `${name}: ${link}`),
  );
  expect(broken, 'A link that leads nowhere leaves a reader there.').toEqual([]);
});
