/** Edits that keep a network from memorizing samples, or that loosen what keeps it from learning. */
import * as l10n from '@vscode/l10n';
import { optimizers } from '../optimizers/registry.ts';
import { valueIn } from '../stats/define.ts';
import { paramNorm } from '../stats/paramNorm.ts';
import { changeWritten, insertAfter, type SpecFix, setTraining } from './fixes.ts';
import { lastCheck, type NetworkLook, type TrainingLook } from './look.ts';
import { dropsOf, hasWeights, judged, outputOf } from './network.ts';

/** Adds dropout before the last layer with weights, if there is none yet. */
export function addDropout(look: NetworkLook, rate: number): SpecFix[] {
  const { graph, spec } = look.analysis;
  if (graph.layers.some((layer) => dropsOf(layer).length > 0)) return [];
  const output = spec.training?.losses[0] && outputOf(look, spec.training.losses[0]);
  let last = output;
  while (last && !hasWeights(last)) last = graph.byName.get(last.from[0]?.layer ?? '');
  const before = last?.from[0];
  const source = before && graph.byName.get(before.layer);
  if (!source || before.output !== undefined || source.from.length === 0 || judged(look).has(source.name))
    return [];
  return insertAfter(look, source.name, 'dropout', { rate });
}

/**
 * What weight decay adds to the loss that the steps follow: half of it times the square of all weights. 0 for optimizers that decouple it,
 * because their steps do not weigh it against the gradient.
 */
export function decayPenalty(look: TrainingLook): number {
  const { type, attributes } = look.training.optimizer;
  const decay = Number(attributes.weightDecay ?? 0);
  if (decay === 0 || optimizers.get(type).decouplesDecay) return 0;
  const norms = Object.values(lastCheck(look).stats).map((own) => valueIn(paramNorm, own) ?? 0);
  return (decay / 2) * norms.reduce((sum, norm) => sum + norm ** 2, 0);
}

/** Edits that loosen penalties of weights: those of layers, or else the weight decay. */
export function loosenPenalties(look: NetworkLook): SpecFix[] {
  const divided = dividePenalties(look);
  if (divided.length > 0) return divided;
  const usual = 0.0001;
  return Number(look.analysis.spec.training?.optimizer.attributes.weightDecay ?? 0) > usual
    ? [setTraining(['optimizer', 'weightDecay'], usual, l10n.t('Set "weightDecay" to {0}', usual))]
    : [];
}

/** Sets the weight decay of the optimizer, if it has none. */
export function addWeightDecay({ analysis }: NetworkLook, decay: number): SpecFix[] {
  const { attributes } = analysis.spec.training?.optimizer ?? { attributes: {} };
  return 'weightDecay' in attributes && attributes.weightDecay === 0
    ? [setTraining(['optimizer', 'weightDecay'], decay, l10n.t('Set "weightDecay" to {0}', decay))]
    : [];
}

/** A thousandth of every weight penalty. */
function dividePenalties(look: NetworkLook): SpecFix[] {
  const edits = changeWritten(look, ({ name, common }) =>
    (['l1', 'l2'] as const)
      .filter((key) => common[key] > 0)
      .map((attribute) => ({
        kind: 'setAttribute' as const,
        layer: name,
        attribute,
        value: common[attribute] / 1000,
      })),
  );
  return edits.length === 0
    ? []
    : [{ title: l10n.t('Divide the weight penalties by 1000'), edit: { kind: 'several', edits } }];
}
