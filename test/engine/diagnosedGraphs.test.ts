/**
 * What rules see in a network: layers that are switched off or lead nowhere, how much of a picture a cell depends on, and test values
 * beyond those of the training.
 */

import { describe, expect, it } from 'vitest';
import { fieldsIn } from '../../engine/diagnose/receptive.ts';
import { noNonlinearity } from '../../engine/diagnose/rules/noNonlinearity.ts';
import { mostDisplaced } from '../../engine/diagnose/testRange.ts';
import { analyze } from '../../engine/graph/analyze.ts';

const training = (from: string) => ({
  data: { type: 'points' },
  loss: { type: 'softmaxCrossEntropy', from },
  optimizer: 'adam',
});

/** Two dense layers; the second one reads this layer. */
const network = (from: string, activation: object) =>
  analyze(
    JSON.stringify({
      layers: {
        data: { type: 'input', shape: [2] },
        dense1: { type: 'dense', from: 'data', units: 8 },
        act1: { type: 'relu', from: 'dense1', ...activation },
        logits: { type: 'dense', from, units: 2 },
      },
      training: training('logits'),
    }),
  );

const linearIn = (from: string, activation: object = {}) =>
  noNonlinearity.find({ analysis: network(from, activation) }, {}).map(({ layer }) => layer);

describe('structure/noNonlinearity', () => {
  it('is not found where an activation is between two layers', () => expect(linearIn('act1')).toEqual([]));
  it('is found where the activation is bypassed', () =>
    expect(linearIn('act1', { bypass: true })).toEqual(['logits']));
  it('is found where nothing reads the activation', () => expect(linearIn('dense1')).toEqual(['logits']));
});

describe('the receptive field of a cell', () => {
  it('grows with each window by the distance of the cells that it reads', () => {
    const { graph } = analyze(
      JSON.stringify({
        layers: {
          data: { type: 'input', shape: [28, 28, 1] },
          conv1: { type: 'conv2d', from: 'data', filters: 2, kernelSize: 3 },
          pool: { type: 'maxPool2d', from: 'conv1' },
          conv2: { type: 'conv2d', from: 'pool', filters: 2, kernelSize: 3, dilation: 2 },
          strided: { type: 'conv2d', from: 'conv2', filters: 2, kernelSize: 3, stride: 2 },
        },
      }),
    );
    const fields = fieldsIn(graph);
    expect(['data', 'conv1', 'pool', 'conv2', 'strided'].map((name) => fields.get(name))).toEqual([
      { size: 1, step: 1 },
      { size: 3, step: 1 },
      { size: 4, step: 2 },
      { size: 12, step: 2 },
      { size: 16, step: 4 },
    ]);
  });
});

describe('test values', () => {
  const train = Float32Array.from([0, 10, 1, 20, 2, 30]);

  it('are outside of the range of a column if they are more than a tenth of it away', () =>
    expect(mostDisplaced(train, Float32Array.from([2.1, 32, 1, 33]), [2])).toEqual({
      feature: 1,
      share: 0.5,
      train: [10, 30],
      test: [32, 33],
    }));

  it('of a series may continue for half of its range', () => {
    expect(mostDisplaced(train, Float32Array.from([44, 45]), [1, 1])?.share).toBe(0);
    expect(mostDisplaced(train, Float32Array.from([46, 45]), [1, 1])?.share).toBe(0.5);
  });
});
