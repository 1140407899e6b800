/** House rules: sizes of files, what every kind must declare about itself, and pages that work on any machine. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { datasets } from '../../engine/data/registry.ts';
import { initializers } from '../../engine/initializers/registry.ts';
import type { LayerDefinition, Shape } from '../../engine/layers/define.ts';
import { layers } from '../../engine/layers/registry.ts';
import { readAttributes } from '../../engine/layers/standalone.ts';
import { losses } from '../../engine/losses/registry.ts';
import { metrics } from '../../engine/metrics/registry.ts';
import { optimizers } from '../../engine/optimizers/registry.ts';
import { schedules } from '../../engine/schedules/registry.ts';
import { version } from '../../engine/version.ts';

const root = path.resolve(import.meta.dirname, '../..');

const filesIn = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));

const sources = ['engine', 'extension', 'webview']
  .flatMap(filesIn)
  .filter((file) => /\.(?:ts|tsx|mjs|css)$/.test(file));

/** Our own tests, without fixtures and without the packages that the benchmark installs to compare with. */
const tests = filesIn('test').filter(
  (file) => /\.(?:ts|mjs)$/.test(file) && !/^test\/(?:fixtures|bench\/node_modules)\//.test(file),
);

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

describe('no file is too long to be read without a pause:', () => {
  const longer = (limit: number, files: readonly string[]): string[] =>
    files
      .map((file) => ({ file, lines: read(file).split('\n').length - 1 }))
      .filter(({ lines }) => lines > limit)
      .map(({ file, lines }) => `${file}: ${lines} lines`);

  test('sources have at most 400 lines', () => {
    expect(longer(400, sources), 'Split it by what its parts are for.').toEqual([]);
  });

  test('tests have at most 400 lines', () => {
    expect(longer(400, tests), 'Split it by what its parts test.').toEqual([]);
  });

  test('layers have at most 250 lines', () => {
    const layerFiles = sources.filter((file) => /^engine\/layers\/[^/]+\.ts$/.test(file));
    expect(longer(250, layerFiles), 'Move what other layers could share beside it.').toEqual([]);
  });
});

test('every file begins with its purpose', () => {
  const offences = [...sources, ...tests].filter((file) => !/^(?:#!.*\n)?(?:\/\*\*?|\/\/)/.test(read(file)));
  expect(offences, 'The first line helps a reader decide whether to read on.').toEqual([]);
});

test('only isolated tests replace modules, because the others share theirs', () => {
  const shared = tests.filter(
    (file) => /\.test\.tsx?$/.test(file) && /^test\/(?!extension)/.test(file) && !/\.isolated\./.test(file),
  );
  const offences = shared.filter((file) =>
    /\bvi\.(?:hoisted|mock|doMock|resetModules|stubEnv|stubGlobal)\(/.test(read(file)),
  );
  expect(offences, 'Call it *.isolated.test.ts.').toEqual([]);
});

/** Shapes of every rank, including the smallest ones. */
const trialShapes: readonly Shape[] = [[], [1], [2], [3, 2], [1, 1], [4, 4, 3], [1, 1, 1], [2, 2, 2, 2]];

/** Codes of the problems that a layer reports if the attributes of its samples are combined with other shapes. */
function problemsFound(definition: LayerDefinition): Set<string> {
  const inputsOf = ({ inputs }: { readonly inputs: readonly Shape[] }) =>
    trialShapes.map((shape) => inputs.map((usual, index) => (index === 0 ? shape : usual)));
  return new Set(
    definition.samples.flatMap((sample) =>
      inputsOf(sample).flatMap((inputs) => {
        const inferred = definition.infer(readAttributes(definition, sample.attributes), inputs);
        return 'problem' in inferred ? [inferred.problem.code] : [];
      }),
    ),
  );
}

describe('layers declare the samples for the generic tests:', () => {
  for (const definition of layers) {
    const { type, samples, errorSamples } = definition;
    test(`${type} has samples, and one for each error its input can cause`, () => {
      expect(samples.length, 'At least three configurations show where shapes go wrong.').toBeGreaterThan(2);
      const shown = new Set(errorSamples.map(({ code }) => code));
      const unshown = [...problemsFound(definition)].filter((code) => !shown.has(code));
      expect(unshown, 'An error that no sample shows may be worded or placed wrongly.').toEqual([]);
    });
  }
});

describe('kinds explain themselves:', () => {
  const registries = [layers, losses, optimizers, schedules, initializers, metrics, datasets];
  const kinds = registries.flatMap((registry) =>
    [...registry].map((kind) => ({ noun: registry.noun, ...kind })),
  );

  test('each has a label, and a sentence that says what it does', () => {
    const silent = kinds.filter(({ label, doc }) => label.trim() === '' || !/^\S[\s\S]{15,}[.)]/.test(doc));
    expect(silent.map(({ noun, type }) => `${noun} ${type}`)).toEqual([]);
  });

  test('each attribute says what it means', () => {
    const silent = kinds.flatMap(({ type, attributes }) =>
      Object.entries(attributes)
        .filter(([, { doc }]) => !/\.$|\)$/.test(doc))
        .map(([name]) => `${type}.${name}`),
    );
    expect(silent).toEqual([]);
  });

  test('each names its source if there is one', () => {
    // Plain words of the field or our own: there is nothing to look up for them.
    const without = new Set([
      ...['layer input', 'layer lastStep', 'schedule constant', 'initializer zeros', 'initializer constant'],
      ...['dataset shapes', 'dataset points', 'dataset series', 'dataset sequences', 'dataset text'],
    ]);
    const unsourced = kinds
      .filter(({ doc }) => !/\]\(https?:\/\//.test(doc))
      .map(({ noun, type }) => `${noun} ${type}`)
      .filter((kind) => !without.has(kind));
    expect(unsourced, 'Readers want to check, and to read on: link the paper or the page.').toEqual([]);
  });
});

test('the engine records the version of the package', () => {
  expect(version).toBe(JSON.parse(read('package.json')).version);
});

describe('pages are the same on every machine:', () => {
  const pages = [
    ...readdirSync(root).filter((file) => file.endsWith('.md')),
    ...['docs', 'examples']
      .flatMap(filesIn)
      .filter((file) => /\.(?:md|json)$/.test(file) && !file.includes('/.')),
  ];

  test('they name no place on the writer’s disk', () => {
    const offences = pages.flatMap((file) =>
      [...read(file).matchAll(/(?<![\w.])(?:\/(?:home|Users|root|work|tmp)\/|[A-Z]:\\)\S*/g)].map(
        ([place]) => `${file}: ${place}`,
      ),
    );
    expect(offences, 'Nobody else has that folder.').toEqual([]);
  });

  test('their links to files of the repository arrive', () => {
    const broken = pages
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) =>
        [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)]
          .filter(([, target]) => !existsSync(path.join(root, path.dirname(file), target)))
          .map(([link]) => `${file}: ${link}`),
      );
    expect(broken, 'A link that leads nowhere leaves a reader there.').toEqual([]);
  });
});
