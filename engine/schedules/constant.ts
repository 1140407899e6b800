/** Constant: the learning rate does not change. */
import { defineSchedule } from './define.ts';

export const constant = defineSchedule({
  type: 'constant',
  label: 'Constant',
  doc: 'Keeps the learning rate of the optimizer.',
  attributes: {},
  factor: () => 1,
});
