/** Values of attributes as the inspector and the cards write them. */
import { describe, expect, test } from 'vitest';
import { conv2d } from '../../engine/layers/conv2d.ts';
import { input } from '../../engine/layers/input.ts';
import { layers } from '../../engine/layers/registry.ts';
import { optimizers } from '../../engine/optimizers/registry.ts';
import type { Attribute, Json } from '../../engine/schema/attributes.ts';
import { bytesText, countText } from '../../engine/schema/text.ts';
import { parameterAttributes } from '../../engine/spec/blockParameters.ts';
import { copyName, freshName } from '../../engine/spec/names.ts';
import { trainingAttributes } from '../../engine/spec/training.ts';
import { shownSettings } from '../../webview/model/cardWords.ts';
import { switchKind } from '../../webview/model/kinds.ts';
import { RunSeries } from '../../webview/model/series.ts';
import { formatDefault, inputText, parseInput, settingsOf } from '../../webview/model/values.ts';

describe('values', () => {
  test('a card names what is required or set, briefly', () => {
    const describe = (given: { [name: string]: Json }) => settingsOf(conv2d.attributes, given).join(' · ');
    expect(describe({ filters: 8, kernelSize: 3, padding: 'same' })).toBe('8 filters · 3×3 · same');
    expect(describe({ filters: 8, kernelSize: [3, 5], useBias: false })).toBe('8 filters · 3×5 · no bias');
    expect(describe({ filters: 8, kernelSize: 3, padding: 'valid', kernelInitializer: 'zeros' })).toBe(
      '8 filters · 3×3',
    );
  });

  test('a card says what a layer is in words, not in names of attributes', () => {
    const of = (type: string, given: { [name: string]: Json }) =>
      settingsOf(layers.get(type).attributes, given).join(' · ');
    expect(of('lstm', { hiddenSize: 32, returnSequences: true, bidirectional: true })).toBe(
      '32 units · bidirectional · every step',
    );
    expect(of('embedding', { vocabularySize: 8, units: 1 })).toBe('8 symbols · 1 unit');
    expect(of('multiHeadAttention', { causal: true })).toBe('4 heads · keys of 16 · causal');
    expect(of('dropout', {})).toBe('0.5');
    expect(of('slice', { start: 2, size: 5 })).toBe('from 2 · 5 entries');
    expect(of('dense', { units: '$width' })).toBe('$width units');
    expect(of('dense', { units: 3, useBias: '$bias' })).toBe('3 units · use bias $bias');
    for (const { attributes, samples } of layers)
      for (const sample of samples) {
        const given = (sample.attributes ?? {}) as { [name: string]: Json };
        const names = Object.keys(attributes).filter((name) => /[A-Z]/.test(name));
        for (const name of names) expect(settingsOf(attributes, given).join()).not.toContain(name);
      }
  });

  test('the card of a block writes parameters by the names that the block gives them, and their values', () => {
    const res = {
      input: { type: 'blockInput' },
      bias: { type: 'blockParameter', default: false },
      nFFT: { type: 'blockParameter', default: 4 },
      each: { type: 'dense', from: 'input', units: '$nFFT', useBias: '$bias' },
      output: { type: 'blockOutput', from: 'each' },
    };
    const of = (given: { [name: string]: Json }) => settingsOf(parameterAttributes({ res }, 'res'), given);
    expect(of({ bias: true, nFFT: 8 })).toEqual(['bias true', 'nFFT 8']);
    expect(of({ bias: false, nFFT: 4 })).toEqual([]);
  });

  test('a card without room for all settings shows the first ones beside the kind', () => {
    expect(shownSettings('Conv 2D', ['16 filters', '3×3', 'same'])).toBe('16 filters · 3×3 · same');
    expect(shownSettings('LSTM', ['32 units', 'bidirectional', 'every step'])).toBe(
      '32 units · bidirectional',
    );
    expect(shownSettings('Block', ['a value that is much longer than a card is wide'])).toContain('a value');
  });

  test('the text of a field is read back as the same value', () => {
    const check = (attribute: Attribute<unknown>, ...values: Json[]) => {
      for (const value of values) expect(parseInput(inputText(value), attribute)).toEqual(value);
    };
    check(conv2d.attributes.kernelSize, 3, [3, 5]);
    check(input.attributes.shape, [28, 28, 1], [7]);
    check(trainingAttributes.metrics, ['accuracy'], ['accuracy', 'topK']);
  });

  test('lists may be typed as people write them', () => {
    for (const text of ['28, 28, 1', '[28, 28, 1]', '28×28×1', '28x28x1', ' 28 28 1 '])
      expect(parseInput(text, input.attributes.shape)).toEqual([28, 28, 1]);
    expect(parseInput('5', input.attributes.shape)).toEqual([5]);
    expect(parseInput('ten', conv2d.attributes.kernelSize)).toBe('ten');
  });

  test('defaults are shown for every attribute of every layer', () => {
    for (const { attributes } of layers)
      for (const attribute of Object.values(attributes))
        expect(formatDefault(attribute)).not.toContain('[object');
    expect(formatDefault(conv2d.attributes.stride)).toBe('1');
  });

  test('large numbers are short', () => {
    expect([999, 9999, 12_345, 1_234_567, 2e9].map(countText)).toEqual([
      '999',
      '9,999',
      '12.3 K',
      '1.23 M',
      '2.00 G',
    ]);
    expect([512, 2048, 3 * 1024 ** 2].map(bytesText)).toEqual(['512 B', '2.00 KiB', '3.00 MiB']);
    // A number that rounds to the next unit is written in that unit, and none has an exponent.
    expect([999_499, 999_999].map(countText)).toEqual(['999 K', '1.00 M']);
    expect([1023 * 1024, 1024 ** 2 - 1].map(bytesText)).toEqual(['1023 KiB', '1.00 MiB']);
  });

  test('names are short and free', () => {
    const taken = new Set(['conv1', 'conv2', 'block3a']);
    const isTaken = (name: string) => taken.has(name);
    expect(freshName('conv2d', isTaken)).toBe('conv3');
    expect(copyName('conv1', isTaken)).toBe('conv3');
    expect(copyName('block3a', isTaken)).toBe('block3a2');
  });

  test('another optimizer keeps what both have', () => {
    const before = { type: 'adam', learningRate: 0.01, beta1: 0.8 };
    expect(switchKind(optimizers, before, 'sgd')).toEqual({ type: 'sgd', learningRate: 0.01 });
  });
});

describe('curves of a run', () => {
  /** A window of four steps that ends at `number`. */
  const step = (number: number, loss: number) => ({
    points: [{ step: number, loss, metrics: { accuracy: 0.5 } }],
  });

  test('are the windows that were reported, as they are', () => {
    const series = new RunSeries();
    series.addStep(step(4, 5));
    series.addStep({ points: [...step(8, 1).points, ...step(12, 9).points] });
    expect(series.columns('loss')).toEqual([
      [4, 8, 12],
      [5, 1, 9],
      [null, null, null],
    ]);
    expect(series.latest('loss')).toBe(9);
    expect(series.window).toBe(4);
    expect(series.metrics).toEqual(['loss', 'accuracy']);
  });

  test('stay bounded however long the run, and keep its whole length', () => {
    const series = new RunSeries();
    for (let i = 1; i <= 50_000; i++) series.addStep(step(i, 1 / i));
    const [x, loss] = series.columns('loss');
    expect(x.length).toBeLessThanOrEqual(20_000);
    expect(x[0]).toBe(1);
    expect(x.at(-1)).toBeGreaterThan(49_000);
    expect(x.length).toBe(loss.length);
  });

  test('test values are at their steps between the training values', () => {
    const series = new RunSeries();
    for (const at of [1, 3, 5]) series.addStep(step(at, 1));
    series.addEpoch({ step: 4, epoch: 1, train: { loss: 1 }, test: { loss: 0.7 } });
    series.addEpoch({ step: 5, epoch: 2, train: { loss: 1 }, test: { loss: 0.6 } });
    expect(series.columns('loss')).toEqual([
      [1, 3, 4, 5],
      [1, 1, null, 1],
      [null, null, 0.7, 0.6],
    ]);
  });

  test('have a gap where a value is not a number', () => {
    const series = new RunSeries();
    for (const loss of [5, Number.NaN, Number.POSITIVE_INFINITY]) series.addStep(step(1, loss));
    expect(series.columns('loss')[1]).toEqual([5, null, null]);
    expect(series.latest('loss')).toBe(Number.POSITIVE_INFINITY);
  });
});
