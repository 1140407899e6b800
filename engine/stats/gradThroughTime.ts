/**
 * Norm of the gradient with respect to the hidden state at each time step, first to last, for recurrent layers; up to the last
 * step of the batch's longest sample.
 */
import * as l10n from '@vscode/l10n';
import { defineStatistic, type Tone, type Verdict } from './define.ts';
import { formatNumber } from './numbers.ts';

/** Of the gradient at the first time step / at the last. */
const limits = { vanishing: 1e-3, vanished: 1e-6, exploding: 1e3 };

export const gradThroughTime = defineStatistic({
  key: 'gradThroughTime',
  at: 'gradient',
  shape: 'series',
  card: 'time',
  appliesTo: ({ throughTime }) => throughTime !== undefined,
  read: ({ overTime }) => overTime?.norms,
  shows: (norms) => norms.length > 1,
  tone: (norms) => verdict(norms).tone,
  verdict,
  state: (norms) =>
    norms[0] / norms.at(-1)! < 1 ? 'vanished' : norms[0] > norms.at(-1)! ? 'exploding' : undefined,
  words: () => ({
    label: l10n.t('time'),
    name: l10n.t('Gradient at each time step'),
    meaning: l10n.t('How much of the gradient at the last time step reaches the steps before it.'),
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
  const compared = l10n.t(
    'The gradient at the first time step is {0} of that at the last.',
    ratio < 10 ? formatRatio(ratio) : l10n.t('{0} times', formatNumber(ratio)),
  );
  const tone = toneOf(ratio);
  if (tone === 'good') return { text: compared, tone };
  const remedy =
    ratio < 1
      ? l10n.t(
          'It vanishes: what came early is hardly learned. If it stays so, use a GRU, an LSTM with its forget gate open at first, or shorter sequences.',
        )
      : l10n.t('It explodes: clip gradients ("clipNorm"), or truncate them.');
  return { text: `${compared} ${remedy}`, tone };
}

function toneOf(ratio: number): Tone {
  const { vanishing, vanished, exploding } = limits;
  if (!(ratio >= vanished && ratio <= exploding)) return 'bad';
  return ratio >= vanishing ? 'good' : 'warn';
}

/** 3 %, 0.02 %, 4e−9 %. */
const formatRatio = (ratio: number): string =>
  ratio >= 0.01 ? `${Math.round(ratio * 100)} %` : `${formatNumber(ratio * 100)} %`;
