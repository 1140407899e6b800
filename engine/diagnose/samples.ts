/** Short notations for the networks on which rules are tested. */
import type { Json } from '../schema/attributes.ts';
import type { NetworkSample } from './define.ts';

type Entry = { readonly type: string; readonly [attribute: string]: Json };

/** A chain of layers, by name, after an input of this shape. The last one is judged unless the settings say otherwise. */
export function chain(
  shape: number[],
  layers: { readonly [name: string]: Entry },
  training: { readonly [setting: string]: Json } = {},
): NetworkSample {
  let from = 'data';
  const all: { [name: string]: Json } = { data: { type: 'input', shape } };
  for (const [name, { type, ...attributes }] of Object.entries(layers)) {
    all[name] = { type, from, ...attributes };
    from = name;
  }
  return {
    layers: all,
    training: {
      data: { type: 'points', pattern: 'moons', samples: 400, testSamples: 100 },
      loss: { type: 'softmaxCrossEntropy', from },
      optimizer: { type: 'adam', learningRate: 0.003 },
      batchSize: 20,
      epochs: 5,
      ...training,
    },
  };
}

/** Hidden layers with an activation after each, for points in the plane. */
export function deep(
  depth: number,
  activation: string,
  training: { readonly [setting: string]: Json } = {},
  hidden: { readonly [attribute: string]: Json } = {},
): NetworkSample {
  const layers = Array.from({ length: depth }, (_, index) => [
    [`dense${index + 1}`, { type: 'dense', units: 16, ...hidden }],
    [`act${index + 1}`, { type: activation }],
  ]).flat();
  return chain([2], { ...Object.fromEntries(layers), logits: { type: 'dense', units: 2 } }, training);
}

/** The same with two hidden layers. */
export const small = (
  activation: string,
  training?: { readonly [setting: string]: Json },
  hidden?: { readonly [attribute: string]: Json },
): NetworkSample => deep(2, activation, training, hidden);

/** A small classifier of a table from the test fixtures with faults. */
export const table = (file: string, features: number): NetworkSample =>
  chain(
    [features],
    { dense1: { type: 'dense', units: 16 }, act1: { type: 'relu' }, logits: { type: 'dense', units: 2 } },
    {
      data: { type: 'csv', file: `test/fixtures/faults/data/${file}` },
      optimizer: { type: 'adam', learningRate: 0.01 },
      batchSize: 16,
      epochs: 10,
    },
  );

/** Two networks that read the same points, each with a loss; this is the weight of the second one. */
export function twoOutputs(weight: number): NetworkSample {
  const one = small('relu', { optimizer: { type: 'sgd', learningRate: 0.1 }, epochs: 6 });
  return {
    layers: {
      ...(one.layers as object),
      other1: { type: 'dense', from: 'data', units: 16 },
      other2: { type: 'relu', from: 'other1' },
      others: { type: 'dense', from: 'other2', units: 2 },
    },
    training: {
      ...(one.training as object),
      loss: [
        { type: 'softmaxCrossEntropy', from: 'logits' },
        { type: 'softmaxCrossEntropy', from: 'others', target: 'class', weight },
      ],
    },
  };
}
