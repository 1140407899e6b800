/** Generated texts of brackets have the right targets, and the targets of an autoencoder for images are its inputs. */
import { describe, expect, test } from 'vitest';
import { datasets } from '../../engine/data/registry.ts';

const alphabet = 'abcd([)]';
const count = 200;

async function read(given: { readonly [name: string]: string | number }, seed = 3) {
  const reading = datasets.read(given);
  if ('problems' in reading) throw new Error(JSON.stringify(reading.problems));
  const { type, attributes } = reading.value;
  const dataset = await datasets.get(type).open(attributes, {
    seed,
    memoryLimit: 2 ** 30,
    readFile: () => Promise.reject(new Error('needs no file')),
    readPieces: () => {
      throw new Error('needs no file');
    },
  });
  const size = ({ shape }: { readonly shape: readonly number[] }) =>
    shape.reduce((product, axis) => product * axis, 1);
  const inputs = new Float64Array(count * size(dataset.inputs[0]));
  const targets = new Float64Array(count * size(dataset.targets[0]));
  const indices = Int32Array.from({ length: count }, (_, index) => index);
  dataset.train.fill(indices, count, { inputs: [inputs], targets: [targets] });
  return { dataset, inputs, targets };
}

/**
 * The places of brackets that have a partner. The first closing bracket is removed with the opening one before it if the two
 * match, otherwise alone, until none is left.
 */
function partners(text: string): Set<number> {
  let left = [...text].map((sign, place) => ({ sign, place })).filter(({ sign }) => '()[]'.includes(sign));
  const found = new Set<number>();
  for (;;) {
    const at = left.findIndex(({ sign }) => ')]'.includes(sign));
    if (at < 0) return found;
    const fits = ['()', '[]'].includes((left[at - 1]?.sign ?? '') + left[at].sign);
    if (fits) for (const { place } of left.slice(at - 1, at + 1)) found.add(place);
    left = [...left.slice(0, fits ? at - 1 : at), ...left.slice(at + 1)];
  }
}

const length = 16;

const textsOf = (inputs: Float64Array): string[] =>
  Array.from({ length: count }, (_, index) =>
    [...inputs.slice(index * length, (index + 1) * length)].map((id) => alphabet[id]).join(''),
  );

describe('brackets', () => {
  test('are balanced exactly where the target says so, which is about half of the texts', async () => {
    const { inputs, targets } = await read({ type: 'brackets', sequenceLength: length });
    const truth = textsOf(inputs).map((text) =>
      Number([...text].every((sign, place) => !'()[]'.includes(sign) || partners(text).has(place))),
    );
    expect([...targets]).toEqual(truth);
    const share = truth.reduce((sum, one) => sum + one, 0) / count;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.65);
  });

  test('without their partner are marked in the target, and no others', async () => {
    const { inputs, targets } = await read({ type: 'brackets', target: 'matched', sequenceLength: length });
    const truth = textsOf(inputs).flatMap((text) =>
      [...text].map((sign, place) => (!'()[]'.includes(sign) ? 0 : partners(text).has(place) ? 1 : 2)),
    );
    expect([...targets]).toEqual(truth);
    expect(new Set(truth).size).toBe(3);
  });

  test('are followed by what the target says, letters always by the next letter', async () => {
    const { inputs, targets } = await read({ type: 'brackets', target: 'next', sequenceLength: length });
    for (let sample = 0; sample < count; sample++) {
      const text = inputs.slice(sample * length, (sample + 1) * length);
      const next = targets.slice(sample * length, (sample + 1) * length);
      expect([...next.slice(0, -1)]).toEqual([...text.slice(1)]);
      const letters = [...text, next[length - 1]].filter((id) => id < 4);
      for (const [index, letter] of letters.slice(1).entries()) expect(letter).toBe((letters[index] + 1) % 4);
    }
  });

  test('are the same for the same seed, and others for another', async () => {
    const given = { type: 'brackets', sequenceLength: length };
    const [one, same, other] = [await read(given), await read(given), await read(given, 4)];
    expect(same.inputs).toEqual(one.inputs);
    expect(other.inputs).not.toEqual(one.inputs);
  });
});

test('images that are to be drawn again are their own targets', async () => {
  const { dataset, inputs, targets } = await read({ type: 'shapes', size: 8, target: 'image', samples: 300 });
  expect(targets).toEqual(inputs);
  expect(dataset.targets[0]).toMatchObject({ type: 'float', shape: [8, 8, 1] });
  expect(dataset.classNames).toBeUndefined();
});
