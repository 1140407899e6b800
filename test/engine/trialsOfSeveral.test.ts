/** Try tries the fix of all layers that have a finding, the next fix if the first does not help, and says what to do if none does. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chain } from '../../engine/diagnose/samples.ts';
import { tryFix } from '../../engine/trials/trial.ts';
import { courseHost, setting } from './courseSetting.ts';

/** Two blocks of a dense layer with a bias before batch normalization. */
const twoBlocks = JSON.stringify({
  layers: {
    point: { type: 'input', shape: [2] },
    dense1: { type: 'dense', from: 'point', units: 8 },
    norm1: { type: 'batchNorm', from: 'dense1' },
    bend1: { type: 'relu', from: 'norm1' },
    dense2: { type: 'dense', from: 'bend1', units: 8 },
    norm2: { type: 'batchNorm', from: 'dense2' },
    bend2: { type: 'relu', from: 'norm2' },
    scores: { type: 'dense', from: 'bend2', units: 2 },
  },
  training: {
    data: { type: 'points', samples: 200, testSamples: 50 },
    loss: { type: 'softmaxCrossEntropy', from: 'scores' },
    optimizer: { type: 'adam', learningRate: 0.02 },
    batchSize: 20,
    epochs: 3,
  },
});

/** A simple recurrent layer that forgets at once, whether or not its gradient is cut. */
const cutAndShort = JSON.stringify({
  layers: {
    numbers: { type: 'input', shape: [24, 2] },
    memory: {
      type: 'simpleRnn',
      from: 'numbers',
      hiddenSize: 16,
      truncate: 12,
      recurrentInitializer: { type: 'normal', std: 0.05 },
    },
    sum: { type: 'dense', from: 'memory', units: 1 },
  },
  training: {
    data: { type: 'adding', sequenceLength: 24, samples: 800, testSamples: 100 },
    loss: { type: 'meanSquaredError', from: 'sum' },
    optimizer: { type: 'adam', learningRate: 0.01 },
    batchSize: 20,
    epochs: 4,
  },
});

describe('a finding in several layers', () => {
  const code = 'structure/batchNormBias';
  const own = 'Set "useBias" of "dense2" to false';

  it.each([
    ['any', undefined, 'Set "useBias" of "dense1" to false, and the same in another layer'],
    ['both', ['dense1', 'dense2'], 'Set "useBias" of "dense1" to false, and the same in another layer'],
    ['one', ['dense2'], own],
  ])('is tried with one fix for all the layers that are asked for: %s', async (_, layers, title) => {
    const { fix, helps, verdict } = await tryFix(twoBlocks, { code, layers, steps: 30 }, setting);
    expect(fix.title).toBe(title);
    expect(verdict).toMatch(/^The fix clears the finding\./);
    expect(helps).toBe(true);
  });
});

describe('a finding in several layers whose fix adds a layer to one of them', () => {
  it('is judged in that layer', async () => {
    const text = JSON.stringify({
      format: 1,
      ...chain([2], {
        first: { type: 'dense', units: 8 },
        second: { type: 'dense', units: 8 },
        third: { type: 'dense', units: 8 },
        logits: { type: 'dense', units: 2 },
      }),
    });
    const { verdict } = await tryFix(text, { code: 'structure/noNonlinearity', steps: 30 }, setting);
    expect(verdict).toMatch(/^The fix clears the finding\./);
  });
});

describe('a finding whose first fix does not help', () => {
  const folder = 'test/fixtures/faults';
  const there = { host: () => courseHost({ folder }) };

  it('gets the next one that does', async () => {
    const { fix, helps, verdict } = await tryFix(cutAndShort, { code: 'time/vanishing' }, setting);
    expect(helps).toBe(true);
    expect(fix.title).toMatch(/^Replace Simple RNN with GRU/);
    expect(verdict).toMatch(
      /^Remove "truncate": this does not help\. Replace .*: The fix clears the finding\./,
    );
  });

  it('says what did not help and what to do next if none does', async () => {
    const text = readFileSync(`${folder}/labels-at-random.nn.json`, 'utf8');
    const { fix, helps, verdict } = await tryFix(text, { code: 'loss/plateau', steps: 200 }, there);
    expect(helps).toBe(false);
    expect(fix.title).toBe('Set "learningRate" to 0.0001');
    expect(verdict).toMatch(
      /^The fix does not clear the finding: .* Nor does this help: Set "learningRate" to 0\.01; .*\. Repair tries more changes/,
    );
  });
});

describe('a training that fails at once', () => {
  it('is compared with a training of full length', async () => {
    const { before, after, helps } = await tryFix(
      twoBlocks.replace('"adam","learningRate":0.02', '"sgd","learningRate":1e38'),
      { code: 'numbers/notFinite' },
      setting,
    );
    expect(before.failure).toBeDefined();
    expect(before.steps).toBeLessThan(30);
    expect([after.failure, after.steps, helps]).toEqual([undefined, 30, true]);
  });
});
