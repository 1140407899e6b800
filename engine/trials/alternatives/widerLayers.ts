/** More units in narrow hidden layers. */
import * as l10n from '@vscode/l10n';
import { together } from '../../diagnose/fixes.ts';
import { widths } from '../../diagnose/growth.ts';
import { hasWeights, judged, nextWeights } from '../../diagnose/network.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { always, defineAlternative } from './define.ts';

/** The number of units below which a hidden layer is narrow, and the number that it gets instead. */
const narrow = { below: 16, units: 32 };

export const widerLayers = defineAlternative({
  code: always('structure/bottleneck'),
  resort: 'together',

  changes(look) {
    const { graph } = look.analysis;
    const outputs = judged(look);
    const edits = graph.layers.flatMap((layer): SpecEdit[] => {
      if (!hasWeights(layer) || outputs.has(layer.name) || nextWeights(graph, layer.name).length === 0)
        return [];
      return widths.flatMap((attribute): SpecEdit[] => {
        const width = layer.spec.given[attribute];
        return typeof width === 'number' && width < narrow.below
          ? [{ kind: 'setAttribute', layer: layer.name, attribute, value: narrow.units }]
          : [];
      });
    });
    return edits.length === 0
      ? []
      : [{ title: l10n.t('Widen narrow hidden layers to {0} units', narrow.units), edit: together(edits) }];
  },
});
