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
    const removed: string[] = [];
    const layersRemoved = changeWritten(look, ({ name, kind, from }): SpecEdit[] => {
      if (kind?.category !== 'regularization' || from.length !== 1) return [];
      removed.push(name);
      return [{ kind: 'removeLayers', names: [name], heal: true }];
    });
    // Recurrent layers have dropout of their own.
    const own = changeWritten(look, (spec) =>
      !spec.kind || spec.kind.category === 'regularization'
        ? []
        : dropsOf({ definition: spec.kind, spec }).map(
            ({ attribute }): SpecEdit => ({
              kind: 'setAttribute',
              layer: spec.name,
              attribute,
              value: undefined,
            }),
          ),
    );
    const edits = [...own, ...layersRemoved];
    const title =
      own.length === 0
        ? l10n.t('Remove {0}', removed.map((name) => `"${name}"`).join(', '))
        : l10n.t('Remove all dropout and noise');
    return edits.length === 0 ? [] : [{ title, edit: together(edits) }];
  },
});
