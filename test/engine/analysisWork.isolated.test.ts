/** Messages take work: however many mistakes a text has, only those that are shown are formulated. */
import { beforeEach, expect, test, vi } from 'vitest';
import { diagnose } from '../../engine/diagnose/check.ts';
import { nextWeights } from '../../engine/diagnose/network.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { mostShown } from '../../engine/spec/problems.ts';
import { largeTexts } from '../hostile/texts.ts';

const spoken = vi.hoisted(() => ({ times: 0 }));
vi.mock('@vscode/l10n', async (original) => {
  const l10n = await original<typeof import('@vscode/l10n')>();
  const t = (...words: Parameters<typeof l10n.t>) => {
    spoken.times++;
    return l10n.t(...words);
  };
  return { ...l10n, t };
});

beforeEach(() => {
  spoken.times = 0;
});

test.each([
  ...['unknown types', 'five wrong attributes each', 'unknown initializers', 'layers that are lists'],
  ...[
    'names that are none',
    'unknown sources',
    'no inputs',
    'rings of two',
    'endless numbers',
    'the same name',
  ],
])('very many mistakes, %s: only the messages that are shown are formulated', (name) => {
  expect(analyze(largeTexts[name]()).diagnostics.length).toBe(mostShown + 1);
  expect(spoken.times).toBeLessThan(6 * mostShown);
});

test('inference stops after a thousand problems of shapes', () => {
  for (const name of ['windows too large', 'inputs that do not fit', 'sizes too large']) {
    spoken.times = 0;
    analyze(largeTexts[name]());
    expect(spoken.times).toBeGreaterThan(1000);
    expect(spoken.times).toBeLessThan(5000);
  }
});

/** A chain of layers as a text, with a classifier at its end. */
const chainOf = (count: number, layer: { readonly type: string; readonly units?: number }): string =>
  JSON.stringify({
    layers: {
      image: { type: 'input', shape: [8] },
      ...Object.fromEntries(
        Array.from({ length: count }, (_, i) => [
          `l${i}`,
          { ...layer, from: i === 0 ? 'image' : `l${i - 1}` },
        ]),
      ),
      scores: { type: 'dense', from: `l${count - 1}`, units: 2 },
    },
    training: {
      data: { type: 'csv', file: 'points.csv', target: 'class' },
      loss: { type: 'softmaxCrossEntropy', from: 'scores' },
      optimizer: { type: 'sgd' },
      epochs: 1,
    },
  });

test('of very many findings of a rule, only as many are formulated as are shown', () => {
  const { findings } = diagnose(chainOf(1000, { type: 'dense', units: 8 }));
  expect(findings).toHaveLength(mostShown);
  expect(spoken.times).toBeLessThan(6 * mostShown);
});

test('layers in a chain without weights share one list of the next layers with weights', () => {
  const { graph } = analyze(chainOf(50, { type: 'relu' }));
  const last = nextWeights(graph, 'l49');
  expect(last.map(({ name }) => name)).toEqual(['scores']);
  for (const { name } of graph.layers.slice(0, -1)) expect(nextWeights(graph, name)).toBe(last);
});

test('a block with more uses than findings that are shown hides no finding in another layer', () => {
  const norms = (from: string, name: string) => ({
    [`${name}Dense`]: { type: 'dense', from, units: 8 },
    [`${name}Norm`]: { type: 'batchNorm', from: `${name}Dense` },
  });
  const text = JSON.stringify({
    blocks: {
      unit: {
        in: { type: 'blockInput' },
        ...norms('in', 'inner'),
        out: { type: 'blockOutput', from: 'innerNorm' },
      },
    },
    layers: {
      image: { type: 'input', shape: [8] },
      stage: { type: 'unit', from: 'image', repeat: 2 * mostShown },
      ...norms('stage', 'last'),
    },
  });
  const { diagnostics, findings } = diagnose(text);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const layers = findings.filter(({ code }) => code === 'structure/batchNormBias').map(({ path }) => path);
  expect(layers).toEqual([
    ['blocks', 'unit', 'innerDense'],
    ['layers', 'lastDense'],
  ]);
});
