/** Multiply: the product of its inputs, for example of a gate and the values that it gates. */
import { defineLayer, perSample } from './define.ts';
import { onAnyAxes } from './frameworks/counterpart.ts';
import {
  counterFor,
  mergedTime,
  mergeErrorSamples,
  mergePorts,
  mergeSamples,
  mergeShapes,
  multiplyInto,
  repeatDoc,
  spread,
} from './merge.ts';

export const multiply = defineLayer({
  type: 'multiply',
  category: 'merge',
  label: 'Multiply',
  synonyms: ['product', 'gate', 'times', 'elementwise product'],
  icon: 'close',
  doc: `The product of its inputs, element by element: **y = Π xₖ**. With one input between 0 and 1 (a sigmoid) it is a gate.
The gradient of each input is scaled by the others, so a closed gate also stops the gradient. ${repeatDoc}

[Keras: Multiply](https://keras.io/api/layers/merging_layers/multiply/)`,
  attributes: {},
  frameworks: onAnyAxes({
    pytorch: { name: 'mul', functional: 'mul' },
    keras: { name: 'Multiply' },
    onnx: { name: 'Mul' },
  }),
  ignoresOrder: () => true,
  inputs: mergePorts,
  forgetsOutput: true,

  time: mergedTime,

  infer(_attributes, inputs) {
    const geometry = mergeShapes(inputs);
    if ('problem' in geometry) return geometry;
    const { output, views, size } = geometry;
    return {
      output,
      scratch: { counter: counterFor(output), product: perSample(...output) },
      constants: { views, size },
      flops: (inputs.length - 1) * size,
    };
  },

  /** y = Π xₖ. */
  forward({ batch, inputs, output, scratch, constants }) {
    output.data.fill(1, 0, batch * constants.size);
    for (let k = 0; k < inputs.length; k++)
      multiplyInto(constants.views[k], batch, scratch.counter.data, inputs[k].data, output.data);
  },

  /** dxₖ += dy · Π_{j≠k} xⱼ; not y / xₖ, which fails at 0. */
  backward({ kernels, batch, inputs, gradInputs, gradOutput, scratch, constants }) {
    const { views, size } = constants;
    const counter = scratch.counter.data;
    const product = scratch.product.data;
    const dy = gradOutput.data;
    for (let k = 0; k < inputs.length; k++) {
      const dx = gradInputs[k];
      if (!dx) continue;
      for (let i = 0; i < batch * size; i++) product[i] = dy[i];
      for (let j = 0; j < inputs.length; j++)
        if (j !== k) multiplyInto(views[j], batch, counter, inputs[j].data, product);
      spread(kernels, views[k], batch, counter, 1, product, dx.data);
    }
  },

  samples: mergeSamples,
  errorSamples: mergeErrorSamples,
});
