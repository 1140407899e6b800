/**
 * The definition of a bypassed layer: its first input, unchanged. A text cannot name it, so it is in no registry. The graph uses
 * it instead of the layer's own definition, and nothing else needs to know.
 */
import { defineLayer, sizeOf } from '../layers/define.ts';
import { keepsTime } from '../layers/time.ts';

export const passThrough = defineLayer({
  type: 'passThrough',
  category: 'shape',
  label: 'Pass-through',
  icon: 'debug-step-over',
  doc: 'Gives its input on as it is.',
  attributes: {},
  view: true,
  keepsValues: true,
  linear: true,
  ignoresOrder: () => true,

  time: keepsTime,

  infer(_attributes, [input]) {
    return { output: input, constants: { size: sizeOf(input) } };
  },

  forward({ batch, input, output, constants }) {
    for (let i = 0; i < batch * constants.size; i++) output.data[i] = input.data[i];
  },

  /** dx += dy. */
  backward({ kernels, batch, gradInput, gradOutput, constants }) {
    if (gradInput) kernels.addScaled(batch * constants.size, 1, gradOutput.data, 0, gradInput.data, 0);
  },

  samples: [{ name: 'vector', inputs: [[7]] }],
  errorSamples: [],
});
