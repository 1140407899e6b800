/** Targets that are values, which a table can standardize. */
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../engine/data/define.ts';
import { lookAtData } from '../../engine/diagnose/data.ts';
import type { DataLook } from '../../engine/diagnose/look.ts';
import { constantFeature } from '../../engine/diagnose/rules/constantFeature.ts';
import { all, open, take } from './dataFiles.ts';

const plain = { type: 'csv', file: 'data.csv', normalize: 'none', testFraction: 0 } as const;

/** Input and target of each sample, by the input. */
function sortedRows(data: Dataset): number[][] {
  const { inputs, targets } = take(data, data.train, ...all(data.train));
  return inputs.map((x, row) => [x, targets[row]]).sort((a, b) => a[0] - b[0]);
}

describe('a value to predict', () => {
  const rows = [10, 20, 30, 40].map((x) => `${x},${1e9 + x / 10}`).join('\n');
  const spec = { ...plain, task: 'regression', scaleTarget: true };

  it('is standardized by the training part, with all its digits', async () => {
    const data = await open({ 'data.csv': `x,y\n${rows}` }, spec);
    const found = sortedRows(data).map(([, y]) => y);
    for (const [row, step] of [-3, -1, 1, 3].entries())
      expect(found[row]).toBeCloseTo(step / Math.sqrt(5), 5);
  });
  it('is scaled as it was when the weights were trained', async () => {
    const { state } = await open({ 'data.csv': `x,y\n${rows}` }, spec);
    const other = await open({ 'data.csv': 'x,y\n10,1000000002.5\n20,1000000007.5' }, spec, 1, {
      trained: state ?? null,
    });
    expect(sortedRows(other).map(([, y]) => Number(y.toFixed(4)))).toEqual([0, 4.4721]);
  });
  it('is not changed by default, and neither are classes', async () => {
    const values = await open({ 'data.csv': `x,y\n1,7\n2,9` }, { ...plain, task: 'regression' });
    expect(sortedRows(values).map(([, y]) => y)).toEqual([7, 9]);
    const classes = await open({ 'data.csv': `x,y\n1,a\n2,b` }, { ...plain, scaleTarget: true });
    expect(sortedRows(classes).map(([, y]) => y)).toEqual([0, 1]);
  });
});

describe('a target of 4000 samples, of which every second one is examined,', () => {
  /** What is said about targets that never change. */
  function saidOf(targetOf: (sample: number) => number): readonly string[] {
    const fields = { name: 'x', shape: [1] };
    const size = 4000;
    const dataset: Dataset = {
      inputs: [fields],
      targets: [{ ...fields, name: 'y', type: 'float' }],
      train: {
        size,
        fill(indices, count, { inputs: [x], targets: [y] }) {
          for (let i = 0; i < count; i++) [x[i], y[i]] = [indices[i], targetOf(indices[i])];
        },
      },
    };
    const look = { trainSamples: size, data: { ...lookAtData(dataset), inputs: [] } } as unknown as DataLook;
    return constantFeature.find(look, { warn: 0.1, error: 0.5 }).map(({ message }) => message());
  }

  it('changes if one of the others differs', () =>
    expect(saidOf((sample) => (sample === 3999 ? 2 : 1))).toEqual([]));

  it('never changes if all are the same, whose value may be scaled and is not named', () =>
    expect(saidOf(() => 0)).toEqual([
      'the target "y" is the same in all samples, so there is nothing to learn. Choose another target, or look for the column that was meant.',
    ]));
});
