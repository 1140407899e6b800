/** Root mean square of the gradient with respect to the layer's output. Only in the log. */
import { defineStatistic } from './define.ts';

export const gradRms = defineStatistic({
  key: 'gradRms',
  doc: "Root mean square of the loss gradient with respect to the elements of the layer's output.",
  at: 'gradient',
  shape: 'number',
  read: ({ gradient }) => gradient?.outputRms,
});
