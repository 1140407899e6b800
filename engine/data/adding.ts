/** The adding problem: a test of long-term memory. */
import { purposeOf, Random } from '../kernels/random.ts';
import { integer } from '../schema/attributes.ts';
import { type DataFields, defineDataset, type Split } from './define.ts';

/** Samples are generated on demand, each from its own random stream, so that they take no memory. */
function generated(size: number, length: number, seed: number, purpose: string): Split {
  const random = new Random(seed);
  const stream = purposeOf(purpose);
  const half = Math.floor(length / 2);
  return {
    size,
    fill(indices, count, { inputs: [x], targets: [t] }) {
      for (let i = 0; i < count; i++) {
        random.reset(seed, stream, indices[i]);
        const early = random.below(half);
        const late = half + random.below(length - half);
        let sum = 0;
        for (let step = 0; step < length; step++) {
          const value = random.uniform();
          const marked = step === early || step === late;
          if (marked) sum += value;
          x[2 * (i * length + step)] = value;
          x[2 * (i * length + step) + 1] = marked ? 1 : 0;
        }
        t[i] = sum;
      }
    },
  };
}

const fields = ({ sequenceLength }: { readonly sequenceLength: number }): DataFields => ({
  inputs: [{ name: 'sequence', shape: [sequenceLength, 2] }],
  targets: [{ name: 'sum', type: 'float', shape: [1] }],
});

export const adding = defineDataset({
  type: 'adding',
  label: 'Adding problem (generated)',
  doc: `Sequences of random numbers from 0 to 1. Two of them are marked, one in each half, and the target is the **sum of the two marked numbers**. A network must
remember the first one until the second. Always answering 1 has a mean squared error of 1/6 = 0.167; the task counts as solved below 0.01.
Simple recurrent networks fail on long sequences, while LSTM and GRU do not. The sequences are generated from the seed, so **no file is needed**. Inputs have the shape [sequenceLength, 2].

[Hochreiter and Schmidhuber, 1997](https://doi.org/10.1162/neco.1997.9.8.1735)`,
  attributes: {
    sequenceLength: integer({ default: 100, min: 2, max: 100000, doc: 'Time steps.' }),
    samples: integer({ default: 10000, min: 1, max: 10000000, doc: 'Number of training sequences.' }),
    testSamples: integer({ default: 1000, min: 0, max: 1000000, doc: 'Number of test sequences.' }),
  },

  fields,

  async open({ sequenceLength, samples, testSamples }, { seed }) {
    return {
      ...fields({ sequenceLength }),
      train: generated(samples, sequenceLength, seed, 'adding/train'),
      ...(testSamples > 0 ? { test: generated(testSamples, sequenceLength, seed, 'adding/test') } : {}),
    };
  },
});
