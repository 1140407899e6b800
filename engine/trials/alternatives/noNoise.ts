/** No dropout and no noise. */
import * as l10n from '@vscode/l10n';
import { changeWritten, together } from '../../diagnose/fixes.ts';
import { dropsOf } from '../../diagnose/network.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { always, defineAlternative } from './define.ts';

export const noNoise = defineAlternative({
  code: always('structure/dropoutTooHigh'),
  resort: 'together',

  changes(look) {
    const { layers } = look.analysis.graph;
    const names = layers
      .filter(({ definition, from }) => definition.category === 'regularization' && from.length === 1)
      .map(({ name }) => name);
    // Recurrent layers have dropout of their own.
    const dropped = new Set(layers.flatMap((layer) => dropsOf(layer).map(() => layer.name)));
    const removed = new Set(names);
    const own = changeWritten(look, (layer) =>
      removed.has(layer.name) || !dropped.has(layer.name)
        ? []
        : dropsOf(look.analysis.graph.byName.get(layer.name)!).map(
            ({ attribute }): SpecEdit => ({
              kind: 'setAttribute',
              layer: layer.name,
              attribute,
              value: undefined,
            }),
          ),
    );
    const all = [
      ...own,
      ...(names.length === 0 ? [] : [{ kind: 'removeLayers' as const, names, heal: true as const }]),
    ];
    const title =
      own.length === 0
        ? l10n.t('Remove {0}', names.map((name) => `"${name}"`).join(', '))
        : l10n.t('Remove all dropout and noise');
    return all.length === 0 ? [] : [{ title, edit: together(all) }];
  },
});
