/**
 * Random networks that an expert would call sound: usual layers for the data, initializers that fit the activations, usual learning rates. A
 * seed decides everything.
 */

import type { NetworkSample } from '../../../engine/diagnose/define.ts';
import { chain } from '../../../engine/diagnose/samples.ts';
import { Random } from '../../../engine/kernels/random.ts';
import type { Json } from '../../../engine/schema/attributes.ts';
import { type Task, tasks } from './tasks.ts';

type Layer = { readonly type: string; readonly [attribute: string]: Json };

/** Activations of hidden layers, with the initializers that fit them. */
const activations = [
  ...['relu', 'leakyRelu', 'gelu', 'silu', 'elu'].map((type) => ({ type, initializer: 'heUniform' })),
  ...['tanh', 'softsign'].map((type) => ({ type, initializer: 'glorotUniform' })),
  { type: 'selu', initializer: 'lecunNormal' },
];

/** Optimizers with their usual learning rates for small networks. */
const optimizers: readonly Layer[] = [
  { type: 'adam', learningRate: 0.003 },
  { type: 'adam', learningRate: 0.003 },
  { type: 'adamW', learningRate: 0.003 },
  { type: 'nadam', learningRate: 0.002 },
  { type: 'radam', learningRate: 0.005 },
  { type: 'adamax', learningRate: 0.005 },
  { type: 'rmsprop', learningRate: 0.002 },
  { type: 'lion', learningRate: 0.0005 },
  { type: 'sgd', learningRate: 0.1 },
  { type: 'sgd', learningRate: 0.02, momentum: 0.9 },
  { type: 'sgd', learningRate: 0.02, momentum: 0.9, nesterov: true },
];

const schedules: readonly (Layer | undefined)[] = [
  undefined,
  undefined,
  undefined,
  { type: 'cosine' },
  { type: 'cosine', warmupEpochs: 1 },
  { type: 'oneCycle' },
  { type: 'exponential', decay: 0.95 },
];

/** One network, with the name of its task and what it is made of. */
export interface RandomNetwork {
  readonly name: string;
  readonly sample: NetworkSample;
}

export function randomNetwork(seed: number): RandomNetwork {
  const draw = drawsOf(new Random(seed));
  const task = draw.of(tasks);
  const build = draw.of(builders[task.kind]);
  const { loss, outputs } = draw.of(task.ends);
  const layers: { [name: string]: Layer } = {};
  const body: Body = {
    draw,
    task,
    width: draw.of([8, 12, 16, 24, 32, 48, 64]),
    activation: draw.of(activations),
    dropout: draw.chance(0.4) ? draw.of([0.1, 0.2, 0.3, 0.5]) : 0,
    add: (layer) => {
      layers[`${layer.type}${Object.keys(layers).length + 1}`] = layer;
    },
  };
  build(body);
  if (body.dropout > 0) body.add({ type: 'dropout', rate: body.dropout });
  layers.out = { type: 'dense', units: outputs };
  const { learningRate, ...optimizer } = draw.of(optimizers);
  const schedule = draw.of(schedules);
  const sample = chain(task.shape, layers, {
    data: task.data,
    loss: { ...loss, from: 'out' },
    optimizer: {
      ...optimizer,
      learningRate: Number((Number(learningRate) * 2 ** (2 * draw.uniform() - 1)).toPrecision(2)),
    } as Json,
    ...(schedule ? { schedule } : {}),
    ...(draw.chance(isInTime(task) ? 0.7 : 0.15) ? { clipNorm: draw.of([1, 5]) } : {}),
    batchSize: draw.of([16, 32, 64]),
    epochs: task.epochs,
    seed,
  });
  return { name: `${seed} ${task.name}`, sample };
}

const isInTime = ({ kind }: Task) => kind !== 'table' && kind !== 'picture';

interface Body {
  readonly draw: Draws;
  readonly task: Task;
  readonly width: number;
  readonly activation: (typeof activations)[number];
  readonly dropout: number;
  add(layer: Layer): void;
}

type Draws = ReturnType<typeof drawsOf>;

const drawsOf = (random: Random) => ({
  uniform: () => random.uniform(),
  chance: (share: number) => random.uniform() < share,
  of: <T>(list: readonly T[]): T => list[random.below(list.length)],
});

/** The ways to read each kind of data. Each ends with one vector for a sample, or one for each step. */
const builders: { readonly [K in Task['kind']]: readonly ((body: Body) => void)[] } = {
  table: [hiddenLayers],
  picture: [
    convolutions,
    convolutions,
    (body) => {
      body.add({ type: 'flatten' });
      hiddenLayers(body);
    },
  ],
  sequence: [recurrent, recurrent, convolutionInTime],
  memory: [recurrent],
  tags: [recurrent],
};

function hiddenLayers({ draw, add, width, activation }: Body): void {
  const depth = draw.of([1, 2, 2, 3, 4]);
  const normalization = draw.chance(0.3) ? draw.of(['batchNorm', 'layerNorm']) : undefined;
  for (let layer = 0; layer < depth; layer++) {
    add({ type: 'dense', units: width, kernelInitializer: activation.initializer });
    if (normalization) add({ type: normalization });
    add({ type: activation.type });
  }
}

function convolutions({ draw, add, width, activation }: Body): void {
  const blocks = draw.of([1, 2, 2, 3]);
  const normalization = draw.chance(0.4) ? draw.of(['batchNorm', 'layerNorm', 'groupNorm']) : undefined;
  const pooling = draw.of(['maxPool2d', 'averagePool2d']);
  for (let block = 0; block < blocks; block++) {
    add({
      type: 'conv2d',
      filters: Math.min(24, width),
      kernelSize: 3,
      padding: 'same',
      kernelInitializer: activation.initializer,
    });
    if (normalization) add({ type: normalization, ...(normalization === 'groupNorm' ? { groups: 4 } : {}) });
    add({ type: activation.type });
    if (block < 2) add({ type: pooling, poolSize: 2 });
  }
  if (blocks > 1 && draw.chance(0.4)) add({ type: draw.of(['globalAveragePool', 'globalMaxPool']) });
  else add({ type: 'flatten' });
}

function recurrent({ draw, task, add, width }: Body): void {
  embed(task, add);
  const type = draw.of(task.kind === 'memory' ? ['lstm', 'gru'] : ['lstm', 'gru', 'simpleRnn']);
  const depth = draw.of([1, 1, 2]);
  const bidirectional = task.kind === 'tags' || draw.chance(0.3);
  for (let layer = 1; layer <= depth; layer++)
    add({
      type,
      hiddenSize: Math.min(32, width),
      ...(bidirectional ? { bidirectional } : {}),
      ...(layer < depth || task.kind === 'tags' ? { returnSequences: true } : {}),
    });
}

function convolutionInTime({ draw, task, add, width, activation }: Body): void {
  embed(task, add);
  for (let layer = 0; layer < draw.of([1, 2]); layer++) {
    add({
      type: 'conv1d',
      filters: width,
      kernelSize: 5,
      padding: 'same',
      kernelInitializer: activation.initializer,
    });
    add({ type: activation.type });
  }
  add({ type: draw.of(['globalAveragePool', 'globalMaxPool']) });
}

function embed({ vocabulary }: Task, add: Body['add']): void {
  if (vocabulary) add({ type: 'embedding', vocabularySize: vocabulary, units: 8 });
}
