/** What each time step of the chosen sample attends to, head by head, as pictures. */
import * as l10n from '@vscode/l10n';
import type { BackwardPass, Tensor } from './define.ts';
import { pictures, picturesShown, sideWithin } from './pictures.ts';
import { detailStatistic } from './statistic.ts';

/** The most steps that are shown. In a longer sequence they are the last ones, which can attend to most of it. */
const mostSteps = 48;

interface AttentionPass extends BackwardPass {
  readonly attributes: { readonly heads: number };
  /** `weights`: [batch, heads, steps, steps]. */
  readonly saved: { readonly weights: Tensor };
  readonly constants: { readonly steps: number };
}

export const attentionMaps = detailStatistic({
  key: 'attentionMaps',
  doc: `The weights that each time step (rows) gives each other step (columns), for each head, of the chosen sample; of the last real steps where there are more than ${mostSteps}.`,
  at: 'layer',
  shape: 'pictures',
  after: 'sample',
  look({ lengths, attributes, saved, constants }: AttentionPass, { pixels }) {
    const { steps } = constants;
    const length = lengths ? lengths[0] : steps;
    const shown = Math.min(length, sideWithin(pixels, mostSteps));
    if (shown === 0) return undefined;
    const weights = saved.weights.data;
    const heads = picturesShown(attributes.heads, shown, shown, pixels);
    const values = Array.from({ length: heads * shown * shown }, (_, i) => {
      const head = Math.floor(i / (shown * shown));
      const row = length - shown + (Math.floor(i / shown) % shown);
      return weights[(head * steps + row) * steps + length - shown + (i % shown)];
    });
    return { heads: pictures(shown, shown, values) };
  },
  words: () => ({
    label: l10n.t('maps'),
    name: l10n.t('Attention maps'),
    meaning: l10n.t(
      'What each time step of the chosen sample (rows, from the top) attends to (columns, from the left): one picture for each head.',
    ),
  }),
});
