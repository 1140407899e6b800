/** Statistics as the short text that both views show: after a layer's line, and on its node. */
import * as l10n from '@vscode/l10n';
import type { LayerStats } from '../protocol/statistics.ts';
import { gradientTone, limits, shareTone, type Tone, throughTimeTone, updateTone } from './limits.ts';

export interface StatsBadge {
  /** Stable identity, the statistic's name. */
  readonly key: string;
  /** One sign or word, e.g. "μ" or "zero". */
  readonly label: string;
  readonly value: string;
  /** The statistic's full name. */
  readonly name: string;
  /** What the number says and what to make of it. */
  readonly meaning: string;
  readonly tone?: Tone;
  /** For a share: the number itself, from 0 to 1, for a bar. */
  readonly share?: number;
}

/** The width every number is padded to, so that text beside it does not move while it changes. */
const width = 7;
const figureSpace = '\u2007';

/** Three significant digits in at most `width` characters: 0.0312, −12.4, 1.2e−5. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text =
    size === 0
      ? '0'
      : size < 1e-3 || size >= 1e5
        ? value.toExponential(1).replace('e+', 'e')
        : value.toFixed(Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(size)))));
  return text.replaceAll('-', '−');
}

/** A share from 0 to 1 as whole per cent; one that is small but not nothing reads "<1 %". */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return 'NaN';
  const percent = Math.round(share * 100);
  if (percent === 0 && share > 0) return '<1 %';
  if (percent === 100 && share < 1) return '>99 %';
  return `${percent} %`;
}

const pad = (text: string, to: number): string => text.padStart(to, figureSpace);

/** All figures of a layer, the most telling first. */
export function statsBadges(stats: LayerStats): readonly StatsBadge[] {
  const { activation, gradient, update } = stats;
  const badges: StatsBadge[] = [];
  if (activation) {
    badges.push(
      {
        key: 'mean',
        label: 'μ',
        value: pad(formatNumber(activation.mean), width),
        ...toneOfFinite(activation.mean),
        name: l10n.t('Mean activation'),
        meaning: l10n.t(
          'The average output. Far from zero, all weights of the next layer are pushed the same way.',
        ),
      },
      {
        key: 'std',
        label: 'σ',
        value: pad(formatNumber(activation.std), width),
        ...toneOfFinite(activation.std),
        name: l10n.t('Standard deviation of activations'),
        meaning: l10n.t(
          'How much outputs differ. Shrinking from layer to layer, the signal dies; growing, it explodes.',
        ),
      },
    );
    const { zeroFraction, saturatedFraction, deadFraction, notFiniteFraction } = activation;
    if (notFiniteFraction !== undefined)
      badges.push({
        key: 'notFiniteFraction',
        label: 'NaN',
        value: pad(formatShare(notFiniteFraction), 5),
        share: notFiniteFraction,
        tone: 'bad',
        name: l10n.t('Activations that are not finite'),
        meaning: l10n.t(
          'Share of outputs that are NaN or infinite; mean and deviation leave them out. Lower the learning rate, or set "clipNorm".',
        ),
      });
    if (typeof deadFraction === 'number' && deadFraction > 0)
      badges.push({
        key: 'deadFraction',
        label: l10n.t('dead'),
        value: pad(formatShare(deadFraction), 5),
        share: deadFraction,
        tone: shareTone(deadFraction, limits.deadFraction),
        name: l10n.t('Dead units'),
        meaning: l10n.t(
          'Share of units that were never above zero in the last whole epoch. They get no gradient and cannot recover: lower the learning rate, use He initialization or a leaky ReLU.',
        ),
      });
    if (saturatedFraction !== undefined)
      badges.push({
        key: 'saturatedFraction',
        label: l10n.t('sat'),
        value: pad(formatShare(saturatedFraction), 5),
        share: saturatedFraction,
        tone: shareTone(saturatedFraction, limits.saturatedFraction),
        name: l10n.t('Saturated activations'),
        meaning: l10n.t(
          'Share of outputs where the function is flat, so almost no gradient passes: use smaller weights (Xavier), normalized inputs, or ReLU.',
        ),
      });
    else
      badges.push({
        key: 'zeroFraction',
        label: l10n.t('zero'),
        value: pad(formatShare(zeroFraction), 5),
        share: zeroFraction,
        name: l10n.t('Zero activations'),
        meaning: l10n.t('Share of outputs that are exactly zero. About half is usual behind a ReLU.'),
      });
  }
  if (gradient)
    badges.push({
      key: 'gradNorm',
      label: '∇',
      value: pad(formatNumber(gradient.gradNorm), width),
      tone: gradientTone(gradient.gradNorm),
      name: l10n.t('Gradient norm'),
      meaning: l10n.t(
        'How strongly the loss pulls on this layer, before clipping and penalties. Much smaller near the input than near the output: gradients vanish. Growing without end: they explode. Exactly 0: the layer does not learn.',
      ),
    });
  if (update)
    badges.push({
      key: 'updateRatio',
      label: 'Δ',
      value: pad(formatNumber(update.updateRatio), width),
      tone: updateTone(update.updateRatio),
      name: l10n.t('Update ratio'),
      meaning: l10n.t(
        'Size of the last update relative to the weights. About 0.001 is healthy; above 0.01 lower the learning rate, below 0.0001 raise it.',
      ),
    });
  // Last, as it comes and goes: nothing stands behind it that would move.
  if (gradient?.clippedNorm !== undefined)
    badges.push({
      key: 'clippedNorm',
      label: l10n.t('clip'),
      value: pad(formatNumber(gradient.clippedNorm), width),
      name: l10n.t('Clipped gradient norm'),
      meaning: l10n.t(
        'What clipping ("clipNorm" or "clipValue") left of the gradient for the last update, penalties included.',
      ),
    });
  return badges;
}

/** A number that is not finite is a fault whatever it measures. */
const toneOfFinite = (value: number): { readonly tone?: Tone } =>
  Number.isFinite(value) ? {} : { tone: 'bad' };

/** All figures on one line. Numbers stand by their labels, and figure spaces do not collapse. */
export function shortStats(stats: LayerStats): string {
  return statsBadges(stats).map(figureText).join(figureSpace).trimEnd();
}

/** Characters in the text of `briefStats`, always. */
export const briefWidth = 20;
/** Characters up to the second one: "dead 100 %" and a space. */
const leftWidth = 11;

/** The two most telling figures in a column that never changes its width: what worries or else the mean, and the gradient. */
export function briefStats(stats: LayerStats): string {
  const badges = statsBadges(stats);
  const gradient = badges.find(({ key }) => key === 'gradNorm');
  const others = badges.filter((badge) => badge !== gradient);
  const worst = worstTone(others);
  const first = others.find(({ tone }) => worst !== 'good' && worst !== undefined && tone === worst);
  const shown = [first ?? others[0], gradient].filter((badge) => badge !== undefined);
  const [left = '', right = ''] = shown.map(figureText);
  return fill(fill(left, leftWidth) + right, briefWidth);
}

const fill = (text: string, to: number): string => text.padEnd(to, figureSpace);

const figureText = ({ label, value }: StatsBadge): string =>
  `${label} ${value.trimStart().padEnd(value.length, figureSpace)}`;

/** The most worrying tone among a layer's figures. */
export function worstTone(badges: readonly StatsBadge[]): Tone | undefined {
  const order: readonly Tone[] = ['bad', 'warn', 'good'];
  return order.find((tone) => badges.some((badge) => badge.tone === tone));
}

/** How much of the gradient reaches the first time step from the last, and what to make of it. */
export function gradientThroughTime(norms: readonly number[]): {
  readonly text: string;
  readonly tone: Tone;
} {
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
  const tone = throughTimeTone(ratio);
  if (tone === 'good') return { text: compared, tone };
  const verdict =
    ratio < 1
      ? l10n.t(
          'It vanishes: what came early is hardly learned. If it stays so, use a GRU, an LSTM with its forget gate open at first, or shorter sequences.',
        )
      : l10n.t('It explodes: clip gradients ("clipNorm"), or truncate them.');
  return { text: `${compared} ${verdict}`, tone };
}

/** 3 %, 0.02 %, 4e−9 %. */
const formatRatio = (ratio: number): string =>
  ratio >= 0.01 ? `${Math.round(ratio * 100)} %` : `${formatNumber(ratio * 100)} %`;
