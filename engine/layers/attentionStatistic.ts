/** What each head of an attention layer attends to: one step, or all steps equally. */
import * as l10n from '@vscode/l10n';
import type { BackwardPass, Tensor } from './define.ts';
import { type MeasuredStatistic, measuredStatistic } from './statistic.ts';

/** A step is focused if one weight is above this. */
const focused = 0.9;
/** A step attends evenly if no weight exceeds this multiple of the weight that each step would have if all were equal. */
const even = 2;

interface AttentionPass extends BackwardPass {
  readonly attributes: { readonly heads: number; readonly causal: boolean };
  /** `weights`: [batch, heads, steps, steps]. */
  readonly saved: { readonly weights: Tensor };
  readonly constants: { readonly steps: number };
}

/**
 * For each head, the share of real steps that give one step almost all weight, and the share that weigh all steps equally. Steps
 * that attend to fewer than three steps are excluded, because the shares mean nothing for them.
 */
export const attention: MeasuredStatistic<'shares'> = measuredStatistic({
  key: 'attention',
  doc: `For each head the share of time steps with one weight above ${focused}, and of those with no weight above ${even} times the weight that all would have if they were equal. Steps that see fewer than three steps are left out.`,
  at: 'layer',
  shape: 'shares',
  after: 'forward',
  size: ({ attributes }) => 2 * (attributes.heads as number),

  measure({ batch, lengths, attributes, saved, constants }: AttentionPass, shares) {
    const { heads, causal } = attributes;
    const { steps } = constants;
    const weights = saved.weights.data;
    shares.fill(0);
    let counted = 0;
    for (let n = 0; n < batch; n++) {
      const length = lengths ? lengths[n] : steps;
      for (let step = causal ? 2 : 0; step < length; step++) {
        const seen = causal ? step + 1 : length;
        if (seen < 3) continue;
        counted++;
        for (let head = 0; head < heads; head++) {
          const start = ((n * heads + head) * steps + step) * steps;
          let largest = 0;
          for (let i = start; i < start + seen; i++) if (weights[i] > largest) largest = weights[i];
          if (largest > focused) shares[2 * head]++;
          else if (largest * seen < even) shares[2 * head + 1]++;
        }
      }
    }
    for (let i = 0; i < shares.length; i++) shares[i] /= Math.max(1, counted);
  },

  value: (shares) =>
    Object.fromEntries(
      Array.from({ length: shares.length / 2 }, (_, head) => [
        l10n.t('head {0}', head + 1),
        { focused: shares[2 * head], even: shares[2 * head + 1] },
      ]),
    ),
  words: () => ({
    label: l10n.t('attention'),
    name: l10n.t('Attention'),
    meaning: l10n.t(
      'For each head, the share of time steps that attend to a single step, and the share that attend to all steps equally. A head that attends to all steps equally has not learned what to look for.',
    ),
    parts: { focused: l10n.t('focused'), even: l10n.t('even') },
  }),
});
