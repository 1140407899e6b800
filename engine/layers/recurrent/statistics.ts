/** Statistics of recurrent layers: the gradient at every time step, and how far gates are open. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../schema/numbers.ts';
import type { Tone, Verdict } from '../../schema/statistic.ts';
import { stepsText } from '../../schema/text.ts';
import { type MeasuredStatistic, measuredStatistic } from '../statistic.ts';
import type { RecurrentBackwardPass } from './shape.ts';

/** Limits of the ratio of the gradient at the first time step to that at the last. */
const limits = { vanishing: 1e-3, vanished: 1e-6, exploding: 1e3 };

/**
 * Norm of the gradient with respect to the hidden state at each time step, from the first to the last that the layer takes, over batch
 * and units, up to the last step of the batch's longest sample. Shorter samples end with it: what reaches back from the last step is compared at the
 * same distance from it, and steps that fewer samples have count as if all had them. A layer that reads backwards takes the end of a sequence first.
 * The number of steps comes after the norms of all steps.
 */
export const gradThroughTime = measuredStatistic({
  key: 'gradThroughTime',
  doc: 'L2 norm of the loss gradient with respect to the hidden state, over batch and units, at each time step up to the last one of the longest sample. Shorter samples are moved to end with it, and steps that fewer samples have are scaled up to the batch. A layer with "goBackwards" takes the steps from the end of the sequence.',
  at: 'gradient',
  shape: 'series',
  card: 'time',
  after: 'backward',
  size: ({ inputs: [[time]] }) => time + 1,

  measure({ batch, attributes, kernels, lengths, saved, constants }: RecurrentBackwardPass, norms) {
    const { hiddenSize, goBackwards } = attributes;
    const { directions, time } = constants;
    const rows = saved.inputRows.data;
    const isReversed = goBackwards && directions === 1;
    const gradHidden = saved.gradHidden.data;
    const longest = lengths ? lengths.subarray(0, batch).reduce((most, one) => Math.max(most, one), 0) : time;
    /** The place of a row; −1 for a step beyond the length of its sample. The second direction of two ends at the first step anyway. */
    const placeOf = (row: number, direction: number) => {
      if (rows[row] < 0) return -1;
      const t = isReversed ? Math.floor(row / batch) : rows[row] % time;
      return lengths && direction === 0 ? t + longest - lengths[row % batch] : t;
    };
    const counts = new Float64Array(time);
    norms.fill(0);
    for (let direction = 0, at = 0; direction < directions; direction++) {
      const end = (direction + 1) * time * batch;
      while (at < end) {
        const place = placeOf(at, direction);
        // Rows of one place are contiguous, except for samples of other lengths.
        const first = at++;
        while (at < end && placeOf(at, direction) === place) at++;
        if (place < 0) continue;
        // The first block of a direction belongs to the state before its first step.
        const start = ((direction + 1) * batch + first) * hiddenSize;
        norms[place] += kernels.sumOfSquares((at - first) * hiddenSize, gradHidden, start);
        counts[place] += at - first;
      }
    }
    for (let t = 0; t < longest; t++) norms[t] = Math.sqrt((norms[t] * directions * batch) / counts[t]);
    norms[time] = longest;
  },

  value: (norms) => [...norms.subarray(0, norms.at(-1))],
  shows: (norms) => norms.length > 1,
  tone: (norms) => verdict(norms).tone,
  verdict,
  reach(norms) {
    const last = memoryOf(norms);
    return { last, text: l10n.t('Effective memory: {0} of {1}', last, stepsText(norms.length)) };
  },
  state: (norms) => {
    const [first, last] = [norms[0], norms.at(-1)!];
    return first < last ? 'vanished' : first > last ? 'exploding' : undefined;
  },
  words: () => ({
    label: l10n.t('time'),
    name: l10n.t('Gradient at each time step'),
    meaning: l10n.t('How much of the gradient at the last time step reaches the steps before it.'),
  }),
});

/** A time step is remembered if its gradient is at least this share of that at the last step. */
const remembered = 0.01;

/** How many time steps are remembered, so that training can still learn from them. */
export function memoryOf(norms: readonly number[]): number {
  const least = remembered * (norms.at(-1) ?? 0);
  return norms.filter((norm) => norm >= least && norm > 0).length;
}

export const effectiveMemory = measuredStatistic({
  key: 'effectiveMemory',
  doc: `Time steps at which the gradient of [gradThroughTime](#gradthroughtime) is at least ${100 * remembered} % of that at the last step.`,
  at: 'gradient',
  shape: 'number',
  after: 'backward',
  size: gradThroughTime.size,
  measure: gradThroughTime.measure,
  value: (norms) => memoryOf(gradThroughTime.value(norms)),
  words: () => ({
    label: l10n.t('mem'),
    name: l10n.t('Effective memory'),
    meaning: l10n.t(
      'Time steps that training still learns from: those with at least 1 % of the gradient at the last step.',
    ),
  }),
});

/** How much of the gradient reaches the first time step from the last, and what to do about it. */
function verdict(norms: readonly number[]): Verdict {
  const [first, last] = [norms[0], norms.at(-1)!];
  const ratio = first / last;
  if (!Number.isFinite(ratio))
    return {
      text: l10n.t('No gradient to compare: {0} at the last step.', formatNumber(last)),
      tone: Number.isFinite(first) && Number.isFinite(last) ? 'warn' : 'bad',
    };
  const compared =
    ratio === 0 || (ratio >= 1e-4 && ratio < 10)
      ? l10n.t('The gradient at the first time step is {0} % of that at the last.', formatPercent(ratio))
      : l10n.t('The gradient at the first time step is {0} times that at the last.', formatNumber(ratio));
  const tone = toneOf(ratio);
  if (tone === 'good') return { text: compared, tone };
  const remedy =
    ratio < 1
      ? l10n.t(
          'It vanishes: early steps are hardly learned. If this does not change, use a GRU or LSTM that begins by remembering ("memorySteps"), or shorter sequences.',
        )
      : l10n.t('It explodes: clip gradients ("clipNorm"), or truncate backpropagation ("truncate").');
  return { text: `${compared} ${remedy}`, tone };
}

function toneOf(ratio: number): Tone {
  const { vanishing, vanished, exploding } = limits;
  if (!(ratio >= vanished && ratio <= exploding)) return 'bad';
  return ratio >= vanishing ? 'good' : 'warn';
}

/** 312, 3, 0.0200. */
const formatPercent = (ratio: number): string =>
  ratio >= 0.01 ? String(Math.round(ratio * 100)) : formatNumber(ratio * 100);

/** Below this, and above 1 minus this, a gate counts as closed or open: its sigmoid is so flat there that it hardly learns. */
export const shut = 0.03;
export const open = 0.97;

/**
 * For each gate, the shares of its values at real steps that are nearly closed and nearly open. `blocks` names the blocks of
 * columns of the gates buffer, in order; undefined for a block that is not a gate.
 */
export function gatesOf(blocks: readonly (string | undefined)[]): MeasuredStatistic<'shares'> {
  const gates = blocks.flatMap((name, block) => (name === undefined ? [] : [{ name, block }]));
  return measuredStatistic({
    key: 'gates',
    doc: `For each gate, the share of its values that are nearly closed (below ${shut}) and nearly open (above ${open}), over real time steps.`,
    at: 'layer',
    shape: 'shares',
    after: 'backward',
    size: () => 2 * gates.length,

    measure({ batch, attributes, kernels, saved, constants }: RecurrentBackwardPass, shares) {
      const { hiddenSize } = attributes;
      const { directions, time, columns } = constants;
      const rows = saved.inputRows.data;
      const values = saved.gates.data;
      const all = directions * time * batch;
      let real = 0;
      shares.fill(0);
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

    value: (shares) =>
      Object.fromEntries(
        gates.map(({ name }, gate) => [name, { shut: shares[2 * gate], open: shares[2 * gate + 1] }]),
      ),
    words: () => ({
      label: l10n.t('gates'),
      name: l10n.t('Gates'),
      meaning: l10n.t('Shares of the values of each gate that are nearly closed or nearly open.'),
      parts: { shut: l10n.t('shut'), open: l10n.t('open') },
    }),
  });
}
