/** Edits that keep a network from memorizing samples, or that loosen what keeps it from learning. */
import * as l10n from '@vscode/l10n';
import { changeWritten, insertAfter, type SpecFix, setTraining } from './fixes.ts';
import type { NetworkLook } from './look.ts';
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

/** Sets the weight decay of the optimizer, if it has none. */
export function addWeightDecay({ analysis }: NetworkLook, decay: number): SpecFix[] {
  const { attributes } = analysis.spec.training?.optimizer ?? { attributes: {} };
  return 'weightDecay' in attributes && attributes.weightDecay === 0
    ? [setTraining(['optimizer', 'weightDecay'], decay, l10n.t('Set "weightDecay" to {0}', decay))]
    : [];
}

/** A thousandth of every weight penalty. */
export function dividePenalties(look: NetworkLook): SpecFix[] {
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
