/** Least activation. Only in the log. */
import { defineStatistic } from './define.ts';

export const min = defineStatistic({
  key: 'min',
  doc: 'Smallest finite element of the output.',
  at: 'activation',
  shape: 'number',
  read: ({ activation }) => activation.min,
});
