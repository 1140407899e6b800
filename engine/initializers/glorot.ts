/** Glorot (Xavier): keeps the variance of activations and of gradients through layers with a symmetric activation. */
import { defineInitializer, type InitializerTarget } from './define.ts';

const source = '[Glorot and Bengio, 2010](https://proceedings.mlr.press/v9/glorot10a.html)';

const spread = (_: object, { fanIn, fanOut }: InitializerTarget) => ({
  mean: 0,
  std: Math.sqrt(2 / (fanIn + fanOut)),
});

export const glorotUniform = defineInitializer({
  type: 'glorotUniform',
  label: 'Glorot (Xavier) uniform',
  doc: `Uniform within ±√(6 / (fanIn + fanOut)). Suits tanh, sigmoid and softmax. ${source}`,
  attributes: {},
  spread,
  fill(values, { fanIn, fanOut }, random) {
    const limit = Math.sqrt(6 / (fanIn + fanOut));
    for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * limit;
  },
});

export const glorotNormal = defineInitializer({
  type: 'glorotNormal',
  label: 'Glorot (Xavier) normal',
  doc: `Normal with variance 2 / (fanIn + fanOut). Suits tanh, sigmoid and softmax. ${source}`,
  attributes: {},
  spread,
  fill(values, { fanIn, fanOut }, random) {
    const std = Math.sqrt(2 / (fanIn + fanOut));
    for (let i = 0; i < values.length; i++) values[i] = random.normal() * std;
  },
});
