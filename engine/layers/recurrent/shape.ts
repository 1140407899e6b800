/**
 * What the recurrent layers have in common: attributes, ports, shapes and buffers. `walk.ts` iterates over time; the formulas of a
 * cell are in the layer's own file.
 *
 * Buffers along time are [directions, time, batch, …], in the order in which a direction takes its steps, real steps
 * first. So one step is a contiguous block, and all steps together are one matrix. Tables of states have one more
 * block: block s is the state before step s, block s + 1 the state after it.
 */
import * as l10n from '@vscode/l10n';
import { initializer } from '../../initializers/registry.ts';
import { packedLength } from '../../kernels/kernels.ts';
import { boolean, choice, integer, number, type Values } from '../../schema/attributes.ts';
import { amount, inWords, noBias } from '../../schema/onCard.ts';
import { counted } from '../../schema/text.ts';
import {
  type AttributeChange,
  type BackwardPass,
  type BufferSpec,
  type InputPort,
  type ParameterSpec,
  type Pass,
  type Problem,
  perSample,
  perSampleInt,
  problem,
  type Shape,
  type StateSpec,
  type Tensor,
  type TimeAxes,
  type TimeFlow,
  whole,
} from '../define.ts';
import { refusesPadding, timeFirst } from '../time.ts';

export const hiddenSize = integer({
  min: 1,
  start: 64,
  onCard: amount('units'),
  doc: 'Number of hidden units: how much the layer can remember.',
});

export const recurrentAttributes = {
  bidirectional: boolean({
    default: false,
    onCard: inWords(() => l10n.t('bidirectional')),
    doc: 'Read the sequence a second time from its end, with weights of its own. For sequences that are known whole.',
  }),
  mergeMode: choice(['concat', 'sum', 'multiply', 'average'], {
    default: 'concat',
    onCard: inWords((shown) => l10n.t('directions: {0}', shown)),
    doc: 'How the outputs of the two directions are joined when bidirectional.',
  }),
  returnSequences: boolean({
    default: false,
    onCard: inWords(() => l10n.t('every step')),
    doc: 'Output the hidden state of every step, [time, features], instead of the last one only. Needed under another recurrent layer.',
  }),
  goBackwards: boolean({
    default: false,
    onCard: inWords(() => l10n.t('backwards')),
    doc: 'Read the sequence from its last real step to its first. Outputs come in the order in which the steps are taken.',
  }),
  stateful: boolean({
    default: false,
    doc: 'Start each batch from the final state of the batch before: row i continues where row i ended.',
  }),
  truncate: integer({
    min: 0,
    default: 0,
    onCard: inWords((shown) => l10n.t('gradient cut after {0}', counted(Number(shown), 'steps', shown))),
    doc: 'Cut the gradient every this many steps (truncated back-propagation through time). 0: never, the gradient flows along the whole sequence.',
  }),
  inputDropout: number({
    min: 0,
    below: 1,
    default: 0,
    doc: 'Share of input features dropped while training, the same ones at every step of a sequence.',
  }),
  recurrentDropout: number({
    min: 0,
    below: 1,
    default: 0,
    doc: 'Share of hidden units hidden from the next step while training, the same ones at every step of a sequence.',
  }),
  useBias: boolean({ default: true, onCard: noBias, doc: 'Add trained biases.' }),
  kernelInitializer: initializer('glorotUniform', 'How the weights of the input start.'),
  recurrentInitializer: initializer('orthogonal', 'How the weights of the previous hidden state start.'),
};

/** Of layers with gates: how long they remember before they have learned anything. */
export const memorySteps = integer({
  min: 0,
  default: 0,
  onCard: inWords((shown) => l10n.t('remembers {0}', counted(Number(shown), 'steps', shown))),
  doc: 'Start with biases with which the units remember for up to this many steps: chrono initialization. Set it to the length of the sequence where early steps matter at its end. It needs biases. 0 and 1: off.',
});

/** Attributes that leave no bias to remember with, or ask for another one. */
export function memoryProblem({
  memorySteps,
  useBias,
  unitForgetBias = true,
}: {
  readonly memorySteps: number;
  readonly useBias: boolean;
  readonly unitForgetBias?: boolean;
}): { readonly problem: Problem } | undefined {
  if (memorySteps < 2 || (useBias && unitForgetBias)) return undefined;
  const steps = counted(memorySteps, 'steps');
  return useBias
    ? problem(
        'attribute/range',
        l10n.t(
          'begins by remembering {0}, for which its forget gate starts with a bias; found unitForgetBias false as well. Remove one of the two.',
          steps,
        ),
        'unitForgetBias',
      )
    : problem(
        'attribute/range',
        l10n.t(
          'begins by remembering {0}, which takes biases; found useBias false as well. Remove one of the two.',
          steps,
        ),
        'useBias',
      );
}

/** The initializer of the bias of a layer with gates. `gates`: where in the bias the gates are that keep the state and that let input in. */
export const gateBias = (
  memorySteps: number,
  gates: { readonly blocks: number; readonly open: number; readonly shut: number },
  otherwise: ParameterSpec['initializer'],
): ParameterSpec['initializer'] =>
  memorySteps < 2 ? otherwise : { type: 'chrono', attributes: { steps: memorySteps, ...gates } };

export type RecurrentAttributes = typeof recurrentAttributes & { readonly hiddenSize: typeof hiddenSize };

/** The part of the documentation that all recurrent layers share. */
export const recurrentDoc = `**Shapes.** Input \`[time, features]\`; output \`[hiddenSize]\`, or \`[time, hiddenSize]\` with returnSequences.
With bidirectional and mergeMode concat the last axis doubles: forward half, then backward half.

**State.** A second input, if connected, is the initial state (otherwise zeros). The final state is the extra
output \`hidden\`, so a decoder starts from its encoder with \`"from": ["words", "encoder.hidden"]\`. The states of the two directions are side by side.

**Sequences of different length.** Padded steps change neither state nor gradient; their outputs are 0, and the last
output is that of the last real step.`;

export const hiddenPort: InputPort = { name: 'hidden', optional: true };

/** Trained tensors of one direction; the backward direction has a second set. */
export type ParameterName = 'kernel' | 'recurrentKernel' | 'bias' | 'recurrentBias' | 'peephole';

const backwardNames = {
  kernel: 'backwardKernel',
  recurrentKernel: 'backwardRecurrentKernel',
  bias: 'backwardBias',
  recurrentBias: 'backwardRecurrentBias',
  peephole: 'backwardPeephole',
} as const satisfies { readonly [K in ParameterName]: string };

type PerDirection<T> = { readonly [K in ParameterName | (typeof backwardNames)[ParameterName]]?: T };

/** The tensor with this name for a direction: 0 is forward, 1 is backward. */
export const ofDirection = (
  tensors: PerDirection<Tensor>,
  name: ParameterName,
  direction: number,
): Tensor | undefined => tensors[direction === 0 ? name : backwardNames[name]];

type Floats = BufferSpec<'float'>;
type Ints = BufferSpec<'int'>;

/** The most steps in a stretch, and the most rows unless one step has more or there are many units (`walk.ts`). */
export const longestStretch = 128;

/** D directions, T time, F features, H hidden size, G columns of all gates together, S steps of the longest stretch. */
export type RecurrentInferred = {
  readonly output: Shape;
  readonly extraOutputs: { readonly hidden: Shape; readonly cell?: Shape };
  readonly parameters: PerDirection<ParameterSpec>;
  readonly saved: {
    /** [D, T] per sample: the row of the input [batch · time] that a step reads, −1 for a padded step. */
    readonly inputRows: Ints;
    /** [D, T]: the row of the output sequence that a step writes. */
    readonly outputRows: Ints;
    /** [D, T, F]: the input in the order of steps, after dropout. */
    readonly steps: Floats;
    /** [D, T, G]: pre-activations, then gate values. */
    readonly gates: Floats;
    /** [D, T + 1, H] */
    readonly hiddenStates: Floats;
    /** [D, T + 1, H]: dLoss/dh of every state. It is not scratch, because statistics read it after backward. */
    readonly gradHidden: Floats;
    /** [D, T + 1, H], for layers with a second state. */
    readonly cellStates?: Floats;
    /** [D, F] and [D, H]: 0 where dropped, 1 / (1 − rate) elsewhere. */
    readonly inputMask?: Floats;
    readonly recurrentMask?: Floats;
    /** [D, T + 1, H]: the hidden state as the gates see it. */
    readonly droppedHidden?: Floats;
    /** [T, D, H] or [D, H]: outputs of both directions, before they are merged. */
    readonly sides?: Floats;
  };
  readonly scratch: {
    /** The recurrent kernel or its transpose, packed by `Kernels.pack`; not per sample. */
    readonly packedKernel: Floats;
    /** The kernel, packed in the same way. */
    readonly packedInputKernel: Floats;
    /** [S, G], of one stretch (see `walk.ts`): it stays in the cache until the stretch's products have read it. */
    readonly gradGates: Floats;
    /** [S, F], of one stretch. */
    readonly gradSteps: Floats;
    /** [H] */
    readonly gradCell?: Floats;
    /** [D, T + 1, H] */
    readonly gradDroppedHidden?: Floats;
    /** Like `sides`. */
    readonly gradSides?: Floats;
  };
  readonly state: { readonly hiddenState?: StateSpec; readonly cellState?: StateSpec };
  readonly constants: {
    readonly directions: number;
    readonly time: number;
    readonly features: number;
    /** G. */
    readonly columns: number;
  };
  readonly flops: number;
};

export type RecurrentPass = Pass<RecurrentAttributes, RecurrentInferred>;
export type RecurrentBackwardPass = BackwardPass<RecurrentAttributes, RecurrentInferred>;

export interface CellShape {
  /** Pre-activations of one unit: 1, 3 or 4. */
  readonly gates: number;
  /** The layer carries a cell state in addition to the hidden state. */
  readonly hasCell?: true;
  /** Parameters of one direction, in addition to kernel and recurrentKernel. */
  readonly parameters: {
    readonly [K in Exclude<ParameterName, 'kernel' | 'recurrentKernel'>]?: ParameterSpec;
  };
}

/** Padded steps change no state, so outputs come from real steps only. An initial state has no time axis. */
export function recurrentTime(
  { returnSequences }: Values<RecurrentAttributes>,
  [input]: readonly Shape[],
  [axis, ...states]: TimeAxes,
): TimeFlow {
  if (states.some((one) => one !== undefined)) return refusesPadding();
  return timeFirst(input, [axis], returnSequences ? { axis: 0 } : 'dropped');
}

/** The change with which the layer reads steps only in the order of time; undefined if it does so already. */
export const readsBackwards = ({
  bidirectional,
  goBackwards,
}: Values<RecurrentAttributes>): AttributeChange | undefined =>
  bidirectional
    ? { attribute: 'bidirectional', value: undefined }
    : goBackwards
      ? { attribute: 'goBackwards', value: undefined }
      : undefined;

/** Shapes and buffers of a recurrent layer. Its own file adds what its cell needs. */
export function inferRecurrent(
  attributes: Values<RecurrentAttributes>,
  inputs: readonly Shape[],
  cell: CellShape,
): RecurrentInferred | { readonly problem: Problem } {
  const wrong = findProblem(attributes, inputs);
  if (wrong) return wrong;
  const { hiddenSize, returnSequences, bidirectional, mergeMode, stateful } = attributes;
  const [time, features] = inputs[0];
  const directions = bidirectional ? 2 : 1;
  const columns = cell.gates * hiddenSize;
  const merged = bidirectional && mergeMode !== 'concat';
  const steps = returnSequences ? [time] : [];
  const sides = perSample(...steps, directions, hiddenSize);
  const states = perSample(directions, time + 1, hiddenSize);
  const dropsInput = attributes.inputDropout > 0;
  const dropsHidden = attributes.recurrentDropout > 0;
  const carried: StateSpec = { ...perSample(hiddenSize), initial: 0, carriesSequence: true };
  const final = [directions * hiddenSize];
  const stretch = Math.min(time, longestStretch);
  return {
    output: [...steps, (merged ? 1 : directions) * hiddenSize],
    extraOutputs: { hidden: final, ...(cell.hasCell ? { cell: final } : {}) },
    parameters: forDirections(bidirectional, {
      kernel: { shape: [features, columns], initializer: attributes.kernelInitializer },
      recurrentKernel: { shape: [hiddenSize, columns], initializer: attributes.recurrentInitializer },
      ...cell.parameters,
    }),
    saved: {
      inputRows: perSampleInt(directions, time),
      outputRows: perSampleInt(directions, time),
      steps: perSample(directions, time, features),
      gates: perSample(directions, time, columns),
      hiddenStates: states,
      gradHidden: states,
      ...(cell.hasCell ? { cellStates: states } : {}),
      ...(dropsInput ? { inputMask: perSample(directions, features) } : {}),
      ...(dropsHidden ? { recurrentMask: perSample(directions, hiddenSize), droppedHidden: states } : {}),
      ...(merged ? { sides } : {}),
    },
    scratch: {
      packedKernel: whole(Math.max(packedLength(hiddenSize, columns), packedLength(columns, hiddenSize))),
      packedInputKernel: whole(packedLength(features, columns)),
      gradGates: perSample(stretch, columns),
      gradSteps: perSample(stretch, features),
      ...(cell.hasCell ? { gradCell: perSample(hiddenSize) } : {}),
      ...(dropsHidden ? { gradDroppedHidden: states } : {}),
      ...(merged ? { gradSides: sides } : {}),
    },
    state: stateful ? { hiddenState: carried, ...(cell.hasCell ? { cellState: carried } : {}) } : {},
    constants: { directions, time, features, columns },
    flops: 2 * directions * time * columns * (features + hiddenSize),
  };
}

function forDirections(
  bidirectional: boolean,
  parameters: { readonly [K in ParameterName]?: ParameterSpec },
): PerDirection<ParameterSpec> {
  if (!bidirectional) return parameters;
  const backward = Object.entries(parameters).map(([name, spec]) => [
    backwardNames[name as ParameterName],
    spec,
  ]);
  return { ...parameters, ...Object.fromEntries(backward) };
}

function findProblem(
  { hiddenSize, bidirectional, goBackwards, stateful, truncate }: Values<RecurrentAttributes>,
  [input, ...states]: readonly Shape[],
): { readonly problem: Problem } | undefined {
  if (input.length !== 2)
    return problem(
      'shape/rank',
      l10n.t(
        'needs a sequence [time, features], found [{0}]. Put an embedding before it for symbols, or a reshape.',
        input.join(', '),
      ),
    );
  const wide = (bidirectional ? 2 : 1) * hiddenSize;
  const odd = states.find((shape) => shape.length !== 1 || shape[0] !== wide);
  if (odd)
    return problem(
      'shape/initial-state',
      l10n.t(
        'needs an initial state of shape [{0}], found [{1}]. Give both layers the same hiddenSize and bidirectional.',
        wide,
        odd.join(', '),
      ),
      'hiddenSize',
    );
  if (truncate > input[0])
    return problem(
      'shape/truncate',
      l10n.t(
        'truncate is {0}, longer than the sequence of {1}. Use at most {2}, or 0 to let the gradient flow along all of it.',
        truncate,
        counted(input[0], 'steps'),
        input[0],
      ),
      'truncate',
    );
  if (bidirectional && goBackwards)
    return problem(
      'shape/directions',
      l10n.t(
        'is bidirectional, so it reads in both directions already; found goBackwards as well. Remove one of the two.',
      ),
      'goBackwards',
    );
  if (bidirectional && stateful)
    return problem(
      'shape/stateful',
      l10n.t(
        'cannot be stateful and bidirectional: the backward direction would need batches that come later. Remove one of the two.',
      ),
      'stateful',
    );
  if (stateful && states.length > 0)
    return problem(
      'shape/stateful',
      l10n.t(
        'is stateful, so it starts from its own last state; found an initial state as input too. Remove one of the two.',
      ),
      'stateful',
    );
  return undefined;
}
