/** The size of a last layer that is missing in the text. */
import { expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';

const titleOf = (text: string): string | undefined => analyze(text).diagnostics[0]?.fix?.title;

test('the fix of a layer without a size gives it as many outputs as the loss needs for the data', () => {
  const network = (data: object, loss: string) =>
    JSON.stringify({
      layers: {
        in: { type: 'input', shape: [2] },
        hidden: { type: 'dense', from: 'in', units: 3 },
        out: { type: 'dense', from: 'hidden' },
      },
      training: { data, loss: { type: loss, from: 'out' }, optimizer: 'adam' },
    });
  expect(titleOf(network({ type: 'points' }, 'softmaxCrossEntropy'))).toBe('Set "units" to 2');
  expect(titleOf(network({ type: 'adding' }, 'meanSquaredError'))).toBe('Set "units" to 1');
  // Of a table, classes are not known, and a hidden layer may have any size.
  expect(titleOf(network({ type: 'csv', file: 'a.csv' }, 'softmaxCrossEntropy'))).toBe('Set "units" to 64');
  const hidden = network({ type: 'points' }, 'softmaxCrossEntropy').replace(',"units":3', '');
  expect(titleOf(hidden)).toBe('Set "units" to 64');
});
