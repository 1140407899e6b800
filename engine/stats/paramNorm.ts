/** Norm of the layer's parameters before the update. Only in the log. */
import { defineStatistic } from './define.ts';

export const paramNorm = defineStatistic({
  key: 'paramNorm',
  at: 'update',
  shape: 'number',
  read: ({ update }) => update?.parameters,
});
