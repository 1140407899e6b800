/** The bias of a gated recurrent layer that begins by remembering for as long as its sequences last. */
import { integer } from '../schema/attributes.ts';
import { defineInitializer } from './define.ts';

export const chrono = defineInitializer({
  type: 'chrono',
  label: 'Chrono',
  doc: `For the bias of a gated recurrent layer that must remember over many steps. Each unit draws a span u uniformly between 1 and *steps* − 1. The gate that keeps the
old state, the forget gate of an LSTM or the update gate of a GRU, starts with ln(u), so that the state lasts for about u steps. The input gate of an LSTM starts with −ln(u); all other biases are 0.
[Tallec and Ollivier, 2018](https://arxiv.org/abs/1804.11188)`,
  attributes: {
    steps: integer({ min: 2, default: 100, doc: 'The longest span to remember, in steps.' }),
    blocks: integer({ min: 1, default: 4, doc: 'Number of blocks of the bias: 4 for an LSTM, 3 for a GRU.' }),
    open: integer({ min: 0, default: 1, doc: 'The block of the gate that keeps the old state, from 0.' }),
    shut: integer({ min: -1, default: 0, doc: 'The block of the gate that lets input in; −1: none.' }),
  },
  spread({ steps, blocks, shut }) {
    const { mean, square } = momentsOfLogarithm(Math.max(2, steps - 1));
    if (shut >= 0) return { mean: 0, std: Math.sqrt((2 * square) / blocks) };
    return { mean: mean / blocks, std: Math.sqrt(square / blocks - (mean / blocks) ** 2) };
  },
  fill(values, _target, random, { steps, blocks, open, shut }) {
    values.fill(0);
    const units = values.length / blocks;
    for (let unit = 0; unit < units; unit++) {
      const bias = Math.log(1 + (steps - 2) * random.uniform());
      values[open * units + unit] = bias;
      if (shut >= 0) values[shut * units + unit] = -bias;
    }
  },
});

/** Means of ln(u) and ln(u)² for u uniform between 1 and `most`: the integrals of both, which are x·ln(x) − x and x·ln(x)² − 2·(x·ln(x) − x). */
function momentsOfLogarithm(most: number): { readonly mean: number; readonly square: number } {
  const log = Math.log(most);
  const mean = (most * log - most + 1) / (most - 1);
  return { mean, square: (most * log * log) / (most - 1) - 2 * mean };
}
