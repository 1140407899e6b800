/** Constant: the learning rate stays as it is. */
import { defineSchedule } from './define.ts';

export const constant = defineSchedule({
  type: 'constant',
  label: 'Constant',
  doc: "The optimizer's learning rate, unchanged.",
  attributes: {},
  factor: () => 1,
});
