/** Norm of the layer's parameters before the update. Only in the log. */
import { defineStatistic } from './define.ts';

export const paramNorm = defineStatistic({
  key: 'paramNorm',
  doc: "L2 norm of the layer's parameters before the last update.",
  at: 'update',
  shape: 'number',
  read: ({ update }) => update?.parameters,
});
