/** The networks that every contender trains, in a description that is simple enough for each to build them. */

export type Layer =
  /** Of the last axis. */
  | { readonly type: 'dense'; readonly units: number }
  /** The stride divides the size of the image; padding on all sides. Default: 3×3 with stride 1, which keeps the size, and a bias. */
  | {
      readonly type: 'conv';
      readonly filters: number;
      readonly kernelSize?: 1 | 3;
      readonly stride?: number;
      readonly useBias?: false;
    }
  /** The largest of 2×2. */
  | { readonly type: 'pool' }
  /** The mean of each channel or feature over all positions. */
  | { readonly type: 'average' }
  | { readonly type: 'flatten' }
  | { readonly type: 'relu' }
  | { readonly type: 'tanh' }
  | { readonly type: 'sigmoid' }
  /** The output is the last hidden state, or with `sequence` those of all time steps. */
  | { readonly type: 'lstm'; readonly units: number; readonly sequence?: true }
  /** As `lstm`. The reset gate acts after the product, as in PyTorch. */
  | { readonly type: 'gru'; readonly units: number; readonly sequence?: true }
  | { readonly type: 'batchNorm' }
  /** Of the last axis. */
  | { readonly type: 'layerNorm' }
  /** Every position attends to all others; the heads divide the features. */
  | { readonly type: 'attention'; readonly heads: number }
  /** The output of its layers, plus the input or the output of the shortcut's layers. */
  | { readonly type: 'residual'; readonly layers: readonly Layer[]; readonly shortcut?: readonly Layer[] }
  /** Its layers this many times in a row, each time with separate weights. */
  | { readonly type: 'repeat'; readonly times: number; readonly layers: readonly Layer[] };

export interface Network {
  readonly title: string;
  readonly batch: number;
  /** The shape of one sample, channels last. */
  readonly input: readonly number[];
  readonly layers: readonly Layer[];
  /** The loss is a mean over the batch, and for the squared error also over the outputs. */
  readonly loss: 'softmaxCrossEntropy' | 'meanSquaredError';
  /** For plain stochastic gradient descent. */
  readonly learningRate: number;
}

const dense = (units: number): Layer => ({ type: 'dense', units });
const conv = (filters: number): Layer[] => [{ type: 'conv', filters }, { type: 'relu' }];
const pool: Layer = { type: 'pool' };
const relu: Layer = { type: 'relu' };

/** A convolution with normalization and ReLU, as in residual networks. */
const normalized = (filters: number, kernelSize: 1 | 3 = 3, stride = 1): Layer[] => [
  { type: 'conv', filters, kernelSize, stride, useBias: false },
  { type: 'batchNorm' },
];
const basicBlock = (filters: number): Layer[] => [
  { type: 'residual', layers: [...normalized(filters), relu, ...normalized(filters)] },
  relu,
];
/** A stage of two blocks. The first one halves the image. */
const halvingStage = (filters: number): Layer[] => [
  {
    type: 'residual',
    layers: [...normalized(filters, 3, 2), relu, ...normalized(filters)],
    shortcut: normalized(filters, 1, 2),
  },
  relu,
  ...basicBlock(filters),
];
/** A block of a transformer that normalizes first. */
const transformerBlock = (features: number): Layer[] => [
  { type: 'residual', layers: [{ type: 'layerNorm' }, { type: 'attention', heads: 4 }] },
  { type: 'residual', layers: [{ type: 'layerNorm' }, dense(4 * features), relu, dense(features)] },
];

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
  resnet: {
    title: 'ResNet-18 on 32×32×3, batch 16',
    batch: 16,
    input: [32, 32, 3],
    layers: [
      ...normalized(64),
      relu,
      { type: 'repeat', times: 2, layers: basicBlock(64) },
      ...[128, 256, 512].flatMap(halvingStage),
      { type: 'average' },
      dense(10),
    ],
    loss: 'softmaxCrossEntropy',
    learningRate: 0.001,
  },
  lstm512: {
    title: 'two LSTMs of 512, 64 time steps of 64, dense 10, batch 32',
    batch: 32,
    input: [64, 64],
    layers: [{ type: 'lstm', units: 512, sequence: true }, { type: 'lstm', units: 512 }, dense(10)],
    loss: 'softmaxCrossEntropy',
    learningRate: 0.01,
  },
  transformer: {
    title: 'transformer, 4 blocks of 128 dimensions and 4 heads, 64 positions of 32, dense 10, batch 32',
    batch: 32,
    input: [64, 32],
    layers: [
      dense(128),
      { type: 'repeat', times: 4, layers: transformerBlock(128) },
      { type: 'layerNorm' },
      { type: 'average' },
      dense(10),
    ],
    loss: 'softmaxCrossEntropy',
    learningRate: 0.01,
  },
};

/** A product of a layer. Weights are [inputs, units], [rows, columns, channels, filters], or gates side by side: i f a o, z r c. */
interface Product {
  /** The shape of the weights; absent if values of the input are multiplied with each other. */
  readonly weight?: readonly number[];
  /** Operations of one step in one direction. */
  readonly operations: number;
}

type Shape = readonly number[];

export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** The product with weights of which each element is used `uses` times. */
const weighted = (weight: Shape, uses: number): Product => ({
  weight,
  operations: 2 * sizeOf(weight) * uses,
});

/** The shape of a sample after a layer, and the products of the layer. */
interface Effect {
  readonly output: Shape;
  readonly products: readonly Product[];
}

type EffectOf<T extends Layer['type']> = (
  layer: Extract<Layer, { type: T }>,
  input: Shape,
  batch: number,
) => Effect;

const plain = (_layer: Layer, input: Shape): Effect => ({ output: input, products: [] });

const recurrent =
  (gates: number) =>
  (
    { units, sequence }: { readonly units: number; readonly sequence?: true },
    [time, features]: Shape,
    batch: number,
  ): Effect => ({
    output: sequence ? [time, units] : [units],
    products: [features, units].map((rows) => weighted([rows, gates * units], batch * time)),
  });

const effects: { readonly [T in Layer['type']]: EffectOf<T> } = {
  dense: ({ units }, input, batch) => {
    const features = input[input.length - 1];
    const rows = (batch * sizeOf(input)) / features;
    return { output: [...input.slice(0, -1), units], products: [weighted([features, units], rows)] };
  },
  conv: ({ filters, kernelSize = 3, stride = 1 }, [height, width, channels], batch) => {
    const output = [height / stride, width / stride, filters];
    const weight = [kernelSize, kernelSize, channels, filters];
    return { output, products: [weighted(weight, batch * output[0] * output[1])] };
  },
  pool: (_layer, [height, width, channels]) => ({
    output: [Math.floor(height / 2), Math.floor(width / 2), channels],
    products: [],
  }),
  average: (_layer, input) => ({ output: input.slice(-1), products: [] }),
  flatten: (_layer, input) => ({ output: [sizeOf(input)], products: [] }),
  relu: plain,
  tanh: plain,
  sigmoid: plain,
  lstm: recurrent(4),
  gru: recurrent(3),
  batchNorm: plain,
  layerNorm: plain,
  attention: (_layer, [positions, features], batch) => {
    const [query, key, value, result] = Array.from({ length: 4 }, () =>
      weighted([features, features], batch * positions),
    );
    const pairs = { operations: 2 * batch * positions * positions * features };
    return { output: [positions, features], products: [query, key, value, pairs, pairs, result] };
  },
  residual: ({ layers, shortcut = [] }, input, batch) => {
    const { output, products } = chained(layers, input, batch);
    return { output, products: [...products, ...chained(shortcut, input, batch).products] };
  },
  repeat: ({ times, layers }, input, batch) =>
    chained(Array.from({ length: times }, () => layers).flat(), input, batch),
};

function chained(layers: readonly Layer[], input: Shape, batch: number): Effect {
  let output = input;
  const products: Product[] = [];
  for (const layer of layers) {
    const effect = (effects[layer.type] as EffectOf<Layer['type']>)(layer, output, batch);
    output = effect.output;
    products.push(...effect.products);
  }
  return { output, products };
}

/** The shape of a sample after a layer. */
export const shapeAfter = (layer: Layer, input: Shape): Shape => chained([layer], input, 1).output;

/** The shapes of the weights of a network, in order. Biases start at zero everywhere, factors of a normalization at one. */
export const weightsOf = ({ layers, input, batch }: Network): Shape[] =>
  chained(layers, input, batch).products.flatMap(({ weight }) => (weight ? [weight] : []));

/** Operations of the products of a step: forward, for the gradients of the weights, and for those of inputs other than data. */
export function operationsOf({ layers, input, batch }: Network): number {
  const [first, ...rest] = chained(layers, input, batch).products;
  return 2 * first.operations + 3 * rest.reduce((sum, { operations }) => sum + operations, 0);
}
