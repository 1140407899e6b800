/** House rules that a type checker does not check: which imports are allowed, and where names of types occur. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { layers } from '../../engine/layers/registry.ts';
import { codeMap, rooms } from './rooms.ts';

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

/** Every import for which `forbids` returns a reason is listed with this reason. */
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

  test('imports modules of Node only for files, threads and the command line', () => {
    const places = [
      'engine/process',
      'engine/cli.ts',
      'engine/cli',
      'engine/data',
      'engine/kernels/wasm',
      'engine/runs',
    ];
    check(
      engine,
      ({ target, isTypeOnly }, file) => isNode(target) && !isTypeOnly && !isUnder(file, ...places),
      'Spec, layers and graph are bundled into the webview, where there is no Node.',
    );
  });

  test('never uses the DOM', () => {
    const offences = engine.filter(({ text }) =>
      /\b(?:document|window)\.\w+\(/.test(withoutDocumentParameters(text)),
    );
    expect(
      offences.map(({ file }) => file),
      'There is no DOM in a worker.',
    ).toEqual([]);
  });
});

/** The name "document" in engine code means the document of a network. */
const withoutDocumentParameters = (text: string): string =>
  /\bdocument: DocumentText\b|\bconst document\b/.test(text) ? text.replaceAll(/\bdocument\./g, '') : text;

describe('rooms', () => {
  const roomOf = (file: string): string | undefined => rooms.find((room) => isUnder(file, room.path))?.path;
  const everything = [...engine, ...webview, ...extension];
  const files = new Set(everything.map(({ file }) => file));
  const crossings = everything.flatMap(({ file, imports }) =>
    imports
      .filter(({ target }) => files.has(target) && roomOf(target) !== roomOf(file))
      .map(({ target }) => ({ file, target, from: roomOf(file), to: roomOf(target) })),
  );

  test('contain every file', () => {
    const homeless = everything.filter(({ file }) => !roomOf(file)).map(({ file }) => file);
    expect(homeless, 'Give the folder a line in test/tidy/rooms.ts.').toEqual([]);
  });

  test('import only the rooms that the table allows', () => {
    const offences = crossings
      .filter(({ from, to }) => !rooms.find((room) => room.path === from)?.imports.includes(to ?? ''))
      .map(({ file, target }) => `${file} imports ${target}`);
    expect(offences, 'test/tidy/rooms.ts says which room may import which.').toEqual([]);
  });

  test('are above the rooms that import them, so there are no cycles', () => {
    const upward = rooms.flatMap(({ imports, ...room }, floor) =>
      imports
        .filter((other) => rooms.findIndex((one) => one.path === other) >= floor)
        .map((other) => `${room.path} imports ${other}`),
    );
    expect(upward, 'A lower room must not know the rooms built on it. Move what both need down.').toEqual([]);
  });

  test('use every import that the table allows', () => {
    const unused = rooms.flatMap((room) =>
      room.imports
        .filter((other) => !crossings.some(({ from, to }) => from === room.path && to === other))
        .map((other) => `${room.path} no longer imports ${other}`),
    );
    expect(unused, 'Take the entry out of test/tidy/rooms.ts.').toEqual([]);
  });

  test('are described correctly in docs/architecture.md', () => {
    const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8');
    expect(page.includes(codeMap()), 'The code map is out of date. Run `npm run reference`.').toBe(true);
  });

  test('contain no files that import each other in a cycle', () => {
    const byFile = new Map(everything.map((source) => [source.file, source]));
    const finished = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, above: readonly string[]): void => {
      if (above.includes(file)) circles.push([...above.slice(above.indexOf(file)), file].join(' → '));
      if (finished.has(file) || above.includes(file)) return;
      for (const { target } of byFile.get(file)?.imports ?? []) visit(target, [...above, file]);
      finished.add(file);
    };
    for (const { file } of everything) visit(file, []);
    expect(circles, 'Files that need each other are one file, or share a third.').toEqual([]);
  });
});

describe('webview', () => {
  const readable = ['schema', 'spec', 'layers', 'graph', 'protocol', 'templates'].map(
    (part) => `engine/${part}`,
  );

  test('imports only descriptions of networks and registries of kinds from the engine', () =>
    check(
      webview,
      ({ target }) =>
        isUnder(target, 'engine') &&
        !isUnder(
          target,
          ...readable,
          'engine/stats/bars.ts',
          'engine/stats/drawings.ts',
          'engine/stats/format.ts',
          'engine/stats/health.ts',
          'engine/stats/inside.ts',
          'engine/stats/flow.ts',
          'engine/schema/numbers.ts',
          'engine/stats/scores.ts',
        ) &&
        !/\/(?:registry|define)\.ts$/.test(target),
      'The webview shows networks; training code would only weigh it down and block its thread.',
    ));

  test('imports neither the editor nor Node', () =>
    check(
      webview,
      ({ target }) => isUnder(target, 'extension', 'vscode') || isNode(target),
      'A webview is a web page: it talks to the editor by messages only.',
    ));

  test('bundles no part of the engine that imports modules of Node', () => {
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
  test('uses training only through the protocol', () =>
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
          'engine/process',
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

  test('sets no cursor of a text editor', () => {
    const offences = extension.filter(({ text }) => /\.selections?\s*=[^=]/.test(text));
    expect(
      offences.map(({ file }) => file),
      'The order arrives late, when the person may be typing there already. Scroll or mark instead.',
    ).toEqual([]);
  });
});

describe('layer types', () => {
  const registry = readFileSync(path.join(root, 'engine/layers/registry.ts'), 'utf8');

  test('are named only in their own files: no code decides by a layer type', () => {
    const named = layers.types.map((type) => `'${type}'`).join('|');
    const decides = new RegExp(`(?:[!=]==?\\s*|\\bcase\\s+)(?:${named})|(?:${named})\\s*[!=]==?`, 'g');
    const offences = [...engine, ...webview, ...extension]
      .filter(({ file }) => !isUnder(file, 'engine/layers'))
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
