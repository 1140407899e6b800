/** Largest activation. Only in the log. */
import { defineStatistic } from './define.ts';

export const max = defineStatistic({
  key: 'max',
  doc: 'Largest finite element of the output.',
  at: 'activation',
  shape: 'number',
  read: ({ activation }) => activation.max,
});
