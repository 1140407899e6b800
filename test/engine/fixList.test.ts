/** The fixes that the field knows are offered: each for the first sick network of a rule. */
import { describe, expect, it } from 'vitest';
import type { FindingDefinition } from '../../engine/diagnose/define.ts';
import { constantFeature } from '../../engine/diagnose/rules/constantFeature.ts';
import { deadRelu } from '../../engine/diagnose/rules/deadRelu.ts';
import { explodingInTime } from '../../engine/diagnose/rules/explodingInTime.ts';
import { imbalanced } from '../../engine/diagnose/rules/imbalanced.ts';
import { leak } from '../../engine/diagnose/rules/leak.ts';
import { lossMismatch } from '../../engine/diagnose/rules/lossMismatch.ts';
import { mismatchedInit } from '../../engine/diagnose/rules/mismatchedInit.ts';
import { notFinite } from '../../engine/diagnose/rules/notFinite.ts';
import { notScaled } from '../../engine/diagnose/rules/notScaled.ts';
import { overfitting } from '../../engine/diagnose/rules/overfitting.ts';
import { saturated } from '../../engine/diagnose/rules/saturated.ts';
import { slowingUpdate } from '../../engine/diagnose/rules/slowingUpdate.ts';
import { symmetricInit } from '../../engine/diagnose/rules/symmetricInit.ts';
import { unusedOutputs } from '../../engine/diagnose/rules/unusedOutputs.ts';
import { vanishingGradient } from '../../engine/diagnose/rules/vanishingGradient.ts';
import { vanishingInTime } from '../../engine/diagnose/rules/vanishingInTime.ts';
import { TrainingFailure, train } from '../../engine/train/loop.ts';
import { openTraining } from '../../engine/train/open.ts';
import { textOf } from './diagnosed.ts';
import { load } from './wasmHarness.ts';

type Rule = Pick<FindingDefinition, 'code' | 'samples'>;

/** The edits of all fixes of a rule's findings, as JSON. */
async function editsOf({ code, samples }: Rule): Promise<readonly string[]> {
  const backend = load('plain');
  const { training } = await openTraining(textOf(samples().sick[0]), { folder: '.' }, backend);
  const edits: string[] = [];
  try {
    for await (const event of train(training, { now: () => 0, yield: () => Promise.resolve() }))
      if (event.event === 'finding' && event.code === code)
        edits.push(...training.diagnosis.fixesOf(event).map(({ edit }) => JSON.stringify(edit)));
  } catch (error) {
    if (!(error instanceof TrainingFailure)) throw error;
  } finally {
    backend.dispose?.();
  }
  return edits;
}

const symmetricBeforeTanh: Rule = {
  code: symmetricInit.code,
  samples: () => ({ ...symmetricInit.samples(), sick: symmetricInit.samples().sick.slice(1) }),
};

const known = new Map<Rule, Promise<readonly string[]>>();

describe('a fix that is offered', () => {
  it.each<[what: string, rule: Rule, edit: RegExp]>([
    ['replaces sigmoids with ReLU', vanishingGradient, /"attribute":"type","value":"relu"/],
    ['adds residual links', vanishingGradient, /"type":"add"/],
    ['normalizes where gradients vanish', vanishingGradient, /"type":"batchNorm"/],
    ['starts weights where gradients vanish', vanishingGradient, /"kernelInitializer","value":"heUniform"/],
    ['replaces ReLU with a leaky one', deadRelu, /"attribute":"type","value":"leakyRelu"/],
    ['lowers the learning rate', deadRelu, /"path":\["optimizer","learningRate"\]/],
    ['changes the initializer', mismatchedInit, /"attribute":"kernelInitializer"/],
    ['draws equal weights before ReLU by He', symmetricInit, /"kernelInitializer","value":"heUniform"/],
    [
      'draws equal weights before tanh by Glorot',
      symmetricBeforeTanh,
      /"kernelInitializer","value":"glorotUniform"/,
    ],
    ['clips the norm of gradients at 5', notFinite, /"path":\["clipNorm"\],"value":5/],
    ['adds a batch normalization', saturated, /"type":"batchNorm"/],
    ['replaces a simple recurrent layer with an LSTM', vanishingInTime, /"attribute":"type","value":"lstm"/],
    ['replaces a simple recurrent layer with a GRU', vanishingInTime, /"attribute":"type","value":"gru"/],
    ['makes a recurrent kernel orthogonal', explodingInTime, /"recurrentInitializer","value":"orthogonal"/],
    ['removes a softmax before a loss that has its own', lossMismatch, /"kind":"removeLayers"/],
    ['scales the input', notScaled, /"path":\["data","normalize"\],"value":"standardize"/],
    ['drops a constant column', constantFeature, /"path":\["data","exclude"\]/],
    ['drops a column that gives the answer away', leak, /"path":\["data","exclude"\]/],
    ['weighs classes', imbalanced, /"(class|positive)Weights"/],
    ['adds dropout', overfitting, /"type":"dropout"/],
    ['adds weight decay', overfitting, /"weightDecay"/],
    ['stops early', overfitting, /"path":\["earlyStopping"\]/],
    ['sets the width of the last layer', unusedOutputs, /"attribute":"units"/],
    [
      'raises the learning rate of Adagrad',
      slowingUpdate,
      /"path":\["optimizer","learningRate"\],"value":0\.1\b/,
    ],
    ['lets a layer remember a whole sequence', vanishingInTime, /"attribute":"memorySteps","value":30/],
    ['replaces Adagrad with Adam', slowingUpdate, /"path":\["optimizer"\],"value":\{"type":"adam"/],
  ])('%s', async (_, rule, edit) => {
    if (!known.has(rule)) known.set(rule, editsOf(rule));
    expect((await known.get(rule)!).some((one) => edit.test(one))).toBe(true);
  });
});
