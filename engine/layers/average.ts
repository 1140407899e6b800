/** Average: the mean of its inputs, for example of the members of an ensemble. */
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

export const average = defineLayer({
  type: 'average',
  category: 'merge',
  label: 'Average',
  synonyms: ['mean', 'ensemble'],
  icon: 'graph-scatter',
  doc: `The mean of its K inputs, element by element: **y = Σ xₖ / K**. Every input gets 1/K of the gradient. ${repeatDoc}

[Keras: Average](https://keras.io/api/layers/merging_layers/average/)`,
  attributes: {},
  frameworks: onAnyAxes({
    keras: { name: 'Average' },
    onnx: { name: 'Mean' },
  }),
  ignoresOrder: () => true,
  inputs: mergePorts,
  forgetsOutput: true,

  time: mergedTime,

  infer: (_attributes, inputs) => inferMerge(inputs, inputs.length),

  /** y = Σ xₖ / K. */
  forward({ kernels, batch, inputs, output, scratch, constants }) {
    const count = batch * constants.size;
    const y = output.data;
    kernels.clear(y.subarray(0, count));
    for (let k = 0; k < inputs.length; k++)
      accumulate(kernels, constants.views[k], batch, scratch.counter.data, inputs[k].data, y);
    for (let i = 0; i < count; i++) y[i] /= inputs.length;
  },

  /** dxₖ += dy / K. */
  backward({ kernels, batch, gradInputs, gradOutput, scratch, constants }) {
    const share = 1 / gradInputs.length;
    for (let k = 0; k < gradInputs.length; k++) {
      const dx = gradInputs[k];
      if (dx)
        spread(kernels, constants.views[k], batch, scratch.counter.data, share, gradOutput.data, dx.data);
    }
  },

  samples: mergeSamples,
  errorSamples: mergeErrorSamples,
});
