/** One more hidden layer before the output. */
import * as l10n from '@vscode/l10n';
import { insertChain } from '../../diagnose/fixes.ts';
import { hasHiddenWeights, hasWeights, judged, outputOf } from '../../diagnose/network.ts';
import { defineAlternative } from './define.ts';

const units = 32;

export const hiddenLayer = defineAlternative({
  code: ({ analysis: { graph } }) =>
    hasHiddenWeights(graph) ? 'fit/underfitting' : 'structure/noNonlinearity',

  changes(look) {
    const { graph, spec } = look.analysis;
    const [loss, ...others] = spec.training?.losses ?? [];
    if (!loss || others.length > 0) return [];
    let last = outputOf(look, loss);
    while (last && !hasWeights(last) && last.from.length === 1) last = graph.byName.get(last.from[0].layer);
    const [source, ...more] = last?.from ?? [];
    if (!last?.definition.linear || !source || more.length > 0 || source.output !== undefined) return [];
    // A layer that a loss judges, too, must keep its readers.
    if (judged(look).has(source.layer)) return [];
    const title = l10n.t('Add a hidden layer of {0} units after "{1}"', units, source.layer);
    const dense = { type: 'dense', attributes: { units, kernelInitializer: 'heUniform' } };
    return insertChain(look, source.layer, [dense, { type: 'relu', attributes: {} }], title);
  },
});
