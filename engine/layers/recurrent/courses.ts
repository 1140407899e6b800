/** The course of recurrent layers along a sequence: how far each gate is open, and how large the states are, at each time step. */
import * as l10n from '@vscode/l10n';
import { type DetailStatistic, detailStatistic } from '../statistic.ts';
import { binOf, binsOf, rounded } from '../timeBins.ts';
import type { RecurrentBackwardPass } from './shape.ts';
import { open, shut } from './statistics.ts';

/** Calls `visit` for each real step of each sample: its row among [D, T, B] rows, its direction, and the bin of its time step. */
function eachStep(
  { batch, lengths, saved, constants }: RecurrentBackwardPass,
  visit: (row: number, direction: number, bin: number) => void,
): number {
  const { directions, time } = constants;
  const rows = saved.inputRows.data;
  let longest = lengths ? 0 : time;
  if (lengths) for (let n = 0; n < batch; n++) longest = Math.max(longest, lengths[n]);
  for (let row = 0; row < directions * time * batch; row++)
    if (rows[row] >= 0) visit(row, Math.floor(row / (time * batch)), binOf(rows[row] % time, longest));
  return binsOf(longest);
}

/** Mean of the values that were added to each bin. */
class BinMeans {
  readonly sums: number[] = [];
  readonly counts: number[] = [];

  add(bin: number, sum: number, count: number): void {
    this.sums[bin] = (this.sums[bin] ?? 0) + sum;
    this.counts[bin] = (this.counts[bin] ?? 0) + count;
  }

  means(bins: number): number[] {
    return Array.from({ length: bins }, (_, bin) =>
      this.counts[bin] ? rounded(this.sums[bin] / this.counts[bin]) : 0,
    );
  }
}

/** `blocks` is that of `gatesOf`. */
export function gateCoursesOf(blocks: readonly (string | undefined)[]): DetailStatistic<'tracks'> {
  const gates = blocks.flatMap((name, block) => (name === undefined ? [] : [{ name, block }]));
  return detailStatistic({
    key: 'gateCourses',
    doc: `For each gate, at each time step, the mean of its values and the shares of those that are nearly shut (below ${shut}) and nearly open (above ${open}), over batch and units. Of sequences of more than 128 steps, each number is the mean of some steps.`,
    at: 'layer',
    shape: 'tracks',
    after: 'forward',
    look(pass: RecurrentBackwardPass) {
      const { hiddenSize } = pass.attributes;
      const { columns } = pass.constants;
      const values = pass.saved.gates.data;
      return Object.fromEntries(
        gates.map(({ name, block }) => {
          const [mean, shutShare, openShare] = [new BinMeans(), new BinMeans(), new BinMeans()];
          const bins = eachStep(pass, (row, _, bin) => {
            let [sum, below, above] = [0, 0, 0];
            const start = row * columns + block * hiddenSize;
            for (let i = start; i < start + hiddenSize; i++) {
              sum += values[i];
              if (values[i] < shut) below++;
              if (values[i] > open) above++;
            }
            mean.add(bin, sum, hiddenSize);
            shutShare.add(bin, below, hiddenSize);
            openShare.add(bin, above, hiddenSize);
          });
          return [name, { mean: mean.means(bins), shut: shutShare.means(bins), open: openShare.means(bins) }];
        }),
      );
    },
    words: () => ({
      label: l10n.t('gates'),
      name: l10n.t('Gates along the sequence'),
      meaning: l10n.t(
        'How far each gate is open at each time step, from 0 to 1: the mean over batch and units, with the shares that are nearly closed (drawn from below) and nearly open (from above).',
      ),
      parts: { mean: l10n.t('mean'), shut: l10n.t('shut'), open: l10n.t('open') },
    }),
  });
}

export const stateCourses = detailStatistic({
  key: 'stateCourses',
  doc: 'At each time step, the L2 norm of the hidden state and of the cell state of one sample: the root mean square over the batch. Of sequences of more than 128 steps, each number is that of some steps.',
  at: 'layer',
  shape: 'tracks',
  after: 'forward',
  look(pass: RecurrentBackwardPass) {
    const { batch, attributes, saved } = pass;
    const { hiddenSize } = attributes;
    const states = { hidden: saved.hiddenStates, ...(saved.cellStates ? { cell: saved.cellStates } : {}) };
    return Object.fromEntries(
      Object.entries(states).map(([name, { data }]) => {
        const squares = new BinMeans();
        const bins = eachStep(pass, (row, direction, bin) => {
          // The first block of a direction is the state before its first step.
          const start = (row + (direction + 1) * batch) * hiddenSize;
          let sum = 0;
          for (let i = start; i < start + hiddenSize; i++) sum += data[i] * data[i];
          squares.add(bin, sum, 1);
        });
        return [name, { norm: squares.means(bins).map((mean) => rounded(Math.sqrt(mean))) }];
      }),
    );
  },
  words: () => ({
    label: l10n.t('states'),
    name: l10n.t('States along the sequence'),
    meaning: l10n.t(
      'How large the hidden state and the cell state are at each time step. A state that grows without bound, or decays to zero, carries no information.',
    ),
    parts: { norm: l10n.t('norm') },
  }),
});
