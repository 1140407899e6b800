/** The bias of an LSTM that begins by remembering. */
import { defineInitializer } from './define.ts';

export const forgetGateOne = defineInitializer({
  type: 'forgetGateOne',
  label: 'Forget gate one',
  doc: `For the bias of an LSTM, whose blocks are input, forget, candidate and output: 1 for the forget gate, 0 elsewhere. The gate starts nearly three quarters open, so
gradients reach far back before the layer has learned anything. [Jozefowicz et al., 2015](https://proceedings.mlr.press/v37/jozefowicz15.html)`,
  attributes: {},
  spread: () => ({ mean: 1 / 4, std: Math.sqrt(3) / 4 }),
  fill(values) {
    const units = values.length / 4;
    values.fill(0);
    values.fill(1, units, 2 * units);
  },
});
