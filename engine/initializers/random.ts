/** Random numbers with a given spread. */
import { number } from '../schema/attributes.ts';
import { defineInitializer } from './define.ts';

export const uniform = defineInitializer({
  type: 'uniform',
  label: 'Uniform',
  doc: `Uniform between two numbers. The spread does not depend on the size of the layer, so prefer *glorotUniform*, *heUniform* or *lecunUniform* for deep networks.

[PyTorch: uniform](https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.uniform_)`,
  attributes: {
    min: number({ default: -0.05, doc: 'Lowest value.' }),
    max: number({ default: 0.05, doc: 'Highest value.' }),
  },
  spread: ({ min, max }) => ({ mean: (min + max) / 2, std: Math.abs(max - min) / Math.sqrt(12) }),
  fill(values, _target, random, { min, max }) {
    for (let i = 0; i < values.length; i++) values[i] = min + (max - min) * random.uniform();
  },
});

const normalAttributes = {
  mean: number({ default: 0, doc: 'Mean.' }),
  std: number({ default: 0.05, min: 0, doc: 'Standard deviation.' }),
};

export const normal = defineInitializer({
  type: 'normal',
  label: 'Normal',
  doc: `Normal with a given mean and standard deviation. The spread does not depend on the size of the layer. A std of 0.02 is usual for embeddings.

[PyTorch: normal](https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.normal_)`,
  attributes: normalAttributes,
  spread: ({ mean, std }) => ({ mean, std }),
  fill(values, _target, random, { mean, std }) {
    for (let i = 0; i < values.length; i++) values[i] = mean + std * random.normal();
  },
});

export const truncatedNormal = defineInitializer({
  type: 'truncatedNormal',
  label: 'Truncated normal',
  doc: `Normal, but values beyond two standard deviations from the mean are drawn again, so that no weight is very large. The resulting standard deviation is
0.88 times *std*.

[Keras: TruncatedNormal](https://keras.io/api/layers/initializers/#truncatednormal-class)`,
  attributes: normalAttributes,
  spread: ({ mean, std }) => ({ mean, std: 0.88 * std }),
  fill(values, _target, random, { mean, std }) {
    for (let i = 0; i < values.length; i++) {
      let draw = random.normal();
      while (Math.abs(draw) > 2) draw = random.normal();
      values[i] = mean + std * draw;
    }
  },
});
