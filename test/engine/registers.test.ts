/** Wide registers are freed after kernels, before any other code of a training computes. */
import { describe, expect, it } from 'vitest';
import type { Kernels } from '../../engine/kernels/kernels.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { evaluateSplit } from '../../engine/train/evaluate.ts';
import { threadHost } from '../../engine/train/host.ts';
import { openTraining } from '../../engine/train/open.ts';
import { load } from './wasmHarness.ts';

/** A backend that notes its calls. */
function noting(calls: string[]) {
  const noted = (name: string, run: unknown) =>
    typeof run === 'function'
      ? (...operands: unknown[]) => {
          calls.push(name);
          return run(...operands);
        }
      : run;
  const entries = Object.entries(referenceBackend.kernels).map(([name, run]) => [name, noted(name, run)]);
  const kernels = Object.fromEntries(entries) as Kernels;
  return { ...referenceBackend, kernels, afterKernels: () => calls.push('free') };
}

const text = JSON.stringify({
  format: 1,
  layers: {
    x: { type: 'input', shape: [12, 12, 1] },
    hidden: { type: 'conv2d', from: 'x', filters: 2, kernelSize: 3, l2: 0.01 },
    relu: { type: 'relu', from: 'hidden' },
    flat: { type: 'flatten', from: 'relu' },
    attention: { type: 'reshape', from: 'flat', shape: [10, 20] },
    seen: { type: 'multiHeadAttention', from: 'attention', heads: 2, keySize: 4 },
    all: { type: 'flatten', from: 'seen' },
    y: { type: 'dense', from: 'all', units: 4 },
  },
  training: {
    data: { type: 'shapes', samples: 64, size: 12 },
    loss: { type: 'softmaxCrossEntropy', from: 'y' },
    optimizer: { type: 'adam' },
    batchSize: 16,
    epochs: 1,
  },
});

describe('registers', () => {
  it('are freed after every step, evaluation and measurement of a training', async () => {
    const calls: string[] = [];
    const { training } = await openTraining(text, { folder: '.' }, noting(calls));
    const { parts } = training;
    const work: { readonly [name: string]: () => unknown } = {
      'a step': () => training.step(false),
      'the first look of the diagnosis': () => training.diagnosis,
      'a measured step': () => training.step(true),
      'a detailed step': () => training.step(true, true),
      'the details of a sample': () => training.readDetail(1),
      'the penalty': () => training.lastStep(),
      'an evaluation': () => evaluateSplit(parts, parts.dataset.train, threadHost),
    };
    for (const [name, run] of Object.entries(work)) {
      calls.length = 0;
      await run();
      expect(calls.length, name).toBeGreaterThan(1);
      expect(calls.at(-1), name).toBe('free');
    }
  });

  it('are freed before a loss is read, before gradients are clipped, and before the measurements of single layers', async () => {
    const calls: string[] = [];
    const { training } = await openTraining(text, { folder: '.' }, noting(calls));
    calls.length = 0;
    training.step(true);
    const forward = calls.slice(0, calls.indexOf('softmaxCrossEntropy')).filter((name) => name !== 'clear');
    expect(forward.at(-1)).toBe('free');
    expect(forward.slice(forward.indexOf('attend'), -1)).toContain('free');
    calls.length = 0;
    training.step(false);
    const update = calls.indexOf('adamStep');
    expect(calls.slice(update - 4, update)).toEqual(['free', 'addScaled', 'sumOfSquares', 'free']);
  });

  it('of 128 bits need no freeing', () => {
    expect(load('relaxed').afterKernels).toBeUndefined();
    expect(load('plain').afterKernels).toBeUndefined();
    expect(load('wide').afterKernels?.()).toBeUndefined();
    expect(load('wide').afterKernels).toBeDefined();
  });
});
