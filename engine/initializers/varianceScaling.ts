/** Variance scaling: the family of Glorot, He and LeCun with its settings free. */
import { choice, number } from '../schema/attributes.ts';
import { defineInitializer, type InitializerTarget } from './define.ts';

const fans = {
  fanIn: ({ fanIn }: InitializerTarget) => fanIn,
  fanOut: ({ fanOut }: InitializerTarget) => fanOut,
  average: ({ fanIn, fanOut }: InitializerTarget) => (fanIn + fanOut) / 2,
};

const stdOf = (
  { scale, mode }: { readonly scale: number; readonly mode: keyof typeof fans },
  target: InitializerTarget,
): number => Math.sqrt(scale / fans[mode](target));

export const varianceScaling = defineInitializer({
  type: 'varianceScaling',
  label: 'Variance scaling',
  doc: `Random with variance scale / n, where n is *fanIn*, *fanOut*, or the mean of both. Scale 1 with the mean is *glorot*, scale 2 with *fanIn* is
*he*, and scale 1 with *fanIn* is *lecun*.

[Keras: VarianceScaling](https://keras.io/api/layers/initializers/#variancescaling-class)`,
  attributes: {
    scale: number({ default: 1, above: 0, doc: 'The variance times n, which is the square of the gain.' }),
    mode: choice(Object.keys(fans) as (keyof typeof fans)[], { default: 'fanIn', doc: 'Which number n is.' }),
    distribution: choice(['uniform', 'normal'], { default: 'normal', doc: 'Shape of the distribution.' }),
  },
  spread: (attributes, target) => ({ mean: 0, std: stdOf(attributes, target) }),
  fill(values, target, random, attributes) {
    const { distribution } = attributes;
    const std = stdOf(attributes, target);
    const limit = std * Math.sqrt(3);
    for (let i = 0; i < values.length; i++)
      values[i] = distribution === 'uniform' ? (2 * random.uniform() - 1) * limit : random.normal() * std;
  },
});
