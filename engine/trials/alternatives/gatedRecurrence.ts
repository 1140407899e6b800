/** Gated recurrent layers instead of simple ones, because they remember for longer. */
import { changeType } from '../../diagnose/fixes.ts';
import { always, defineAlternative } from './define.ts';

export const gatedRecurrence = defineAlternative({
  code: always('time/vanishing'),
  resort: 'together',
  changes: (look) =>
    look.analysis.graph.layers
      // A layer with a second state, such as an LSTM, has gates already.
      .filter(
        ({ definition, inferred }) =>
          definition.category === 'recurrent' && Object.keys(inferred.extraOutputs ?? {}).length < 2,
      )
      .flatMap(({ name }) => changeType(look, name, 'gru')),
});
