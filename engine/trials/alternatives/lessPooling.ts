/** Pooling that keeps more of its input: windows of two cells, and every cell instead of one number for each channel. */
import * as l10n from '@vscode/l10n';
import { changeType, setAttribute, together } from '../../diagnose/fixes.ts';
import { longest } from '../../diagnose/receptive.ts';
import { always, defineAlternative } from './define.ts';

/** Cells of a window along each axis. */
const usual = 2;

export const lessPooling = defineAlternative({
  code: always('structure/bottleneck'),

  changes(look) {
    const pools = look.analysis.graph.layers.filter(
      ({ definition, from }) => definition.category === 'pooling' && from.length === 1,
    );
    return pools.flatMap(({ name, spec }) => {
      const { poolSize } = spec.attributes;
      if (poolSize === undefined) return changeType(look, name, 'flatten');
      if (longest(poolSize) <= usual) return [];
      const title = l10n.t('Set "{0}" of "{1}" to {2}', 'poolSize', name, usual);
      const edits = [
        setAttribute(name, 'poolSize', usual, title),
        setAttribute(name, 'stride', undefined, title),
      ];
      return [{ title, edit: together(edits.map(({ edit }) => edit)) }];
    });
  },
});
