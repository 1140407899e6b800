/** He (Kaiming): keeps the variance of activations through ReLU layers, which halve it. */
import { defineInitializer, type InitializerTarget } from './define.ts';

const source = '[He et al., 2015](https://arxiv.org/abs/1502.01852)';

const spread = (_: object, { fanIn }: InitializerTarget) => ({ mean: 0, std: Math.sqrt(2 / fanIn) });

export const heUniform = defineInitializer({
  type: 'heUniform',
  label: 'He uniform',
  doc: `Uniform within ±√(6 / fanIn). Suits ReLU and related activations. ${source}`,
  attributes: {},
  spread,
  fill(values, { fanIn }, random) {
    const limit = Math.sqrt(6 / fanIn);
    for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * limit;
  },
});

export const heNormal = defineInitializer({
  type: 'heNormal',
  label: 'He normal',
  doc: `Normal with variance 2 / fanIn. Suits ReLU and related activations. ${source}`,
  attributes: {},
  spread,
  fill(values, { fanIn }, random) {
    const std = Math.sqrt(2 / fanIn);
    for (let i = 0; i < values.length; i++) values[i] = random.normal() * std;
  },
});
