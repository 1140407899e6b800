/** What alternatives change in a network, and what that would prove. */
import { describe, expect, it } from 'vitest';
import type { NetworkSample } from '../../engine/diagnose/define.ts';
import type { DataLook } from '../../engine/diagnose/look.ts';
import { chain, small } from '../../engine/diagnose/samples.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { higherRate } from '../../engine/trials/alternatives/higherRate.ts';
import { longerHistory } from '../../engine/trials/alternatives/longerHistory.ts';
import { noNoise } from '../../engine/trials/alternatives/noNoise.ts';
import { optimizerDefaults } from '../../engine/trials/alternatives/optimizerDefaults.ts';
import { smallerBatches } from '../../engine/trials/alternatives/smallerBatches.ts';
import { widerWindows } from '../../engine/trials/alternatives/widerWindows.ts';
import { withFix } from '../../engine/trials/fixed.ts';
import { history } from './alternativeNetworks.ts';

describe('an alternative for', () => {
  const analysisOf = (sample: NetworkSample) => analyze(JSON.stringify({ format: 1, ...sample }));

  it('dropout and noise also removes those in blocks', () => {
    const { layers, training } = small('relu');
    const text = JSON.stringify({
      format: 1,
      blocks: {
        stage: {
          input: { type: 'blockInput' },
          wide: { type: 'dense', from: 'input', units: 8 },
          drop: { type: 'dropout', from: 'wide', rate: 0.9 },
          output: { type: 'blockOutput', from: 'drop' },
        },
      },
      layers: {
        ...(layers as object),
        noise: { type: 'gaussianNoise', from: 'act2', std: 0.1 },
        stages: { type: 'stage', from: 'noise', repeat: 2 },
        logits: { type: 'dense', from: 'stages', units: 2 },
      },
      training,
    });
    const [{ title, edit }] = noNoise.changes({ analysis: analyze(text) });
    expect(title).toBe('Remove "noise", "drop"');
    const { diagnostics, graph } = analyze(withFix(text, { title, edit }));
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(graph.layers.filter(({ definition }) => definition.category === 'regularization')).toEqual([]);
  });

  it.each([
    ['the next step', true, 'causal'],
    ['something else', false, 'same'],
  ])('narrow windows in a network that predicts %s', (_, isNext, padding) => {
    const analysis = analysisOf(
      chain([8], {
        letters: { type: 'embedding', vocabularySize: 8, units: 8 },
        conv: { type: 'conv1d', filters: 16, kernelSize: 1 },
        logits: { type: 'dense', units: 8 },
      }),
    );
    const data = { targets: [{ isNext }] } as unknown as DataLook['data'];
    const [{ edit }] = widerWindows.changes({ analysis, data });
    expect(edit).toMatchObject({ edits: [{ value: 3 }, { attribute: 'padding', value: padding }] });
  });

  it.each([
    [9600, ['Set "window" to 240']],
    [2000, []],
  ])(
    'a short window has a longer one if all %i training samples allow it, not only the examined ones',
    (trainSamples, titles) => {
      const data = { samples: 2000 } as DataLook['data'];
      const fixes = longerHistory.changes({ analysis: analysisOf(history(60)), data, trainSamples });
      expect(fixes.map(({ title }) => title)).toEqual(titles);
    },
  );

  it.each([
    ['sgd', 0.01, 'update/tooSmall'],
    ['adam', 0.001, 'fit/underfitting'],
    ['adam', 0.0001, 'update/tooSmall'],
  ])('longer steps of %s at a rate of %f proves %s', (type, learningRate, code) => {
    const look = { analysis: analysisOf(small('relu', { optimizer: { type, learningRate } })) };
    expect(higherRate.code(look)).toBe(code);
  });

  it.each([
    [2600, 32],
    [64, 16],
    [16, undefined],
  ])(
    'batches of %i samples has smaller ones, of a usual size where they are large',
    (batchSize, expected) => {
      const [fix] = smallerBatches.changes({ analysis: analysisOf(small('relu', { batchSize })) });
      expect(fix?.edit).toEqual(expected && { kind: 'setTraining', path: ['batchSize'], value: expected });
    },
  );

  it.each([
    [
      'momentum that adds up long steps',
      { type: 'sgd', learningRate: 0.1, momentum: 0.99 },
      'update/tooLarge',
    ],
    [
      'a mean of gradients that is too long',
      { type: 'adam', learningRate: 0.01, beta1: 0.99 },
      'update/tooLarge',
    ],
    ['an epsilon that shortens steps', { type: 'adam', learningRate: 0.01, epsilon: 0.9 }, 'update/tooSmall'],
  ])('%s proves what that does to the steps', (_, optimizer, code) => {
    expect(optimizerDefaults.code({ analysis: analysisOf(small('relu', { optimizer })) })).toBe(code);
  });
});
