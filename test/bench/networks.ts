/** The networks that every contender trains, described so simply that each can build them in its own way. */

export type Layer =
  | { readonly type: 'dense'; readonly units: number }
  /** 3×3, stride 1, the image keeps its size. */
  | { readonly type: 'conv'; readonly filters: number }
  /** Largest of 2×2. */
  | { readonly type: 'pool' }
  | { readonly type: 'flatten' }
  | { readonly type: 'relu' }
  | { readonly type: 'tanh' }
  | { readonly type: 'sigmoid' }
  /** The last hidden state leaves. */
  | { readonly type: 'lstm'; readonly units: number }
  /** The same; the reset gate acts after the product, as in PyTorch. */
  | { readonly type: 'gru'; readonly units: number };

export interface Network {
  readonly title: string;
  readonly batch: number;
  /** Of one sample, channels last. */
  readonly input: readonly number[];
  readonly layers: readonly Layer[];
  /** Means over the batch; the squared error also over the outputs. */
  readonly loss: 'softmaxCrossEntropy' | 'meanSquaredError';
  /** Plain stochastic gradient descent. */
  readonly learningRate: number;
}

const dense = (units: number): Layer => ({ type: 'dense', units });
const conv = (filters: number): Layer[] => [{ type: 'conv', filters }, { type: 'relu' }];
const pool: Layer = { type: 'pool' };

export const networks: { readonly [name: string]: Network } = {
  mlp: {
    title: 'MLP 784-128-10, batch 32',
    batch: 32,
    input: [784],
    layers: [dense(128), { type: 'relu' }, dense(10)],
    loss: 'softmaxCrossEntropy',
    learningRate: 0.01,
  },
  cnn: {
    title: 'CNN conv 8, pool, conv 16, pool, dense 10 on 28×28×1, batch 32',
    batch: 32,
    input: [28, 28, 1],
    layers: [...conv(8), pool, ...conv(16), pool, { type: 'flatten' }, dense(10)],
    loss: 'softmaxCrossEntropy',
    learningRate: 0.01,
  },
  deep: {
    title: 'deeper CNN, 6 convolutions 32 32 pool 64 64 pool 128 128 pool on 32×32×3, batch 32',
    batch: 32,
    input: [32, 32, 3],
    layers: [
      ...[32, 64, 128].flatMap((filters) => [...conv(filters), ...conv(filters), pool]),
      { type: 'flatten' },
      dense(10),
    ],
    loss: 'softmaxCrossEntropy',
    learningRate: 0.01,
  },
  lstm: {
    title: 'LSTM 128, 64 time steps of 32, dense 10, batch 32',
    batch: 32,
    input: [64, 32],
    layers: [{ type: 'lstm', units: 128 }, dense(10)],
    loss: 'softmaxCrossEntropy',
    learningRate: 0.01,
  },
  gru: {
    title: 'GRU 128, 64 time steps of 32, dense 10, batch 32',
    batch: 32,
    input: [64, 32],
    layers: [{ type: 'gru', units: 128 }, dense(10)],
    loss: 'softmaxCrossEntropy',
    learningRate: 0.01,
  },
  xor: {
    title: 'latency floor 2-8-1, batch 4',
    batch: 4,
    input: [2],
    layers: [dense(8), { type: 'tanh' }, dense(1)],
    loss: 'meanSquaredError',
    learningRate: 0.1,
  },
};

/** A tensor of weights: [inputs, units], [3, 3, channels, filters], or of gates side by side: i f a o, z r c. */
export interface Weight {
  readonly shape: readonly number[];
  /** How often a step multiplies by each of its elements, in one direction. */
  readonly uses: number;
}

/** The weights of a network in order; biases begin at zero everywhere. */
export function weightsOf({ input, layers, batch }: Network): Weight[] {
  const weights: Weight[] = [];
  let shape = input;
  for (const layer of layers) {
    if (layer.type === 'dense') {
      weights.push({ shape: [shape[0], layer.units], uses: batch });
      shape = [layer.units];
    } else if (layer.type === 'conv') {
      const [height, width, channels] = shape;
      weights.push({ shape: [3, 3, channels, layer.filters], uses: batch * height * width });
      shape = [height, width, layer.filters];
    } else if (layer.type === 'pool') shape = [Math.floor(shape[0] / 2), Math.floor(shape[1] / 2), shape[2]];
    else if (layer.type === 'flatten') shape = [sizeOf(shape)];
    else if (layer.type === 'lstm' || layer.type === 'gru') {
      const [time, features] = shape;
      const columns = (layer.type === 'lstm' ? 4 : 3) * layer.units;
      weights.push({ shape: [features, columns], uses: batch * time });
      weights.push({ shape: [layer.units, columns], uses: batch * time });
      shape = [layer.units];
    }
  }
  return weights;
}

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/** Operations of a step's products: forward, to the weights, and to the inputs but not to the data. */
export function operationsOf(network: Network): number {
  const [first, ...rest] = weightsOf(network).map(({ shape, uses }) => 2 * sizeOf(shape) * uses);
  return 2 * first + 3 * rest.reduce((sum, one) => sum + one, 0);
}
