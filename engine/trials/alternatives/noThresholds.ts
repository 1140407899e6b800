/** ReLU instead of activations that give 0 up to a threshold, or shrink by it. */
import { changeType } from '../../diagnose/fixes.ts';
import { allOf } from '../fixed.ts';
import { always, defineAlternative } from './define.ts';

export const noThresholds = defineAlternative({
  code: always('relu/dead'),

  changes(look) {
    const fixes = look.analysis.graph.layers
      .filter(({ spec }) => Object.hasOwn(spec.attributes, 'threshold'))
      .flatMap(({ name }) => changeType(look, name, 'relu'));
    return fixes.length === 0 ? [] : [allOf(fixes)];
  },
});
