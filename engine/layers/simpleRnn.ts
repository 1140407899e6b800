/** Simple RNN: the hidden state is a bounded function of the input and the previous hidden state. */
import { choice } from '../schema/attributes.ts';
import { bare } from '../schema/onCard.ts';
import { type BackwardPass, defineLayer, type Pass } from './define.ts';
import { simpleRnnFrameworks } from './frameworks/recurrent.ts';
import { stateCourses } from './recurrent/courses.ts';
import { addRecurrentGradient, addRecurrentProduct, addStateGradient } from './recurrent/products.ts';
import { recurrentErrorSamples, recurrentSamples } from './recurrent/samples.ts';
import {
  hiddenPort,
  hiddenSize,
  inferRecurrent,
  type RecurrentInferred,
  readsBackwards,
  recurrentAttributes,
  recurrentDoc,
  recurrentTime,
} from './recurrent/shape.ts';
import { effectiveMemory, gradThroughTime } from './recurrent/statistics.ts';
import { type Cell, walkBackward, walkForward } from './recurrent/walk.ts';

const attributes = {
  hiddenSize,
  activation: choice(['tanh', 'relu'], {
    default: 'tanh',
    onCard: bare,
    doc: 'tanh keeps the state between −1 and 1. relu does not, so it forgets less and explodes more easily.',
  }),
  ...recurrentAttributes,
};

const cell: Cell<
  Pass<typeof attributes, RecurrentInferred>,
  BackwardPass<typeof attributes, RecurrentInferred>
> = {
  /** h = f(x·W + b + h₋₁·R); x·W + b is in `gates` already. */
  forward(pass, _direction, row, stateRow) {
    const { kernels, batch, attributes, saved } = pass;
    const { hiddenSize, activation } = attributes;
    addRecurrentProduct(pass, row, stateRow);
    kernels.rnnCell(
      batch,
      hiddenSize,
      row,
      stateRow,
      activation === 'relu',
      saved.gates.data,
      saved.hiddenStates.data,
    );
  },

  /** dz = dh · f′(z), dh₋₁ += dz · Rᵀ. */
  backward(pass, _direction, _row, stateRow, gradRow, carry) {
    const { kernels, batch, attributes, saved, scratch } = pass;
    const { hiddenSize, activation } = attributes;
    kernels.rnnCellBackward(
      batch,
      hiddenSize,
      stateRow,
      gradRow,
      activation === 'relu',
      saved.hiddenStates.data,
      saved.gradHidden.data,
      scratch.gradGates.data,
    );
    if (carry) addStateGradient(pass, gradRow, stateRow);
  },

  /** dR = Σ_t h₋₁ᵀ · dz. */
  addGradients(pass, direction, _row, stateRow, rows) {
    addRecurrentGradient(pass, direction, stateRow, rows);
  },
};

export const simpleRnn = defineLayer<typeof attributes, RecurrentInferred>({
  type: 'simpleRnn',
  category: 'recurrent',
  seesAhead: readsBackwards,
  growsState: ({ activation }) => activation === 'relu',
  dropShares: ['inputDropout', 'recurrentDropout'],
  label: 'Simple RNN',
  synonyms: ['recurrent network', 'vanilla rnn', 'elman'],
  icon: 'sync',
  doc: `Reads a sequence step by step and mixes each input with its own state of the previous step:
**hₜ = tanh(xₜ·W + hₜ₋₁·R + b)**, or relu instead of tanh ([Elman, 1990](https://doi.org/10.1207/s15516709cog1402_1)).

**Why it forgets.** The gradient k steps back is multiplied by k Jacobians: ∂hₜ/∂hₜ₋ₖ = ∏ diag(f′(z))·Rᵀ, one factor for each step. If these
factors shrink vectors (tanh′ ≤ 1, and R not large), the product goes to 0 exponentially, and the layer learns nothing from early
inputs: the gradient vanishes. If they stretch vectors, it explodes ([Bengio et al., 1994](https://doi.org/10.1109/72.279181);
[Pascanu et al., 2013](https://proceedings.mlr.press/v28/pascanu13.html)). Watch the gradient through time of this layer.

**Remedies.** An LSTM or GRU, whose state is carried by sums; an orthogonal recurrentInitializer, which neither shrinks nor
stretches at first; clipping by global norm against explosion; \`truncate\` for long sequences.

${recurrentDoc}

[PyTorch: RNN](https://pytorch.org/docs/stable/generated/torch.nn.RNN.html)`,
  attributes,
  frameworks: simpleRnnFrameworks,
  inputs: [{ name: 'input' }, hiddenPort],

  time: recurrentTime,

  infer(attributes, inputs) {
    const { hiddenSize, useBias } = attributes;
    const bias = { shape: [hiddenSize], initializer: { type: 'zeros', attributes: {} } };
    return inferRecurrent(attributes, inputs, { gates: 1, parameters: useBias ? { bias } : {} });
  },

  forward(pass) {
    walkForward(pass, cell);
  },

  backward(pass) {
    walkBackward(pass, cell);
  },

  statistics: [gradThroughTime, effectiveMemory],
  details: [stateCourses],

  samples: [
    ...recurrentSamples,
    {
      name: 'relu',
      inputs: [[4, 3]],
      attributes: { hiddenSize: 3, activation: 'relu', returnSequences: true },
      kinks: true,
    },
  ],
  errorSamples: recurrentErrorSamples,
});
