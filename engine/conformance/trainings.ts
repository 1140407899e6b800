/**
 * The oracle's trainings: weights, gradients and predictions of small networks after every step. A network is described
 * in words, stage by stage ("conv1 1->4 3x3 pad1, relu, maxpool2, …"); its tensors follow in the same order.
 */

import type { Backend } from '../kernels/backend.ts';
import { channelsLast } from '../layers/frameworks/layout.ts';
import { sourcesOf } from '../layers/frameworks/tensors.ts';
import { layers } from '../layers/registry.ts';
import { counterpartsOf } from '../schema/frameworks.ts';
import { type Placement, place } from './layerCase.ts';
import { lossNamed } from './losses.ts';
import { NetworkBuilder, withGates } from './networkBuilder.ts';
import { recurrentModules } from './operators.ts';
import { optimizerSpec } from './optimizers.ts';
import type { Comparison, OracleCase, OracleTensor, Precision, Unsupported } from './oracle.ts';
import { runTrajectory, type StepReference } from './trajectory.ts';

export interface TrainingCase {
  readonly id: string;
  readonly config: {
    readonly network: string;
    readonly loss: string;
    readonly optimizer: OracleCase['config'];
    readonly clip_grad_norm: number | null;
  };
  readonly batches: readonly (readonly OracleTensor[])[];
  readonly initial_params: readonly OracleTensor[];
  readonly initial_buffers: readonly OracleTensor[];
  readonly steps: readonly {
    readonly loss: number;
    readonly grad_norm_before_clip: number;
    readonly prediction: OracleTensor;
    readonly grads?: readonly OracleTensor[];
    readonly params_after?: readonly OracleTensor[];
    readonly buffers_after?: readonly OracleTensor[];
  }[];
  readonly eval_prediction_on_batch0_after: OracleTensor;
}

/** What is being built, and what the case has left to build it of. */
interface Site {
  readonly builder: NetworkBuilder;
  readonly parameters: OracleTensor[];
  readonly buffers: OracleTensor[];
  /** Axes of the last layer's output, with the batch. */
  rank: number;
  /** Channels or features of the last layer's output. */
  features: number;
  readonly time: number;
}

/** Builds a stage; `above` says whether the next layer that reads time wants all steps. */
type Stage = (site: Site, text: string, everyStep: boolean) => void;

function nextParameter({ parameters }: Site): OracleTensor {
  const next = parameters.shift();
  if (!next) throw new Error('the case names more layers than it has tensors for');
  return next;
}

/** The next parameter when it is a vector of this size. */
const nextVector = ({ parameters: [next], parameters }: Site, size: number): OracleTensor | undefined =>
  next?.shape.length === 1 && next.shape[0] === size ? parameters.shift() : undefined;

/** How a parameter of ours lies in PyTorch. */
function placeOf(type: string, parameter: string): Omit<Placement, 'tensor'> {
  const [counterpart] = counterpartsOf(layers.get(type).frameworks, 'pytorch');
  const [{ name: _name, ...place }] = sourcesOf(counterpart.parameters?.[parameter] ?? parameter);
  return place;
}

/** The number after a word: "pad1", "momentum .1". */
function setting(text: string, word: string): number | undefined {
  const found = new RegExp(`${word}[a-z_]*[ =]*(\\d*\\.?\\d+(?:e-?\\d+)?)`, 'i').exec(text);
  return found ? Number(found[1]) : undefined;
}

const convolution: Stage = (site, text) => {
  const { builder, rank } = site;
  const weight = nextParameter(site);
  const [filters, inputs, ...kernelSize] = weight.shape;
  const bias = nextVector(site, filters);
  const pad = setting(text, 'pad') ?? 0;
  const sides = kernelSize.map(() => [pad, pad]);
  builder.add(rank === 4 ? 'conv2d' : 'conv1d', {
    filters,
    kernelSize: rank === 4 ? kernelSize : kernelSize[0],
    stride: setting(text, 'stride') ?? 1,
    dilation: setting(text, 'dilat') ?? 1,
    padding: /\bsame\b/.test(text) ? 'same' : rank === 4 ? sides : sides[0],
    groups: site.features / inputs,
    useBias: bias !== undefined,
  });
  builder.locate(weight.name, 'kernel', placeOf(rank === 4 ? 'conv2d' : 'conv1d', 'kernel'));
  if (bias) builder.locate(bias.name, 'bias');
  site.features = filters;
};

const batchNorm: Stage = (site, text) => {
  const { builder, buffers } = site;
  const gamma = nextVector(site, site.features);
  const beta = nextVector(site, site.features);
  builder.add('batchNorm', {
    momentum: 1 - (setting(text, 'momentum') ?? 0.1),
    epsilon: setting(text, 'eps') ?? 1e-5,
    scale: gamma !== undefined,
    center: beta !== undefined,
  });
  if (gamma) builder.locate(gamma.name, 'gamma');
  if (beta) builder.locate(beta.name, 'beta');
  const [mean, variance] = buffers.splice(0, 2);
  builder.locate(mean.name, 'runningMean');
  builder.locate(variance.name, 'runningVariance');
};

const layerNorm: Stage = (site, text) => {
  const { builder, features } = site;
  const gamma = nextVector(site, features);
  const beta = nextVector(site, features);
  const affine = { scale: gamma !== undefined, center: beta !== undefined };
  builder.add('layerNorm', { epsilon: setting(text, 'eps') ?? 1e-5, ...affine });
  if (gamma) builder.locate(gamma.name, 'gamma');
  if (beta) builder.locate(beta.name, 'beta');
};

const pooling =
  (images: string, sequences: string): Stage =>
  ({ builder, rank }, text) => {
    const poolSize = setting(text, 'pool') ?? setting(text, '') ?? 2;
    const pad = setting(text, 'pad') ?? 0;
    builder.add(rank === 4 ? images : sequences, {
      poolSize,
      stride: setting(text, 'stride') ?? poolSize,
      padding:
        rank === 4
          ? [
              [pad, pad],
              [pad, pad],
            ]
          : [pad, pad],
    });
  };

const globalPooling =
  (type: string): Stage =>
  (site) => {
    site.builder.add(type);
    site.rank = 2;
  };

/** The case flattens channels first, so channels are brought there. */
const flatten: Stage = (site) => {
  const { builder, rank } = site;
  if (rank > 2) builder.add('permute', { axes: rank === 4 ? [3, 1, 2] : [2, 1] });
  builder.add('flatten');
  site.rank = 2;
};

const linear: Stage = (site) => {
  const { builder } = site;
  const weight = nextParameter(site);
  const [units] = weight.shape;
  const bias = nextVector(site, units);
  builder.add('dense', { units, useBias: bias !== undefined });
  builder.locate(weight.name, 'kernel', placeOf('dense', 'kernel'));
  if (bias) builder.locate(bias.name, 'bias');
  site.features = units;
};

const embedding: Stage = (site) => {
  const weight = nextParameter(site);
  const [vocabularySize, units] = weight.shape;
  site.builder.add('embedding', { vocabularySize, units });
  site.builder.locate(weight.name, 'kernel');
  site.rank = 3;
  site.features = units;
};

const recurrent =
  (name: string): Stage =>
  (site, text, everyStep) => {
    const count = Number(/(\d+)[ -]layer/.exec(text)?.[1] ?? 1);
    const module = recurrentModules.find((one) => one.name === name);
    if (!module) throw new Error(`no layer computes ${name}`);
    const { type, gates } = module;
    for (let layer = 1; layer <= count; layer++) {
      const kernel = nextParameter(site);
      const state = nextParameter(site);
      const offsets = [nextVector(site, kernel.shape[0]), nextVector(site, kernel.shape[0])];
      const hiddenSize = kernel.shape[0] / gates.length;
      site.builder.recurrent(
        type,
        {
          hiddenSize,
          returnSequences: everyStep || layer < count,
          ...(/\brelu\b/i.test(text) ? { activation: 'relu' } : {}),
        },
        [
          {
            kernel,
            recurrent: state,
            offsets: offsets.filter((offset) => offset !== undefined),
            convert: withGates(gates),
          },
        ],
        site.time,
        site.features,
      );
      site.features = hiddenSize;
    }
    site.rank = everyStep ? 3 : 2;
  };

const activation: Stage = ({ builder }, text) => {
  builder.add(text.trim().toLowerCase());
};

/** The first that fits counts. */
const stages: readonly (readonly [RegExp, Stage])[] = [
  [/^conv/i, convolution],
  [/^(batch ?norm|bn)/i, batchNorm],
  [/^layer ?norm/i, layerNorm],
  [/^global.*(avg|average|mean)|^mean over/i, globalPooling('globalAveragePool')],
  [/^global.*max/i, globalPooling('globalMaxPool')],
  [/^max ?pool/i, pooling('maxPool2d', 'maxPool1d')],
  [/^(avg|average) ?pool/i, pooling('averagePool2d', 'averagePool1d')],
  [/^flatten/i, flatten],
  [/^embedding/i, embedding],
  [/\blstm\b/i, recurrent('lstm')],
  [/\bgru\b/i, recurrent('gru')],
  [/\brnn\b/i, recurrent('rnn')],
  [/^(linear|dense|fc)/i, linear],
  [/^(relu|tanh|sigmoid|elu|selu|gelu|silu|mish|softplus|softsign)$/i, activation],
];

const isRecurrent = (text: string): boolean => /\b(lstm|gru|rnn)\b/i.test(text);

export function runTrainingCase(
  trainingCase: TrainingCase,
  precision: Precision,
  backend?: Backend,
): readonly Comparison[] | Unsupported {
  const { config, batches, initial_params, initial_buffers, steps } = trainingCase;
  const optimizer = optimizerSpec(config.optimizer);
  if (!optimizer) return { unsupported: `${config.optimizer.name}: no such optimizer` };
  const loss = lossNamed(config.loss);
  if (!loss) return { unsupported: `${config.loss}: no such loss` };
  const [input, target] = inputAndTarget(batches[0]);
  const { prediction } = steps[0];
  const sequence = input.shape.length < 4 && isRecurrent(config.network);
  const layout = sequence || input.shape.length < 3 ? {} : { axes: channelsLast(input.shape.length) };
  const builder = new NetworkBuilder();
  builder.input(place(input, layout).shape.slice(1));
  const site: Site = {
    builder,
    parameters: [...initial_params],
    buffers: [...initial_buffers],
    rank: input.shape.length,
    features: sequence ? (input.shape[2] ?? 1) : (input.shape[1] ?? 1),
    time: input.shape[1],
  };
  // Commas within brackets belong to a stage.
  const texts = config.network.split(/,(?![^(]*\))/).map((text) => text.trim());
  for (const [index, text] of texts.entries()) {
    const found = stages.find(([pattern]) => pattern.test(text));
    if (!found || /bidirectional/i.test(text)) return { unsupported: `network stage "${text}"` };
    const everyStep = prediction.shape.length === 3 || texts.slice(index + 1).some(isRecurrent);
    found[1](site, text, everyStep);
  }
  const indices = target.shape.length < prediction.shape.length;
  const reference = (): readonly StepReference[] =>
    steps.map((step, index) => ({
      batch: index % batches.length,
      loss: step.loss,
      gradientNorm: step.grad_norm_before_clip,
      outputs: [{ layer: builder.last, values: place(step.prediction, {}).data }],
      ...(step.grads ? { gradients: byName(step.grads) } : {}),
      parametersAfter: byName([...(step.params_after ?? []), ...(step.buffers_after ?? [])]),
    }));
  const numbers = (tensors: readonly OracleTensor[]) => {
    const [x, y] = inputAndTarget(tensors);
    return { input: Float64Array.from(place(x, layout).data), target: Float64Array.from(place(y, {}).data) };
  };
  return runTrajectory(
    {
      ...builder.trajectory(batches.map(numbers), input.shape[0]),
      loss: { type: loss, from: builder.last },
      optimizer,
      ...(config.clip_grad_norm === null ? {} : { clipNorm: config.clip_grad_norm }),
      target: {
        name: 'target',
        shape: target.shape.slice(1),
        ...(indices
          ? { type: 'int', classes: prediction.shape[prediction.shape.length - 1] }
          : { type: 'float' }),
      },
      initial: byName([...initial_params, ...initial_buffers]),
      steps: reference(),
      finalOutputs: [
        { layer: builder.last, values: place(trainingCase.eval_prediction_on_batch0_after, {}).data },
      ],
    },
    precision,
    backend,
  );
}

function inputAndTarget(batch: readonly OracleTensor[]): readonly [OracleTensor, OracleTensor] {
  const target = batch.find(({ name }) => name === 'target');
  const input = batch.find(({ name }) => name !== 'target');
  if (!input || !target) throw new Error('a batch needs an input and a target');
  return [input, target];
}

const byName = (tensors: readonly OracleTensor[]): ReadonlyMap<string, OracleTensor> =>
  new Map(tensors.map((tensor) => [tensor.name, tensor]));
