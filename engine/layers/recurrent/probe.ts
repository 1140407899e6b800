/** What recurrent layers show of their inner life: the gradient at every time step, and how far gates are open. */
import type { ThroughTime } from '../define.ts';
import type { RecurrentBackwardPass, RecurrentPass } from './shape.ts';

/** Beyond these a gate counts as shut or open: its sigmoid is so flat there that it hardly learns. */
const shut = 0.03;
const open = 0.97;

/** `blocks` names the blocks of columns of the gates buffer, in order; undefined for one that is no gate. */
export function throughTimeOf(blocks: readonly (string | undefined)[]): ThroughTime {
  const gates = blocks.flatMap((name, block) => (name === undefined ? [] : [{ name, block }]));
  return {
    gates: gates.map(({ name }) => name),

    gradientNorms({ batch, attributes, kernels, saved, constants }: RecurrentBackwardPass, norms) {
      const { hiddenSize } = attributes;
      const { directions, time } = constants;
      const rows = saved.inputRows.data;
      const gradHidden = saved.gradHidden.data;
      /** −1 for a step beyond its sample's length. */
      const timeOf = (row: number) => (rows[row] < 0 ? -1 : rows[row] % time);
      norms.fill(0, 0, time);
      for (let direction = 0, at = 0; direction < directions; direction++) {
        const end = (direction + 1) * time * batch;
        while (at < end) {
          const t = timeOf(at);
          // Rows of one time step stand side by side, but for samples of other lengths.
          const first = at++;
          while (at < end && timeOf(at) === t) at++;
          // A direction's first block belongs to the state before its first step.
          const start = ((direction + 1) * batch + first) * hiddenSize;
          if (t >= 0) norms[t] += kernels.sumOfSquares((at - first) * hiddenSize, gradHidden, start);
        }
      }
      for (let t = 0; t < time; t++) norms[t] = Math.sqrt(norms[t]);
    },

    gateSaturation({ batch, attributes, kernels, saved, constants }: RecurrentPass, shares) {
      const { hiddenSize } = attributes;
      const { directions, time, columns } = constants;
      const rows = saved.inputRows.data;
      const values = saved.gates.data;
      const all = directions * time * batch;
      let real = 0;
      shares.fill(0, 0, 2 * gates.length);
      for (let first = 0; first < all; ) {
        let end = first;
        while (end < all && rows[end] >= 0) end++;
        for (let gate = 0; gate < gates.length && end > first; gate++) {
          const start = first * columns + gates[gate].block * hiddenSize;
          kernels.countBeyond(end - first, hiddenSize, values, start, columns, shut, open, shares, 2 * gate);
        }
        real += end - first;
        first = end + 1;
      }
      for (let i = 0; i < 2 * gates.length; i++) shares[i] /= Math.max(1, real * hiddenSize);
    },
  };
}
