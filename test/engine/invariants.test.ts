/** Invariants of every run: a training that breaks one reports the layer and the parameter. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import type { FloatArray } from '../../engine/kernels/tensor.ts';
import { openTraining } from '../../engine/train/open.ts';
import type { Training } from '../../engine/train/training.ts';

const network = JSON.stringify({
  layers: {
    data: { type: 'input', shape: [2] },
    frozen: { type: 'dense', from: 'data', units: 2, trainable: false },
    first: { type: 'dense', from: 'frozen', units: 2 },
    again: { type: 'dense', from: 'first', units: 2, shares: 'first' },
  },
  training: {
    data: { type: 'points', pattern: 'moons', samples: 40, testSamples: 10 },
    loss: { type: 'softmaxCrossEntropy', from: 'again' },
    optimizer: { type: 'adam', learningRate: 0.01 },
    batchSize: 20,
    epochs: 3,
  },
});

/** The findings of an epoch, if `harm` changes the training after its first step. */
async function foundInEpoch(harm: (training: Training) => void) {
  const { training } = await openTraining(network, { folder: '.' }, referenceBackend);
  for (let step = 0; training.next === 'step'; step++) {
    training.step(false);
    if (step === 0) harm(training);
  }
  training.endEpoch(undefined);
  const found = [];
  for (let one = training.diagnosis.take(); one; one = training.diagnosis.take()) found.push(one);
  return found.filter(({ code }) => code === 'parameters/inconsistent');
}

const dataOf = ({ parts: { runtime } }: Training, layer: string, parameter: string): FloatArray => {
  const index = runtime.plan.layers.findIndex((one) => one.layer.name === layer);
  return runtime.passes[index].parameters[parameter].data;
};

describe('in every run', () => {
  it('frozen parameters keep their values, and shared ones are equal', async () => {
    expect(await foundInEpoch(() => undefined)).toEqual([]);
  });

  it('a frozen parameter that changes is an error of its layer', async () => {
    const [found, ...others] = await foundInEpoch((training) => {
      dataOf(training, 'frozen', 'kernel')[3] += 0.25;
    });
    expect(others).toEqual([]);
    expect(found).toMatchObject({ layer: 'frozen', severity: 'error', path: ['layers', 'frozen'] });
    expect(found.evidence.value).toBeCloseTo(0.25, 6);
    expect(found.message).toMatch(/^frozen: its kernel is frozen, but changed by 0\.25/);
  });

  it('a layer that computes with a copy of shared parameters is an error', async () => {
    const { training } = await openTraining(network, { folder: '.' }, referenceBackend);
    const { runtime } = training.parts;
    const index = runtime.plan.layers.findIndex((one) => one.layer.name === 'again');
    const { bias } = runtime.passes[index].parameters;
    (runtime.passes[index].parameters as { [name: string]: typeof bias }).bias = {
      ...bias,
      data: bias.data.slice(),
    };
    while (training.next === 'step') training.step(false);
    training.endEpoch(undefined);
    const codes = [];
    for (let one = training.diagnosis.take(); one; one = training.diagnosis.take()) codes.push(one);
    expect(codes.find(({ code }) => code === 'parameters/inconsistent')).toMatchObject({
      layer: 'again',
      severity: 'error',
    });
  });
});
