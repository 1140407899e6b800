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

    gradientNorms({ batch, attributes, saved, constants }: RecurrentBackwardPass, norms) {
      const { hiddenSize } = attributes;
      const { directions, time } = constants;
      const rows = saved.inputRows.data;
      const gradHidden = saved.gradHidden.data;
      norms.fill(0, 0, time);
      for (let direction = 0, at = 0; direction < directions; direction++) {
        // A direction's first block belongs to the state before its first step.
        let n = (direction * (time + 1) + 1) * batch * hiddenSize;
        for (let row = 0; row < time * batch; row++, at++) {
          let squares = 0;
          for (let i = 0; i < hiddenSize; i++, n++) squares += gradHidden[n] * gradHidden[n];
          if (rows[at] >= 0) norms[rows[at] % time] += squares;
        }
      }
      for (let t = 0; t < time; t++) norms[t] = Math.sqrt(norms[t]);
    },

    gateSaturation({ batch, attributes, saved, constants }: RecurrentPass, shares) {
      const { hiddenSize } = attributes;
      const { directions, time, columns } = constants;
      const rows = saved.inputRows.data;
      const values = saved.gates.data;
      let real = 0;
      shares.fill(0, 0, 2 * gates.length);
      for (let row = 0; row < directions * time * batch; row++) {
        if (rows[row] < 0) continue;
        real++;
        for (let gate = 0; gate < gates.length; gate++) {
          const first = row * columns + gates[gate].block * hiddenSize;
          for (let n = first; n < first + hiddenSize; n++) {
            shares[2 * gate] += Number(values[n] < shut);
            shares[2 * gate + 1] += Number(values[n] > open);
          }
        }
      }
      for (let i = 0; i < 2 * gates.length; i++) shares[i] /= Math.max(1, real * hiddenSize);
    },
  };
}
