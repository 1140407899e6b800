/** Add: the sum of its inputs, for example at the end of a skip connection. */
import { defineLayer } from './define.ts';
import { onAnyAxes } from './frameworks/counterpart.ts';
import {
  accumulate,
  inferMerge,
  mergedTime,
  mergeErrorSamples,
  mergePorts,
  mergeSamples,
  repeatDoc,
  spread,
} from './merge.ts';

export const add = defineLayer({
  type: 'add',
  category: 'merge',
  label: 'Add',
  synonyms: ['residual', 'skip connection', 'sum', 'plus', 'resnet'],
  icon: 'add',
  doc: `The sum of its inputs, element by element: **y = Σ xₖ**. A skip connection ends here: its gradient passes to every
input unchanged, so very deep residual networks can be trained. ${repeatDoc}

[He et al. 2016](https://arxiv.org/abs/1512.03385)`,
  attributes: {},
  frameworks: onAnyAxes({
    pytorch: { name: 'add', functional: 'add' },
    keras: { name: 'Add' },
    onnx: [{ name: 'Add' }, { name: 'Sum' }],
  }),
  ignoresOrder: () => true,
  inputs: mergePorts,
  forgetsOutput: true,

  time: mergedTime,

  infer: (_attributes, inputs) => inferMerge(inputs, inputs.length - 1),

  /** y = Σ xₖ. */
  forward({ kernels, batch, inputs, output, scratch, constants }) {
    kernels.clear(output.data.subarray(0, batch * constants.size));
    for (let k = 0; k < inputs.length; k++)
      accumulate(kernels, constants.views[k], batch, scratch.counter.data, inputs[k].data, output.data);
  },

  /** dxₖ += dy. */
  backward({ kernels, batch, gradInputs, gradOutput, scratch, constants }) {
    for (let k = 0; k < gradInputs.length; k++) {
      const dx = gradInputs[k];
      if (dx) spread(kernels, constants.views[k], batch, scratch.counter.data, 1, gradOutput.data, dx.data);
    }
  },

  samples: mergeSamples,
  errorSamples: mergeErrorSamples,
});
