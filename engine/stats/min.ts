/** Least activation. Only in the log. */
import { defineStatistic } from './define.ts';

export const min = defineStatistic({
  key: 'min',
  at: 'activation',
  shape: 'number',
  read: ({ activation }) => activation.min,
});
