/** Random networks that can be trained: dense, convolutional, recurrent, with attention; with data and settings. */
import { Random } from '../../engine/kernels/random.ts';

export interface RandomNetwork {
  readonly text: string;
  readonly threads: number;
  /** Files beside it, by name. */
  readonly files: { readonly [name: string]: string };
}

interface Body {
  readonly layers: { readonly [name: string]: object };
  /** The last layer, which may have any shape. */
  readonly last: string;
  readonly data: object;
  readonly files?: { readonly [name: string]: string };
  readonly classes?: number;
}

class Draw {
  readonly #random: Random;
  constructor(seed: number) {
    this.#random = new Random(seed);
  }
  between = (low: number, high: number): number => low + this.#random.below(high - low + 1);
  one = <T>(choices: readonly T[]): T => choices[this.#random.below(choices.length)];
  chance = (share: number): boolean => this.#random.uniform() < share;
  number = (): number => this.#random.normal();
}

/** A chain of layers, each reading the one before. */
class Chain {
  readonly layers: { [name: string]: object } = {};
  last = '';
  add(type: string, attributes: object): this {
    const name = `${type}${Object.keys(this.layers).length}`;
    this.layers[name] = { type, ...(this.last === '' ? {} : { from: this.last }), ...attributes };
    this.last = name;
    return this;
  }
}

function table(draw: Draw): Body {
  const columns = draw.between(2, 60);
  const rows = draw.between(50, 800);
  const chain = new Chain().add('input', { shape: [columns] });
  for (let depth = draw.between(1, 3); depth > 0; depth--) {
    chain.add('dense', { units: draw.between(4, 700) });
    if (draw.chance(0.4)) chain.add(draw.one(['batchNorm', 'layerNorm']), {});
    chain.add(draw.one(['relu', 'tanh', 'gelu', 'sigmoid']), {});
  }
  const lines = Array.from({ length: rows }, () =>
    Array.from({ length: columns + 1 }, () => draw.number().toFixed(draw.between(1, 5))).join(','),
  );
  return {
    ...chain,
    data: { type: 'csv', file: 'table.csv', header: 'no', task: 'regression' },
    files: { 'table.csv': lines.join('\n') },
  };
}

function images(draw: Draw): Body {
  const size = draw.between(8, 28);
  const classes = draw.between(2, 6);
  const chain = new Chain().add('input', { shape: [size, size, 1] });
  let channels = 1;
  for (let depth = draw.between(1, 3); depth > 0; depth--) {
    const filters = draw.one([4, 6, 8, 16, 24, 32]);
    const shared = { padding: 'same', kernelSize: draw.between(1, 5) };
    draw.one([
      () => chain.add('conv2d', { ...shared, kernelSize: 3, filters }),
      () => chain.add('conv2d', { ...shared, filters, dilation: draw.between(1, 9) }),
      () => chain.add('conv2d', { ...shared, filters, stride: draw.between(1, 2) }),
      () =>
        chain.add('conv2d', { ...shared, filters: filters * channels, groups: channels > 4 ? 2 : channels }),
      () => chain.add('depthwiseConv2d', { ...shared, multiplier: draw.between(1, 3) }),
      () => chain.add('convTranspose2d', { ...shared, filters, stride: draw.between(1, 2) }),
    ])();
    const { type, ...last } = chain.layers[chain.last] as {
      type: string;
      filters?: number;
      multiplier?: number;
    };
    channels = type === 'depthwiseConv2d' ? channels * (last.multiplier ?? 1) : (last.filters ?? channels);
    if (draw.chance(0.3)) chain.add('batchNorm', {});
    else if (draw.chance(0.5)) chain.add('groupNorm', { groups: channels });
    chain.add('relu', {});
    if (draw.chance(0.3)) chain.add(draw.one(['maxPool2d', 'averagePool2d']), { poolSize: 2 });
  }
  chain.add(draw.one(['flatten', 'globalAveragePool', 'globalMaxPool']), {});
  const data = {
    type: 'shapes',
    size,
    classes,
    samples: draw.between(50, 400),
    testSamples: draw.between(0, 100),
  };
  return { ...chain, data, classes };
}

function sequences(draw: Draw): Body {
  const sequenceLength = draw.between(4, 40);
  const chain = new Chain().add('input', { shape: [sequenceLength, 2] });
  const units = draw.one([4, 8, 16, 32]);
  draw.one([
    () => chain.add(draw.one(['lstm', 'gru', 'simpleRnn']), { hiddenSize: units }),
    () => chain.add('lstm', { hiddenSize: units, returnSequences: true }).add('gru', { hiddenSize: units }),
    () =>
      chain
        .add('dense', { units })
        .add('multiHeadAttention', { heads: 2, keySize: draw.between(4, 16) })
        .add('globalAveragePool', {}),
    () =>
      chain
        .add('conv1d', { filters: units, kernelSize: 3, padding: 'causal', dilation: draw.between(1, 50) })
        .add('relu', {})
        .add('conv1d', { filters: units, kernelSize: 2, padding: 'causal', dilation: 2 })
        .add('globalAveragePool', {}),
  ])();
  const data = {
    type: 'adding',
    sequenceLength,
    samples: draw.between(50, 300),
    testSamples: draw.between(1, 50),
  };
  return { ...chain, data };
}

function characters(draw: Draw): Body {
  const sequenceLength = draw.between(5, 30);
  const symbols = draw.between(8, 40);
  const text = Array.from({ length: draw.between(2000, 20000) }, () =>
    String.fromCharCode(97 + draw.between(0, symbols - 1)),
  ).join('');
  const classes = new Set(text).size;
  const chain = new Chain()
    .add('input', { shape: [sequenceLength] })
    .add('embedding', { vocabularySize: classes, units: draw.between(4, 32) })
    .add('gru', { hiddenSize: draw.one([8, 16, 64]), returnSequences: true });
  return {
    ...chain,
    classes,
    data: { type: 'text', file: 'text.txt', sequenceLength },
    files: { 'text.txt': text },
  };
}

/** A random network, the same for the same number. */
export function randomNetwork(seed: number): RandomNetwork {
  const draw = new Draw(seed);
  const { layers, last, data, files = {}, classes } = draw.one([table, images, sequences, characters])(draw);
  const out = { type: 'dense', from: last, units: classes ?? 1 };
  const loss = { type: classes === undefined ? 'meanSquaredError' : 'softmaxCrossEntropy', from: 'out' };
  const optimizer = draw.one(['sgd', 'adam', 'rmsprop', 'adagrad']);
  const batchSize = draw.one([1, 7, 16, 32, 64]);
  // With batches of one sample, there is no variance, and batchNorm is refused.
  const needsBatches = Object.values(layers).some((layer) => 'type' in layer && layer.type === 'batchNorm');
  const training = {
    data,
    loss,
    optimizer: { type: optimizer, learningRate: 0.001 },
    batchSize: needsBatches ? Math.max(2, batchSize) : batchSize,
    epochs: 1,
    ...(draw.chance(0.3) ? { earlyStopping: { patience: 1, restoreBest: true } } : {}),
  };
  return {
    text: JSON.stringify({ layers: { ...layers, out }, training }, undefined, 2),
    threads: draw.between(1, 2),
    files,
  };
}
