/** Gradients as they are. */
import * as l10n from '@vscode/l10n';
import { setTraining, together } from '../../diagnose/fixes.ts';
import { always, defineAlternative } from './define.ts';

export const unclippedGradients = defineAlternative({
  code: always('update/tooSmall'),

  changes({ analysis: { spec } }) {
    const set = (['clipNorm', 'clipValue'] as const).filter((name) => spec.training?.[name] !== undefined);
    if (set.length === 0) return [];
    const edits = set.map((name) => setTraining([name], undefined, '').edit);
    const names = set.map((name) => `"${name}"`).join(', ');
    return [{ title: l10n.t('Remove {0}', names), edit: together(edits) }];
  },
});
