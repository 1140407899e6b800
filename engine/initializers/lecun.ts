/** LeCun: keeps the variance of activations, as SELU needs it. */
import { defineInitializer, type InitializerTarget } from './define.ts';

const source = '[LeCun et al., 1998](https://doi.org/10.1007/3-540-49430-8_2)';

const spread = (_: object, { fanIn }: InitializerTarget) => ({ mean: 0, std: Math.sqrt(1 / fanIn) });

export const lecunUniform = defineInitializer({
  type: 'lecunUniform',
  label: 'LeCun uniform',
  doc: `Uniform within ±√(3 / fanIn). Suits linear units, tanh and SELU. ${source}`,
  attributes: {},
  spread,
  fill(values, { fanIn }, random) {
    const limit = Math.sqrt(3 / fanIn);
    for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * limit;
  },
});

export const lecunNormal = defineInitializer({
  type: 'lecunNormal',
  label: 'LeCun normal',
  doc: `Normal with variance 1 / fanIn. Suits linear units, tanh and SELU, which is self-normalizing only with it. ${source}`,
  attributes: {},
  spread,
  fill(values, { fanIn }, random) {
    const std = Math.sqrt(1 / fanIn);
    for (let i = 0; i < values.length; i++) values[i] = random.normal() * std;
  },
});
