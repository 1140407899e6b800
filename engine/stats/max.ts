/** Largest activation. Only in the log. */
import { defineStatistic } from './define.ts';

export const max = defineStatistic({
  key: 'max',
  at: 'activation',
  shape: 'number',
  read: ({ activation }) => activation.max,
});
