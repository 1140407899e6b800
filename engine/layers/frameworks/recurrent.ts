/**
 * Names of the recurrent layers in other frameworks. They differ in the order of the gates, in whether a direction's weights
 * are tensors of their own (PyTorch), entries of one (ONNX) or a separate layer (Keras), and in whether there is one bias or two.
 */
import type { Json } from '../../schema/attributes.ts';
import {
  as,
  type Conversion,
  type ForeignAttributes,
  inexpressible,
  only,
  statedByCall,
  unstated,
  whereGiven,
} from '../../schema/frameworks.ts';
import type { ForeignTensor } from './tensors.ts';

/** The other framework's block of gates for each of Netloom's. */
export interface GateOrders {
  readonly pytorch: readonly number[];
  readonly onnx: readonly number[];
}

/** Attributes that matter only in training. */
const trainingOnly = { truncate: unstated(0) };

/** A Keras layer reads in one direction; its wrapper Bidirectional contains two. */
const kerasAttributes = {
  ...trainingOnly,
  hiddenSize: 'units',
  returnSequences: as('return_sequences', false),
  bidirectional: only(false),
  mergeMode: unstated(),
  goBackwards: as('go_backwards', false),
  stateful: as('stateful', false),
  inputDropout: as('dropout', 0),
  recurrentDropout: as('recurrent_dropout', 0),
  useBias: as('use_bias', true),
};

/** PyTorch and ONNX return all steps and the last state. The caller uses one of them, and passes states on. */
const bothOutputs = {
  ...trainingOnly,
  returnSequences: statedByCall(true),
  mergeMode: only('concat'),
  stateful: only(false),
  inputDropout: unstated(0),
  recurrentDropout: unstated(0),
};

const pytorchAttributes = {
  ...bothOutputs,
  hiddenSize: 'hidden_size',
  bidirectional: as('bidirectional', false),
  goBackwards: only(false),
  useBias: as('bias', true),
};

const bidirectional: Conversion<boolean> = {
  read: ({ direction = 'forward' }) => direction === 'bidirectional',
  write: (ours, _site, { goBackwards }) => {
    if (ours) return goBackwards ? inexpressible : { direction: 'bidirectional' };
    return { direction: goBackwards ? 'reverse' : 'forward' };
  },
};

/** The attribute `direction` expresses it. */
const goBackwards: Conversion<boolean> = {
  read: ({ direction = 'forward' }) => direction === 'reverse',
  write: () => ({}),
};

const onnxAttributes = {
  ...bothOutputs,
  hiddenSize: 'hidden_size',
  bidirectional,
  goBackwards,
  useBias: whereGiven('B'),
};

const directions = [0, 1] as const;

/** Netloom's name for the tensor of a direction. */
const oursIn = (direction: number, name: string): string =>
  direction === 0 ? name : `backward${name[0].toUpperCase()}${name.slice(1)}`;

const bothDirections = (
  tensorsOf: (direction: 0 | 1) => { readonly [name: string]: ForeignTensor | ForeignTensor[] },
) =>
  Object.fromEntries(
    directions.flatMap((direction) =>
      Object.entries(tensorsOf(direction)).map(([name, source]) => [oursIn(direction, name), source]),
    ),
  );

/** PyTorch's tensors of the first layer of a stack. */
const pytorchTensors = (gates: readonly number[], offsets: 'sum' | 'apart') =>
  bothDirections((direction) => {
    const named = (name: string): ForeignTensor => ({
      name: `${name}_l0${direction ? '_reverse' : ''}`,
      gates,
    });
    const bias = [named('bias_ih'), named('bias_hh')];
    return {
      kernel: { ...named('weight_ih'), axes: [1, 0] },
      recurrentKernel: { ...named('weight_hh'), axes: [1, 0] },
      ...(offsets === 'sum' ? { bias } : { bias: bias[0], recurrentBias: bias[1] }),
    };
  });

const onnxTensors = (gates: readonly number[], offsets: 'sum' | 'apart') =>
  bothDirections((index) => {
    const bias = directions.map(
      (half): ForeignTensor => ({ name: 'B', index, part: { index: half, of: 2 }, gates }),
    );
    return {
      kernel: { name: 'W', index, gates, axes: [1, 0] },
      recurrentKernel: { name: 'R', index, gates, axes: [1, 0] },
      ...(offsets === 'sum' ? { bias } : { bias: bias[0], recurrentBias: bias[1] }),
    };
  });

/** Netloom has the same layout as Keras. */
const kerasTensors = { kernel: 'kernel', recurrentKernel: 'recurrent_kernel', bias: 'bias' };

const kerasGates = { activation: 'tanh', recurrent_activation: 'sigmoid' };
const rankOfSequences = 3;
const sequenceOperands = ['X', 'W', 'R', 'B', 'sequence_lens', 'initial_h', 'initial_c', 'P'];

const listed = (theirs: ForeignAttributes): string[] =>
  ((theirs.activations ?? []) as readonly string[]).map((name) => name.toLowerCase());

/** ONNX allows other activations, clipping of their inputs, and an LSTM with coupled gates. */
const usual =
  (activations: readonly string[]) =>
  (theirs: ForeignAttributes): boolean => {
    const given = listed(theirs);
    const repeated = given.every((name, i) => name === activations[i % activations.length]);
    return repeated && theirs.clip === undefined && (theirs.input_forget ?? 0) === 0;
  };

/** ONNX lists the activations of all directions. */
const activation: Conversion<'tanh' | 'relu'> = {
  read: (theirs) => {
    const [first = 'tanh', ...others] = listed(theirs);
    return (first === 'tanh' || first === 'relu') && others.every((name) => name === first)
      ? first
      : inexpressible;
  },
  write: (ours, _site, { bidirectional }): ForeignAttributes => {
    const name: Json = ours === 'relu' ? 'Relu' : 'Tanh';
    return { activations: bidirectional ? [name, name] : [name] };
  },
};

const pytorch = (name: string) => ({
  name,
  functional: name.toLowerCase(),
  rank: rankOfSequences,
  inputFeatures: 'input_size',
  fixed: { batch_first: true, num_layers: 1, proj_size: 0 },
});

const onnx = (name: string) => ({ name, rank: rankOfSequences, operands: sequenceOperands });

const single: GateOrders = { pytorch: [0], onnx: [0] };

export const simpleRnnFrameworks = {
  pytorch: {
    ...pytorch('RNN'),
    attributes: { ...pytorchAttributes, activation: as('nonlinearity', 'tanh') },
    parameters: pytorchTensors(single.pytorch, 'sum'),
  },
  keras: {
    name: 'SimpleRNN',
    attributes: { ...kerasAttributes, activation: as('activation', 'tanh') },
    parameters: kerasTensors,
  },
  onnx: {
    ...onnx('RNN'),
    accepts: ({ clip }: ForeignAttributes) => clip === undefined,
    attributes: { ...onnxAttributes, activation },
    parameters: onnxTensors(single.onnx, 'sum'),
  },
};

/** Gates are i f a o in Netloom and Keras, and peepholes i f o; i f g o in PyTorch; i o f c and i o f in ONNX. */
const lstmGates: GateOrders = { pytorch: [0, 1, 2, 3], onnx: [0, 2, 3, 1] };

export const lstmFrameworks = {
  pytorch: {
    ...pytorch('LSTM'),
    attributes: {
      ...pytorchAttributes,
      peepholes: only(false),
      unitForgetBias: unstated(),
      memorySteps: unstated(0),
    },
    parameters: pytorchTensors(lstmGates.pytorch, 'sum'),
  },
  keras: {
    name: 'LSTM',
    fixed: kerasGates,
    attributes: {
      ...kerasAttributes,
      peepholes: only(false),
      unitForgetBias: as('unit_forget_bias', true),
      memorySteps: unstated(0),
    },
    parameters: kerasTensors,
  },
  onnx: {
    ...onnx('LSTM'),
    accepts: usual(['sigmoid', 'tanh', 'tanh']),
    attributes: {
      ...onnxAttributes,
      peepholes: whereGiven('P'),
      unitForgetBias: unstated(),
      memorySteps: unstated(0),
    },
    parameters: {
      ...onnxTensors(lstmGates.onnx, 'sum'),
      ...bothDirections((index) => ({ peephole: { name: 'P', index, gates: [0, 2, 1], flat: true } })),
    },
  },
};

/** Where the reset gate is applied decides whether there is one bias or two. */
const resetAfter = (
  name: string,
  after: boolean,
  words: { readonly before: Json; readonly after: Json },
  preset: Json,
): Conversion<boolean> => ({
  read: (theirs) =>
    (theirs[name] ?? preset) === (after ? words.after : words.before) ? after : inexpressible,
  write: (ours) => (ours === after ? { [name]: after ? words.after : words.before } : inexpressible),
});

/** Gates are z r c in Netloom and Keras, r z n in PyTorch, and z r h in ONNX. */
const gruGates: GateOrders = { pytorch: [1, 0, 2], onnx: [0, 1, 2] };

export const gruFrameworks = {
  pytorch: {
    ...pytorch('GRU'),
    attributes: { ...pytorchAttributes, resetAfter: only(true), memorySteps: unstated(0) },
    parameters: pytorchTensors(gruGates.pytorch, 'apart'),
  },
  keras: [true, false].map((after) => ({
    name: 'GRU',
    fixed: kerasGates,
    attributes: {
      ...kerasAttributes,
      resetAfter: resetAfter('reset_after', after, { before: false, after: true }, true),
      memorySteps: unstated(0),
    },
    parameters: after
      ? { ...kerasTensors, bias: { name: 'bias', index: 0 }, recurrentBias: { name: 'bias', index: 1 } }
      : kerasTensors,
  })),
  onnx: [true, false].map((after) => ({
    ...onnx('GRU'),
    accepts: usual(['sigmoid', 'tanh']),
    attributes: {
      ...onnxAttributes,
      resetAfter: resetAfter('linear_before_reset', after, { before: 0, after: 1 }, 0),
      memorySteps: unstated(0),
    },
    parameters: onnxTensors(gruGates.onnx, after ? 'apart' : 'sum'),
  })),
};
