/** Constants: zeros for biases, ones for scales, or any number. */
import { number } from '../schema/attributes.ts';
import { defineInitializer } from './define.ts';

export const zeros = defineInitializer({
  type: 'zeros',
  label: 'Zeros',
  doc: 'All zero. Right for biases, but not for weights: all units of a layer would get the same gradient and stay equal forever.',
  attributes: {},
  spread: () => ({ mean: 0, std: 0 }),
  fill(values) {
    values.fill(0);
  },
});

export const constant = defineInitializer({
  type: 'constant',
  label: 'Constant',
  doc: 'All the same number. For biases and scales, e.g. 0.01 for the bias before a ReLU, so that no unit starts dead.',
  attributes: { value: number({ default: 1, doc: 'The number.' }) },
  spread: ({ value }) => ({ mean: value, std: 0 }),
  fill(values, _target, _random, { value }) {
    values.fill(value);
  },
});
