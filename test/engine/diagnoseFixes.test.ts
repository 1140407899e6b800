/** Edits of training settings that rules offer: a learning rate that suits the optimizer, and clipping only where it changes something. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixesOf } from '../../engine/diagnose/define.ts';
import {
  changeType,
  clipGradients,
  insertAfter,
  isRateUnusual,
  removeLayer,
  scaleLearningRate,
  squashersToRelu,
} from '../../engine/diagnose/fixes.ts';
import { addHiddenLayer, widen } from '../../engine/diagnose/growth.ts';
import type { TrainingLook } from '../../engine/diagnose/look.ts';
import { addResidualLinks } from '../../engine/diagnose/residual.ts';
import { addDropout, addWeightDecay } from '../../engine/diagnose/restraint.ts';
import { batchNormBias } from '../../engine/diagnose/rules/batchNormBias.ts';
import { explodingGradient } from '../../engine/diagnose/rules/explodingGradient.ts';
import { explodingInTime } from '../../engine/diagnose/rules/explodingInTime.ts';
import { noOrder } from '../../engine/diagnose/rules/noOrder.ts';
import { slowStatistics } from '../../engine/diagnose/rules/slowStatistics.ts';
import { vanishingInTime } from '../../engine/diagnose/rules/vanishingInTime.ts';
import { chain, deep, small } from '../../engine/diagnose/samples.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { optimizers } from '../../engine/optimizers/registry.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';

const look = (training: { readonly [setting: string]: Json }) => ({
  analysis: analyze(JSON.stringify({ format: 1, ...small('relu', training) })),
});

/** The learning rate that the fix sets. */
function scaledRate(type: string, learningRate: number, factor: number): unknown {
  const [fix] = scaleLearningRate(look({ optimizer: { type, learningRate } }), factor);
  expect(fix.edit).toMatchObject({ kind: 'setTraining', path: ['optimizer', 'learningRate'] });
  return (fix.edit as { readonly value?: unknown }).value;
}

const usual = (type: string): number => Number(optimizers.get(type).attributes.learningRate.default);

describe('a scaled learning rate', () => {
  it.each([
    ['has two digits', 'adam', 0.01, 1 / 3, 0.0033],
    ['is a tenth', 'sgd', 0.3, 1 / 10, 0.03],
    ['is at most ten times the default', 'adam', 3, 1 / 10, 0.01],
    ['is at most the default where a hundredth is asked for', 'adam', 3, 1 / 100, 0.001],
    ['is at least the default where it is raised', 'adam', 1e-9, 100, 0.001],
    ['is raised beyond the default if it was near it', 'adam', 0.001, 10, 0.01],
  ])('%s', (_, type, rate, factor, expected) => {
    expect(scaledRate(type, rate, factor)).toBe(expected);
  });

  it('is never raised where it should fall, nor lowered where it should rise, for any optimizer', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('adam', 'sgd', 'rmsprop', 'adagrad'),
        fc.double({ min: -9, max: 3, noNaN: true }),
        fc.constantFrom(1 / 100, 1 / 10, 1 / 3, 10, 100, 1000),
        (type, exponent, factor) => {
          const rate = Number((10 ** exponent).toPrecision(3));
          const value = scaledRate(type, rate, factor) as number;
          expect(value).toBeGreaterThan(0);
          if (factor < 1) {
            expect(value).toBeLessThanOrEqual(rate);
            expect(value).toBeLessThanOrEqual(10 * usual(type));
          } else {
            expect(value).toBeGreaterThanOrEqual(rate);
            expect(value).toBeGreaterThanOrEqual(usual(type));
          }
        },
      ),
      { seed: 12, numRuns: 200 },
    ));

  it('is not offered for an optimizer without one', () => {
    const analysis = analyze(JSON.stringify({ format: 1, layers: { data: { type: 'input', shape: [2] } } }));
    expect(scaleLearningRate({ analysis }, 0.1)).toEqual([]);
  });
});

describe('a learning rate', () => {
  it.each([
    ['of more than ten times the default', { type: 'adam', learningRate: 0.02 }, true],
    ['of ten times the default', { type: 'adam', learningRate: 0.01 }, false],
    ['that momentum makes as long', { type: 'sgd', learningRate: 0.05, momentum: 0.9 }, true],
    ['that suits its momentum', { type: 'sgd', learningRate: 0.005, momentum: 0.9 }, false],
    ['of the default with momentum 0.9', { type: 'sgd', learningRate: 0.01, momentum: 0.9 }, false],
    ['of ten times the default with momentum 0.9', { type: 'sgd', learningRate: 0.1, momentum: 0.9 }, true],
  ])('%s: is unusual, %s', (_, optimizer, expected) => {
    expect(isRateUnusual(look({ optimizer }))).toBe(expected);
  });
});

describe('skip connections', () => {
  const initialized = (layers: number) => {
    const analysis = analyze(JSON.stringify({ format: 1, ...deep(layers, 'relu') }));
    const [{ edit }] = addResidualLinks({ analysis }, 'dense1');
    return edit.kind === 'several'
      ? edit.edits.filter(
          (one) =>
            one.kind === 'setAttribute' && one.attribute === 'kernelInitializer' && one.layer !== 'dense1',
        ).length
      : 0;
  };

  it('around many layers let their weights start smaller, so that the sum does not grow', () => {
    expect(initialized(4)).toBe(0);
    expect(initialized(12)).toBe(11);
  });
});

describe('clipped gradients', () => {
  it.each([
    ['are offered where nothing is clipped', {}, ['Set "clipNorm" to 5']],
    ['are clipped more', { clipNorm: 50 }, ['Set "clipNorm" to 5']],
    ['are not offered where they are clipped as much', { clipNorm: 5 }, []],
  ])('%s', (_, training, titles) => {
    expect(clipGradients(look(training)).map(({ title }) => title)).toEqual(titles);
  });

  it.each([
    ['come first', 'sgd', ['Set "clipNorm" to 5', 'Set "learningRate" to 0.1']],
    ['come after a lower learning rate', 'adam', ['Set "learningRate" to 0.01', 'Set "clipNorm" to 5']],
  ])('%s where gradients explode with %s', (_, type, titles) => {
    const { analysis } = look({ optimizer: { type, learningRate: 0.5 } });
    const seen = { analysis, training: analysis.spec.training } as TrainingLook;
    expect(fixesOf(explodingGradient, undefined, seen).map(({ title }) => title)).toEqual(titles);
  });
});

describe('a gradient in time that truncation cuts', () => {
  it.each([
    [
      'flows along all steps, or is cut after half of the sequence',
      3,
      20,
      ['Remove "truncate"', 'Set "truncate" of "memory" to 12'],
    ],
    ['flows along all steps where twice as many would be all', 3, 5, ['Remove "truncate"']],
    ['stays as it is where nothing is cut', 0, 20, []],
  ])('%s', (_, truncate, steps, titles) => {
    const layers = {
      memory: { type: 'simpleRnn', hiddenSize: 4, ...(truncate > 0 ? { truncate } : {}) },
      sum: { type: 'dense', units: 1 },
    };
    const analysis = analyze(JSON.stringify({ format: 1, ...chain([steps, 2], layers) }));
    const seen = { analysis, training: analysis.spec.training } as TrainingLook;
    const offered = fixesOf(vanishingInTime, 'memory', seen).map(({ title }) => title);
    expect(offered.filter((title) => title.includes('truncate'))).toEqual(titles);
  });
});

describe('a gated layer that began by remembering the whole sequence', () => {
  it('is not advised to begin so, but to be another one, or to read shorter sequences', () => {
    const norms = Array.from({ length: 20 }, (_, step) => 10 ** (step - 19));
    const found = (memorySteps: number) => {
      const layers = {
        memory: { type: 'lstm', hiddenSize: 4, memorySteps },
        sum: { type: 'dense', units: 1 },
      };
      const analysis = analyze(JSON.stringify({ format: 1, ...chain([20, 2], layers) }));
      const check = { step: 100, stats: { memory: { gradThroughTime: norms } } };
      const seen = {
        ...{ analysis, training: analysis.spec.training, checks: [check], epochs: [], isLast: true },
        ...{ baseline: { loss: 1 }, loss: 1, floor: 0 },
      } as unknown as TrainingLook;
      const [{ message }] = vanishingInTime.find(seen, vanishingInTime.limits);
      return [message(), ...fixesOf(vanishingInTime, 'memory', seen).map(({ title }) => title)].join('\n');
    };
    expect(found(10)).toMatch(
      /Let it begin by remembering them.*\n.*Let "memory" begin by remembering 20 steps/,
    );
    expect(found(20)).toMatch(/although the layer began by remembering them \("memorySteps"\)/);
    expect(found(20)).not.toMatch(/Let (it|"memory") begin/);
  });
});

describe('biases that batch normalization removes', () => {
  const blocks = (count: number) =>
    analyze(
      JSON.stringify({
        format: 1,
        ...chain(
          [2],
          Object.fromEntries(
            Array.from({ length: count }, (_, index) => [
              [`dense${index}`, { type: 'dense', units: 4 }],
              [`norm${index}`, { type: 'batchNorm' }],
            ]).flat(),
          ),
        ),
      }),
    );

  it.each([
    [3, 3, 'Set "useBias" of "dense0" to false'],
    [125, 1, 'Set "useBias" to false in 125 layers'],
  ])('in %i layers are %i findings', (count, findings, title) => {
    const seen = { analysis: blocks(count) };
    const found = batchNormBias.find(seen, {});
    expect(found).toHaveLength(findings);
    if (findings === 1) expect(found[0].message()).toContain('The same is true of 124 other layers');
    expect(fixesOf(batchNormBias, 'dense0', seen)[0].title).toBe(title);
  });
});

describe('fixes of a network that repeats a block', () => {
  const text = JSON.stringify({
    format: 1,
    blocks: {
      stage: {
        input: { type: 'blockInput' },
        wide: { type: 'dense', from: 'input', units: 8, kernelInitializer: 'zeros' },
        act: { type: 'sigmoid', from: 'wide' },
        output: { type: 'blockOutput', from: 'act' },
      },
    },
    layers: {
      point: { type: 'input', shape: [2] },
      first: { type: 'dense', from: 'point', units: 8 },
      stages: { type: 'stage', from: 'first', repeat: 9 },
      logits: { type: 'dense', from: 'stages', units: 2 },
    },
    training: {
      data: { type: 'points' },
      loss: { type: 'softmaxCrossEntropy', from: 'logits' },
      optimizer: { type: 'sgd', learningRate: 0.1 },
    },
  });
  const inBlocks: TrainingLook = { analysis: analyze(text) } as never;
  const layers = inBlocks.analysis.graph.layers.map(({ name }) => name);

  it.each([
    ['a skip connection', (layer: string) => addResidualLinks(inBlocks, layer)],
    ['an inserted layer', (layer: string) => insertAfter(inBlocks, layer, 'batchNorm')],
    ['another kind', (layer: string) => (layer.endsWith('act') ? changeType(inBlocks, layer, 'relu') : [])],
    ['a removed layer', (layer: string) => removeLayer(inBlocks, layer)],
    ['dropout', () => addDropout(inBlocks, 0.3)],
    ['more units', () => widen(inBlocks, 4)],
    ['one more layer', () => addHiddenLayer(inBlocks)],
    ['ReLU', () => squashersToRelu(inBlocks, inBlocks.analysis.graph.layers)],
    ['weight decay', () => addWeightDecay(inBlocks, 0.01)],
  ])('%s leaves a network that can be trained, or is not offered', (_, fixesFor) => {
    for (const layer of layers)
      for (const { edit } of fixesFor(layer)) {
        const edited = applyEdit(text, edit);
        const problem = 'problem' in edited ? edited.problem : undefined;
        const after = 'changes' in edited ? analyze(applyChanges(text, edited.changes)).diagnostics : [];
        expect({ layer, problem, errors: after.filter(({ severity }) => severity === 'error') }).toEqual({
          layer,
          problem: undefined,
          errors: [],
        });
      }
  });
});

describe('a fix that would change nothing is not offered', () => {
  const titles = (
    rule: Parameters<typeof fixesOf>[0],
    layer: string,
    layers: { readonly [name: string]: Json },
  ) => {
    const analysis = analyze(
      JSON.stringify({
        layers: { series: { type: 'input', shape: [10, 4] }, ...layers },
        training: {
          data: { type: 'adding', sequenceLength: 10, samples: 100 },
          loss: { type: 'meanSquaredError', from: layer },
          optimizer: { type: 'sgd', learningRate: 0.01 },
          clipNorm: 1,
          epochs: 1,
        },
      }),
    );
    const { training } = analysis.spec;
    return fixesOf(rule, layer, { analysis, training, trainSamples: 100 } as TrainingLook).map(
      ({ title }) => title,
    );
  };
  const memory = (given: { readonly [name: string]: Json }) => ({
    memory: { type: 'simpleRnn', from: 'series', hiddenSize: 4, ...given },
  });
  const norm = (given: { readonly [name: string]: Json }) => ({
    norm: { type: 'batchNorm', from: 'series', ...given },
  });
  const orthogonal = 'Use orthogonal recurrent weights in "memory"';
  const momentum = 'Set "momentum" of "norm" to 0.9';

  it.each([
    ['an initializer that is the default', explodingInTime, 'memory', memory({}), false, orthogonal],
    [
      'one that is written out',
      explodingInTime,
      'memory',
      memory({ recurrentInitializer: { type: 'orthogonal' } }),
      false,
      orthogonal,
    ],
    [
      'another one',
      explodingInTime,
      'memory',
      memory({ recurrentInitializer: 'identity' }),
      true,
      orthogonal,
    ],
    ['a momentum that is the default', slowStatistics, 'norm', norm({}), false, momentum],
    ['a momentum below it', slowStatistics, 'norm', norm({ momentum: 0.8 }), false, momentum],
    ['a larger one', slowStatistics, 'norm', norm({ momentum: 0.999 }), true, momentum],
  ] as const)('%s', (_, rule, layer, layers, isOffered, title) => {
    expect(titles(rule as Parameters<typeof fixesOf>[0], layer, layers).includes(title)).toBe(isOffered);
  });
});

describe('a mean over steps that treats each of them alone', () => {
  const titlesFor = (data: { readonly [setting: string]: Json }) => {
    const sample = chain(
      [12, 3],
      {
        each: { type: 'dense', units: 6 },
        bend: { type: 'relu' },
        mean: { type: 'globalAveragePool' },
        scores: { type: 'dense', units: 2 },
      },
      { data },
    );
    const text = JSON.stringify({ format: 1, ...sample });
    const fixes = fixesOf(noOrder, 'mean', { analysis: analyze(text), limits: {} });
    for (const { edit } of fixes) {
      const edited = applyEdit(text, edit);
      if ('problem' in edited) throw new Error(edited.problem);
      expect(analyze(applyChanges(text, edited.changes)).diagnostics).toEqual([]);
    }
    return fixes.map(({ title }) => title);
  };

  it('is replaced by all steps side by side, or by a recurrent layer of the same width', () => {
    expect(titlesFor({ type: 'series', file: 'a.csv', window: 12 })).toEqual([
      'Replace Global average pool with Flatten in "mean"',
      'Replace Global average pool with GRU in "mean"',
    ]);
  });

  it('is never replaced by steps side by side where sequences may differ in length', () => {
    expect(titlesFor({ type: 'sequences', file: 'a.json' })).toEqual([
      'Replace Global average pool with GRU in "mean"',
    ]);
  });
});
