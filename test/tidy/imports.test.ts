/** The rules of the house that a type checker does not see: what may import what, and where names of types may stand. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { layers } from '../../engine/layers/registry.ts';

const root = path.resolve(import.meta.dirname, '../..');

interface Source {
  /** Relative to the repository, with forward slashes. */
  readonly file: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

interface Import {
  /** A file of the repository, or the name of a package. */
  readonly target: string;
  readonly isTypeOnly: boolean;
}

const statement = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const dynamicImport = /\bimport\(\s*'([^']+)'\s*\)/g;

function readSource(file: string): Source {
  const text = readFileSync(path.join(root, file), 'utf8');
  const resolved = (specifier: string) =>
    specifier.startsWith('.')
      ? path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier))
      : specifier;
  return {
    file,
    text,
    imports: [
      ...[...text.matchAll(statement)].map((match) => ({
        target: resolved(match[2]),
        isTypeOnly: match[1] !== undefined,
      })),
      ...[...text.matchAll(dynamicImport)].map((match) => ({
        target: resolved(match[1]),
        isTypeOnly: false,
      })),
    ],
  };
}

function sourcesIn(folder: string): Source[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter(
      (file) =>
        /\.tsx?$/.test(file) &&
        !file.endsWith('.d.ts') &&
        !file.includes('/scripts/') &&
        !file.includes('/wasm/assembly/'),
    )
    .sort()
    .map(readSource);
}

const engine = sourcesIn('engine');
const webview = sourcesIn('webview');
const extension = sourcesIn('extension');

/** Every import that `forbids` names is an offence, listed with the reason. */
function check(
  sources: readonly Source[],
  forbids: (imported: Import, file: string) => boolean,
  reason: string,
): void {
  const offences = sources.flatMap(({ file, imports }) =>
    imports.filter((imported) => forbids(imported, file)).map(({ target }) => `${file} imports ${target}`),
  );
  expect(offences, reason).toEqual([]);
}

const isUnder = (target: string, ...places: readonly string[]): boolean =>
  places.some((place) => target === place || target.startsWith(`${place}/`));

const isNode = (target: string): boolean => target.startsWith('node:');

describe('engine', () => {
  test('imports nothing of the editor, its views or a browser', () =>
    check(
      engine,
      ({ target }) =>
        isUnder(
          target,
          'extension',
          'webview',
          'test',
          'vscode',
          'react',
          'react-dom',
          'reactflow',
          'zustand',
          'uplot',
        ) ||
        (target.startsWith('@vscode/') && target !== '@vscode/l10n'),
      'The engine runs in a worker, in a webview and on the command line alike, so it knows none of them.',
    ));

  test('touches Node only where files, threads and the command line are', () => {
    const places = ['engine/worker.ts', 'engine/cli.ts', 'engine/cli', 'engine/data', 'engine/kernels/wasm'];
    check(
      engine,
      ({ target, isTypeOnly }, file) =>
        isNode(target) &&
        !isTypeOnly &&
        !isUnder(file, ...places) &&
        !/^engine\/train\/(?:checkpoint|runLog)\w*\.ts$/.test(file),
      'Spec, layers and graph are bundled into the webview, where there is no Node.',
    );
  });

  test('reaches the DOM nowhere', () => {
    const offences = engine.filter(({ text }) =>
      /\b(?:document|window)\.\w+\(/.test(withoutDocumentParameters(text)),
    );
    expect(
      offences.map(({ file }) => file),
      'There is no DOM in a worker.',
    ).toEqual([]);
  });
});

/** Engine code has documents of its own: those of a network's text. */
const withoutDocumentParameters = (text: string): string =>
  /\bdocument: DocumentText\b|\bconst document\b/.test(text) ? text.replaceAll(/\bdocument\./g, '') : text;

describe('webview', () => {
  const readable = ['spec', 'layers', 'graph', 'protocol'].map((part) => `engine/${part}`);
  const types = ['engine/train/events.ts', 'engine/stats/statistics.ts'];

  test('imports of the engine only what describes networks, and registries of kinds', () =>
    check(
      webview,
      ({ target, isTypeOnly }) =>
        isUnder(target, 'engine') &&
        !isUnder(target, ...readable, 'engine/stats/format.ts') &&
        !/\/(?:registry|define)\.ts$/.test(target) &&
        !(isTypeOnly && isUnder(target, ...types)),
      'The webview shows networks; training code would only weigh it down and block its thread.',
    ));

  test('imports neither the editor nor Node', () =>
    check(
      webview,
      ({ target }) => isUnder(target, 'extension', 'vscode') || isNode(target),
      'A webview is a web page: it talks to the editor by messages only.',
    ));

  test('what it bundles of the engine touches no Node either', () => {
    const byFile = new Map(engine.map((source) => [source.file, source]));
    const reached = new Set(
      webview.flatMap(({ imports }) =>
        imports.filter(({ isTypeOnly }) => !isTypeOnly).map(({ target }) => target),
      ),
    );
    for (const file of reached)
      for (const { target, isTypeOnly } of byFile.get(file)?.imports ?? [])
        if (!isTypeOnly) reached.add(target);
    const reason =
      'A browser cannot load Node modules; move what needs them into a file the webview does not reach.';
    expect([...reached].filter(isNode), reason).toEqual([]);
  });
});

describe('extension', () => {
  test('reaches training only through the protocol', () =>
    check(
      extension,
      ({ target, isTypeOnly }) => {
        if (isTypeOnly || !isUnder(target, 'engine')) return false;
        if (/\/registry\.ts$/.test(target)) return false;
        return isUnder(
          target,
          'engine/plan',
          'engine/train',
          'engine/kernels',
          'engine/data',
          'engine/worker.ts',
          'engine/cli.ts',
        );
      },
      'Training in the extension host would freeze every other extension; it runs in a worker.',
    ));

  test('imports no view code', () =>
    check(
      extension,
      ({ target }) => isUnder(target, 'webview', 'react', 'react-dom', 'reactflow', 'zustand', 'uplot'),
      'The host and the webview are separate bundles that share the engine and its protocol.',
    ));
});

describe('layer types', () => {
  const registry = readFileSync(path.join(root, 'engine/layers/registry.ts'), 'utf8');

  test('are named only in their own files: no code decides by a layer type', () => {
    const named = layers.types.map((type) => `'${type}'`).join('|');
    const decides = new RegExp(`(?:[!=]==?\\s*|\\bcase\\s+)(?:${named})|(?:${named})\\s*[!=]==?`, 'g');
    const offences = [...engine, ...webview, ...extension]
      // Translators of other frameworks' files compare the words of those frameworks.
      .filter(({ file }) => !isUnder(file, 'engine/layers', 'engine/conformance', 'engine/export'))
      .flatMap(({ file, text }) => [...text.matchAll(decides)].map(([found]) => `${file}: ${found}`));
    const reason =
      'A new layer is one file and one line. Ask a property that the definition declares instead.';
    expect(offences, reason).toEqual([]);
  });

  test('have a line in the registry for every definition', () => {
    const defined = engine
      .filter(({ file }) => /^engine\/layers\/[^/]+\.ts$/.test(file))
      .flatMap(({ file, text }) =>
        [...text.matchAll(/^export const (\w+) = define(?:Layer|Activation)\w*\(/gm)].map(([, name]) => ({
          file,
          name,
        })),
      );
    const missing = defined.filter(({ name }) => !new RegExp(`^  ${name},$`, 'm').test(registry));
    expect(missing, 'A layer that is not in the registry does not exist for anybody.').toEqual([]);
  });

  test('are written once', () => {
    const lines = [...registry.matchAll(/^ {2}(\w+),$/gm)].map(([, name]) => name);
    expect(lines.length, 'Of two kinds with the same type the later would hide the earlier.').toBe(
      layers.types.length,
    );
  });
});

test('every file begins with its purpose', () => {
  const offences = [...engine, ...webview, ...extension].filter(({ text }) => !/^(?:\/\*\*|\/\/)/.test(text));
  expect(
    offences.map(({ file }) => file),
    'The first line tells a reader whether to read on.',
  ).toEqual([]);
});
