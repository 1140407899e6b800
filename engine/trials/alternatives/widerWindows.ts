/** Convolutions that see the neighbours of each place, where none does. */
import * as l10n from '@vscode/l10n';
import { changeWritten, together } from '../../diagnose/fixes.ts';
import { longest } from '../../diagnose/receptive.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { always, defineAlternative } from './define.ts';

const usual = 3;

export const widerWindows = defineAlternative({
  code: always('structure/bottleneck'),

  changes(look) {
    const windows = look.analysis.graph.layers.flatMap(
      ({ spec: { attributes } }) => attributes.kernelSize ?? [],
    );
    if (windows.some((window) => longest(window) > 1)) return [];
    // Whoever reads the next step does not have to predict it.
    const isNext = look.data?.targets.some((target) => target.isNext);
    const edits = changeWritten(look, ({ name: layer, given }): SpecEdit[] =>
      Object.hasOwn(given, 'kernelSize')
        ? [
            { kind: 'setAttribute', layer, attribute: 'kernelSize', value: usual },
            {
              kind: 'setAttribute',
              layer,
              attribute: 'padding',
              value: isNext || given.padding === 'causal' ? 'causal' : 'same',
            },
          ]
        : [],
    );
    return edits.length === 0
      ? []
      : [
          {
            title: l10n.t('Let the windows of all convolutions see {0} places', usual),
            edit: together(edits),
          },
        ];
  },
});
