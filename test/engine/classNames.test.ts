/** Classes of a table that differ only in case or spaces, and a network with too few outputs for the classes of its data. */
import { expect, test } from 'vitest';
import type { Dataset } from '../../engine/data/define.ts';
import type { ProblemError } from '../../engine/schema/problem.ts';
import { modelOf, readNetwork } from '../../engine/train/open.ts';
import { open } from './dataFiles.ts';

const table = (risks: readonly string[]) =>
  `age,risk\n${risks.map((risk, row) => `${row}.5,${risk}`).join('\n')}`;
const read = (risks: readonly string[]) =>
  open({ 'patients.csv': table(risks) }, { type: 'csv', file: 'patients.csv' });
const risks = ['high', 'low', 'medium', 'low', 'high', 'medium', 'low', 'high', 'medium'];

const network = (units: number) => `{
  "layers": { "in": { "type": "input", "shape": [1] }, "out": { "type": "dense", "from": "in", "units": ${units} } },
  "training": { "data": { "type": "csv", "file": "patients.csv" }, "loss": { "type": "softmaxCrossEntropy", "from": "out" }, "optimizer": "adam" }
}`;

function refusal(data: Dataset, units: number): ProblemError {
  try {
    modelOf(readNetwork(network(units)), data, {});
  } catch (error) {
    return error as ProblemError;
  }
  throw new Error('the network fits');
}

test('a class spelled in two ways is a warning that names the row of the rarer spelling', async () => {
  const { warnings } = await read([...risks, 'High']);
  expect(warnings).toEqual([
    {
      code: 'data/class-names',
      message:
        'patients.csv: the classes "high", "High" differ only in case or spaces. "High" has 1 row, the first is row 11. If they are one class, write its name alike in all rows.',
      attribute: 'target',
    },
  ]);
});

test('of many classes that are spelled in two ways, a few are named', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `kind${index}`);
  const { warnings } = await read([...names, ...names, ...names, ...names.map((name) => name.toUpperCase())]);
  expect(warnings).toHaveLength(3);
});

test('different classes are no warning', async () => expect((await read(risks)).warnings).toEqual([]));

test('a network with too few outputs is refused by naming the classes, and is not widened for a spelling', async () => {
  const { message, fix } = refusal(await read([...risks, 'High']), 3);
  expect(message).toBe(
    'out: gives 3 scores, but the data has 4 classes. Set the last layer to 4 units. The classes are "High", "high", "low", "medium". The rarest, "High", has 1 sample.',
  );
  expect(fix).toBeUndefined();
});

test('a network with too few outputs for classes that all differ is widened', async () =>
  expect(refusal(await read(risks), 2).fix?.title).toBe('Set "units" of "out" to 3'));
