/** Flatten: joins all axes of a sample into one. */
import { defineLayer, sizeOf } from './define.ts';
import { reshapedTime } from './time.ts';

export const flatten = defineLayer({
  type: 'flatten',
  category: 'shape',
  linear: true,
  label: 'Flatten',
  synonyms: ['unroll', 'vector', 'to one dimension'],
  icon: 'list-flat',
  doc: `Puts all values of a sample in one row, with the last axis fastest: \`[height, width, channels]\` becomes
\`[height · width · channels]\`. It is usually between the convolutions and the first dense layer.

[PyTorch: Flatten](https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html)`,
  attributes: {},
  frameworks: {
    pytorch: { name: 'Flatten', fixed: { start_dim: 1, end_dim: -1 } },
    keras: { name: 'Flatten' },
    onnx: { name: 'Flatten', fixed: { axis: 1 } },
  },
  view: true,
  keepsValues: true,
  bridges: () => [{}],

  time(_attributes, [input], axes) {
    return reshapedTime(input, [sizeOf(input)], axes);
  },

  infer(_attributes, [input]) {
    const size = sizeOf(input);
    return { output: [size], constants: { size } };
  },

  /** y[N, S] = x[N, …] in the same order. */
  forward({ batch, input, output, constants }) {
    const x = input.data;
    const y = output.data;
    for (let i = 0; i < batch * constants.size; i++) y[i] = x[i];
  },

  /** dx += dy. */
  backward({ kernels, batch, gradInput, gradOutput, constants }) {
    if (gradInput) kernels.addScaled(batch * constants.size, 1, gradOutput.data, 0, gradInput.data, 0);
  },

  samples: [
    { name: 'image', inputs: [[3, 2, 2]] },
    { name: 'time axis', inputs: [[4, 3]] },
    { name: 'already flat', inputs: [[5]] },
  ],
  errorSamples: [],
});
