/** Constants: zeros for offsets, ones for scales, or any number. */
import { number } from '../../spec/attributes.ts';
import { defineInitializer } from './define.ts';

export const zeros = defineInitializer({
  type: 'zeros',
  label: 'Zeros',
  doc: 'All zero. Right for offsets; never for weights, whose units would stay equal for ever.',
  attributes: {},
  fill(values) {
    values.fill(0);
  },
});

export const constant = defineInitializer({
  type: 'constant',
  label: 'Constant',
  doc: 'All the same number.',
  attributes: { value: number({ default: 1, doc: 'The number.' }) },
  fill(values, _target, _random, { value }) {
    values.fill(value);
  },
});
