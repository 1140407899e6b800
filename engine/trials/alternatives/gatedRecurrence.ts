/** Gated recurrent layers instead of simple ones, because they remember for longer. */
import { changeType } from '../../diagnose/fixes.ts';
import { always, defineAlternative } from './define.ts';

export const gatedRecurrence = defineAlternative({
  code: always('time/vanishing'),
  resort: 'together',
  changes: (look) =>
    look.analysis.graph.layers
      .filter(({ definition }) => definition.category === 'recurrent' && !definition.isGated)
      .flatMap(({ name }) => changeType(look, name, 'gru')),
});
