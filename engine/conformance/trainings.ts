/**
 * The oracle's trainings: weights, gradients and predictions of small networks after every step. A network is described in words,
 * stage by stage ("conv1 1->4 3x3 pad1, relu, maxpool2, …"), with its tensors in the same order.
 */

import type { Backend } from '../kernels/backend.ts';
import { channelsLast } from '../layers/frameworks/layout.ts';
import type { ForeignAttributes } from '../schema/frameworks.ts';
import { place } from './layerCase.ts';
import { lossNamed } from './losses.ts';
import { NetworkBuilder, withGates } from './networkBuilder.ts';
import { knowsOperator, layerCasesOf, type Operator, recurrentModules } from './operators.ts';
import { optimizerSpec } from './optimizers.ts';
import {
  byName,
  type Comparison,
  type OracleCase,
  type OracleTensor,
  type Precision,
  shaped,
  type Unsupported,
} from './oracle.ts';
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

/** The network so far, and the tensors of the case that remain for the next stages. */
interface Site {
  readonly builder: NetworkBuilder;
  readonly parameters: OracleTensor[];
  readonly buffers: OracleTensor[];
}

/** Builds a stage. `everyStep`: a recurrent layer returns the outputs of all steps, not only of the last one. */
type Stage = (site: Site, text: string, everyStep: boolean) => void;

/** Tensors of a module by PyTorch's name. */
type Tensors = NonNullable<Operator['tensors']>;

/** A stage that is one module of PyTorch. */
interface Module {
  /** Its name, for an input with this many spatial axes. */
  readonly name: (axes: number) => string;
  readonly attributes?: (text: string, tensors: Tensors, channels: number) => ForeignAttributes;
  /** Takes its tensors from the case. */
  readonly tensors?: (site: Site, channels: number) => Tensors;
}

function nextParameter({ parameters }: Site): OracleTensor {
  const next = parameters.shift();
  if (!next) throw new Error('the case names more layers than it has tensors for');
  return next;
}

/** The next parameter if it is a vector of this size. */
const nextVector = ({ parameters: [next], parameters }: Site, size: number): OracleTensor | undefined =>
  next?.shape.length === 1 && next.shape[0] === size ? parameters.shift() : undefined;

function matrix(site: Site): Tensors {
  const weight = nextParameter(site);
  return { weight, bias: nextVector(site, weight.shape[0]) };
}

const vectors = (site: Site, size: number): Tensors => ({
  weight: nextVector(site, size),
  bias: nextVector(site, size),
});

/** The number after a word: "pad1", "momentum .1". */
function setting(text: string, word: string): number | undefined {
  const found = new RegExp(`${word}[a-z_]*[ =]*(\\d*\\.?\\d+(?:e-?\\d+)?)`, 'i').exec(text);
  return found ? Number(found[1]) : undefined;
}

/** The settings that the text gives. All others have PyTorch's defaults. */
const settings = (text: string, words: { readonly [attribute: string]: string }): ForeignAttributes =>
  Object.fromEntries(
    Object.entries(words).flatMap(([attribute, word]) => {
      const value = setting(text, word);
      return value === undefined ? [] : [[attribute, value]];
    }),
  );

const module =
  ({ name, attributes, tensors }: Module): Stage =>
  (site, text) => {
    const { builder } = site;
    const { shape } = builder;
    const channels = shape[shape.length - 1];
    const own = tensors?.(site, channels) ?? {};
    const input = shaped(1, ...shape);
    const [found] = layerCasesOf({
      framework: 'pytorch',
      name: name(shape.length - 1),
      attributes: attributes?.(text, own, channels) ?? {},
      inputs: [input],
      tensors: own,
      output: input,
      channelsLast: true,
    });
    if (!found) throw new Error(`no layer computes "${text}"`);
    builder.addCase(found, (ours, { tensor, ...where }) => builder.locate(tensor, ours, where));
  };

const pooling = (kind: string): Stage =>
  module({
    name: (axes) => `${kind}_pool${axes}d`,
    attributes: (text) => ({
      kernel_size: setting(text, 'pool') ?? 2,
      ...settings(text, { stride: 'stride', padding: 'pad' }),
    }),
  });

const globalPooling =
  (type: string): Stage =>
  ({ builder }) => {
    builder.add(type);
  };

/** The case flattens with channels first, so channels are moved there. */
const flatten: Stage = ({ builder }) => {
  const { shape } = builder;
  if (shape.length > 1) builder.add('permute', { axes: shape.length === 3 ? [3, 1, 2] : [2, 1] });
  builder.add('flatten');
};

const recurrent =
  (name: string): Stage =>
  (site, text, everyStep) => {
    const count = Number(/(\d+)[ -]layer/.exec(text)?.[1] ?? 1);
    const found = recurrentModules.find((one) => one.name === name);
    if (!found) throw new Error(`no layer computes ${name}`);
    const { type, gates } = found;
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
      );
    }
  };

/** Stages by a pattern of their text. The first pattern that matches applies. */
const stages: readonly (readonly [RegExp, Stage])[] = [
  [
    /^conv/i,
    module({
      name: (axes) => `conv${axes}d`,
      tensors: matrix,
      attributes: (text, { weight, bias }, channels) => ({
        out_channels: weight!.shape[0],
        kernel_size: weight!.shape.slice(2),
        groups: channels / weight!.shape[1],
        bias: bias !== undefined,
        ...settings(text, { stride: 'stride', padding: 'pad', dilation: 'dilat' }),
        ...(/\bsame\b/.test(text) ? { padding: 'same' } : {}),
      }),
    }),
  ],
  [
    /^(batch ?norm|bn)/i,
    module({
      name: () => 'batch_norm',
      tensors(site, channels) {
        const [running_mean, running_var] = site.buffers.splice(0, 2);
        return { ...vectors(site, channels), running_mean, running_var };
      },
      attributes: (text, { weight }) => ({
        affine: weight !== undefined,
        ...settings(text, { momentum: 'momentum', eps: 'eps' }),
      }),
    }),
  ],
  [
    /^layer ?norm/i,
    module({
      name: () => 'layer_norm',
      tensors: vectors,
      attributes: (text, { weight, bias }, features) => ({
        normalized_shape: [features],
        elementwise_affine: weight !== undefined,
        bias: bias !== undefined,
        ...settings(text, { eps: 'eps' }),
      }),
    }),
  ],
  [/^global.*(avg|average|mean)|^mean over/i, globalPooling('globalAveragePool')],
  [/^global.*max/i, globalPooling('globalMaxPool')],
  [/^max ?pool/i, pooling('max')],
  [/^(avg|average) ?pool/i, pooling('avg')],
  [/^flatten/i, flatten],
  [
    /^embedding/i,
    module({
      name: () => 'embedding',
      tensors: (site) => ({ weight: nextParameter(site) }),
      attributes: (_text, { weight }) => ({
        num_embeddings: weight!.shape[0],
        embedding_dim: weight!.shape[1],
      }),
    }),
  ],
  [/\blstm\b/i, recurrent('lstm')],
  [/\bgru\b/i, recurrent('gru')],
  [/\brnn\b/i, recurrent('rnn')],
  [
    /^(linear|dense|fc)/i,
    module({
      name: () => 'linear',
      tensors: matrix,
      attributes: (_text, { weight, bias }) => ({ out_features: weight!.shape[0], bias: bias !== undefined }),
    }),
  ],
];

/** The stage that a text describes: a pattern above, or the name of a function of PyTorch. */
function stageOf(text: string): Stage | undefined {
  const name = text.toLowerCase();
  return (
    stages.find(([pattern]) => pattern.test(text))?.[1] ??
    (knowsOperator('pytorch', name) ? module({ name: () => name }) : undefined)
  );
}

const isRecurrent = (text: string): boolean => /\b(lstm|gru|rnn)\b/i.test(text);

/** Builds the network that the case describes, trains it step by step, and compares every step. */
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
  };
  // Commas within parentheses belong to a stage.
  const texts = config.network.split(/,(?![^(]*\))/).map((text) => text.trim());
  for (const [index, text] of texts.entries()) {
    const stage = stageOf(text);
    if (!stage || /bidirectional/i.test(text)) return { unsupported: `network stage "${text}"` };
    const everyStep = prediction.shape.length === 3 || texts.slice(index + 1).some(isRecurrent);
    stage(site, text, everyStep);
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
