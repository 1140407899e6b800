/** Gated recurrent layers, which remember for longer. */
import { changeType } from '../../diagnose/fixes.ts';
import { always, defineAlternative } from './define.ts';

export const gatedRecurrence = defineAlternative({
  code: always('time/vanishing'),
  resort: 'together',
  changes: (look) =>
    look.analysis.graph.layers
      .filter(({ definition }) => definition.category === 'recurrent')
      .flatMap(({ name }) => changeType(look, name, 'gru')),
});
