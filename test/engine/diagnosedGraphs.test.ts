/**
 * What rules see in a network: layers that are switched off or lead nowhere, how much of a picture a cell depends on, and test values
 * beyond those of the training.
 */

import { describe, expect, it } from 'vitest';
import type { DataLook } from '../../engine/diagnose/look.ts';
import { fieldsIn, stepsReadBy } from '../../engine/diagnose/receptive.ts';
import { bottleneck } from '../../engine/diagnose/rules/bottleneck.ts';
import { noNonlinearity } from '../../engine/diagnose/rules/noNonlinearity.ts';
import { otherScale } from '../../engine/diagnose/rules/otherScale.ts';
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
  it('is not found in a layer that leads to no loss', () => {
    const text = JSON.stringify({
      layers: {
        data: { type: 'input', shape: [2] },
        dense1: { type: 'dense', from: 'data', units: 8 },
        act1: { type: 'relu', from: 'dense1' },
        logits: { type: 'dense', from: 'act1', units: 2 },
        unused: { type: 'dense', from: 'dense1', units: 2 },
      },
      training: training('logits'),
    });
    expect(noNonlinearity.find({ analysis: analyze(text) }, {})).toEqual([]);
  });
});

describe('structure/bottleneck', () => {
  /** Layers with the finding, where a recurrent layer of one unit each way marks every step with one of these classes. */
  const narrowWith = (classes: number) => {
    const layers = {
      data: { type: 'input', shape: [16, 4] },
      both: { type: 'gru', from: 'data', hiddenSize: 1, bidirectional: true, returnSequences: true },
      tags: { type: 'dense', from: 'both', units: classes },
    };
    const analysis = analyze(JSON.stringify({ layers, training: training('tags') }));
    return bottleneck
      .find({ analysis }, bottleneck.limits)
      .map(({ layer, evidence }) => ({ layer, evidence }));
  };

  it('is found where one unit remembers what three classes depend on', () =>
    expect(narrowWith(3)).toEqual([{ layer: 'both', evidence: { value: 1, limit: 1.5 } }]));
  it('is not found where one unit distinguishes two classes', () => expect(narrowWith(2)).toEqual([]));
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

  it('does not grow with windows that are bypassed', () => {
    const window = { from: 'data', filters: 3, kernelSize: 3, bypass: true };
    const picture = {
      data: { type: 'input', shape: [8, 8, 3] },
      wide: { type: 'conv2d', ...window },
    };
    expect(fieldsIn(analyze(JSON.stringify({ layers: picture })).graph).get('wide')).toEqual({
      size: 1,
      step: 1,
    });
    const steps = { data: { type: 'input', shape: [8, 3] }, wide: { type: 'conv1d', ...window } };
    const { graph } = analyze(JSON.stringify({ layers: steps }));
    expect(stepsReadBy(graph, graph.byName.get('wide'))).toEqual({ read: 1, all: 8 });
  });

  it('is not computed behind a layer that enlarges the picture', () => {
    const enlarging = {
      up: { type: 'upsample2d', from: 'data', scale: 4 },
      transposed: { type: 'convTranspose2d', from: 'data', filters: 2, kernelSize: 2, stride: 2 },
    };
    const layers = { data: { type: 'input', shape: [8, 8, 1] }, ...enlarging };
    const fields = fieldsIn(analyze(JSON.stringify({ layers })).graph);
    for (const name of Object.keys(enlarging))
      expect(fields.get(name)).toEqual({ size: Number.POSITIVE_INFINITY, step: 1 });
  });
});

describe('test values', () => {
  const train = { values: Float32Array.from([0, 10, 1, 20, 2, 30]) };

  it('are outside of the range of a column if they are more than a tenth of it away', () =>
    expect(mostDisplaced(train, { values: Float32Array.from([2.1, 32, 1, 33]) }, [2])).toEqual({
      feature: 1,
      share: 0.5,
      train: [10, 30],
      test: [32, 33],
    }));

  it('are counted in the first of the columns that are outside most often', () =>
    expect(mostDisplaced(train, { values: Float32Array.from([70, 700, 80, 800]) }, [2])?.feature).toBe(0));

  it('are not compared with the range of a few training samples', () => {
    const analysis = network('act1', {});
    const displaced = mostDisplaced(train, { values: Float32Array.from([70, 700, 80, 800]) }, [2]);
    const data = { inputs: [{ name: 'data', displaced }] };
    const severityWith = (trainSamples: number) => {
      const look = { analysis, data, trainSamples, testSamples: 100 } as unknown as DataLook;
      return otherScale.find(look, otherScale.limits).map(({ severity }) => severity);
    };
    expect(severityWith(100)).toEqual(['warning']);
    expect(severityWith(3)).toEqual([]);
  });

  it('of a series may continue for half of its range', () => {
    expect(mostDisplaced(train, { values: Float32Array.from([44, 45]) }, [1, 1])?.share).toBe(0);
    expect(mostDisplaced(train, { values: Float32Array.from([46, 45]) }, [1, 1])?.share).toBe(0.5);
  });
});
