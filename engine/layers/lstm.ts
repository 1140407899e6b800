/** LSTM: a cell state that is carried by sums, and gates that decide what enters, stays and leaves. */
import * as l10n from '@vscode/l10n';
import { boolean } from '../schema/attributes.ts';
import { inWords } from '../schema/onCard.ts';
import { type BackwardPass, type BufferSpec, defineLayer, type Pass, perSample } from './define.ts';
import { lstmFrameworks } from './frameworks/recurrent.ts';
import { gateCoursesOf, stateCourses } from './recurrent/courses.ts';
import { addRecurrentGradient, addRecurrentProduct, addStateGradient } from './recurrent/products.ts';
import { memoryErrorSamples, recurrentErrorSamples, recurrentSamples } from './recurrent/samples.ts';
import {
  gateBias,
  hiddenPort,
  hiddenSize,
  inferRecurrent,
  memoryProblem,
  memorySteps,
  ofDirection,
  type RecurrentInferred,
  readsBackwards,
  recurrentAttributes,
  recurrentDoc,
  recurrentTime,
} from './recurrent/shape.ts';
import { effectiveMemory, gatesOf, gradThroughTime } from './recurrent/statistics.ts';
import { type Cell, walkBackward, walkForward } from './recurrent/walk.ts';

const attributes = {
  hiddenSize,
  ...recurrentAttributes,
  peepholes: boolean({
    default: false,
    doc: 'Let the gates also depend on the cell state, with one weight for each unit. Helps where exact timing matters.',
  }),
  unitForgetBias: boolean({
    default: true,
    onCard: inWords(() => l10n.t('forget bias 0')),
    doc: 'Start the forget gate with bias 1, about three quarters open, so that the cell remembers from the beginning. Beside memorySteps, which sets the bias, it has no effect and may not be false.',
  }),
  memorySteps,
};

type LstmInferred = RecurrentInferred & {
  readonly saved: {
    readonly cellStates: BufferSpec<'float'>;
    /** [D, T, H]: tanh(c). */
    readonly cellActivation: BufferSpec<'float'>;
  };
  readonly scratch: { readonly gradCell: BufferSpec<'float'> };
};
type LstmPass = Pass<typeof attributes, LstmInferred>;
type LstmBackwardPass = BackwardPass<typeof attributes, LstmInferred>;

const cell: Cell<LstmPass, LstmBackwardPass> = {
  /**
   * i = σ(zᵢ + pᵢ·c₋₁)   f = σ(z_f + p_f·c₋₁)   a = tanh(zₐ)   c = f·c₋₁ + i·a   o = σ(zₒ + pₒ·c)   h = o·tanh(c),
   * with z[B, 4H] = x·W + b + h₋₁·R, where x·W + b is in `gates` already, in blocks i f a o.
   */
  forward(pass, direction, row, stateRow) {
    const { kernels, batch, attributes, parameters, saved } = pass;
    addRecurrentProduct(pass, row, stateRow);
    const peephole = ofDirection(parameters, 'peephole', direction)?.data;
    kernels.lstmCell(
      batch,
      attributes.hiddenSize,
      row,
      stateRow,
      saved.gates.data,
      saved.cellActivation.data,
      saved.cellStates.data,
      saved.hiddenStates.data,
      peephole,
    );
  },

  /**
   * dzₒ = dh·tanh(c)·o(1 − o)    dc += dh·o·(1 − tanh²(c)) + dzₒ·pₒ
   * dzᵢ = dc·a·i(1 − i)    dz_f = dc·c₋₁·f(1 − f)    dzₐ = dc·i·(1 − a²)
   * dc₋₁ = dc·f + dzᵢ·pᵢ + dz_f·p_f    dh₋₁ += dz·Rᵀ
   */
  backward(pass, direction, row, stateRow, gradRow, carry) {
    const { kernels, batch, attributes, parameters, saved, scratch } = pass;
    const peephole = ofDirection(parameters, 'peephole', direction)?.data;
    kernels.lstmCellBackward(
      batch,
      attributes.hiddenSize,
      row,
      stateRow,
      gradRow,
      saved.gates.data,
      saved.cellActivation.data,
      saved.cellStates.data,
      peephole,
      saved.gradHidden.data,
      scratch.gradCell.data,
      scratch.gradGates.data,
    );
    if (carry) addStateGradient(pass, gradRow, stateRow);
  },

  /** dR = Σ_t h₋₁ᵀ·dz, dpᵢ = Σ_t dzᵢ·c₋₁, dp_f = Σ_t dz_f·c₋₁, dpₒ = Σ_t dzₒ·c. */
  addGradients(pass, direction, _row, stateRow, rows) {
    addRecurrentGradient(pass, direction, stateRow, rows);
    addPeepholeGradient(pass, direction, stateRow, rows);
  },
};

function addPeepholeGradient(
  { batch, attributes, saved, scratch, gradParameters }: LstmBackwardPass,
  direction: number,
  stateRow: number,
  rows: number,
): void {
  const gradPeephole = ofDirection(gradParameters, 'peephole', direction)?.data;
  if (!gradPeephole) return;
  const { hiddenSize } = attributes;
  const dz = scratch.gradGates.data;
  const c = saved.cellStates.data;
  for (let r = 0; r < rows; r++) {
    const z = r * 4 * hiddenSize;
    const before = (stateRow + r) * hiddenSize;
    const after = before + batch * hiddenSize;
    for (let i = 0; i < hiddenSize; i++) {
      gradPeephole[i] += dz[z + i] * c[before + i];
      gradPeephole[hiddenSize + i] += dz[z + hiddenSize + i] * c[before + i];
      gradPeephole[2 * hiddenSize + i] += dz[z + 3 * hiddenSize + i] * c[after + i];
    }
  }
}

/** The blocks of columns that are gates. */
const gates = ['input', 'forget', undefined, 'output'];

export const lstm = defineLayer<typeof attributes, LstmInferred>({
  type: 'lstm',
  category: 'recurrent',
  isGated: true,
  seesAhead: readsBackwards,
  dropShares: ['inputDropout', 'recurrentDropout'],
  label: 'LSTM',
  synonyms: ['rnn', 'long short-term memory', 'recurrent network', 'bilstm', 'bidirectional'],
  icon: 'server-process',
  doc: `Long short-term memory: in addition to its hidden state h, the layer carries a cell state c that only gates and sums change.

| gate | formula | decides |
|---|---|---|
| input | iₜ = σ(xₜ·Wᵢ + hₜ₋₁·Rᵢ + bᵢ) | how much of the candidate enters |
| forget | fₜ = σ(xₜ·W_f + hₜ₋₁·R_f + b_f) | how much of the old cell stays |
| candidate | aₜ = tanh(xₜ·Wₐ + hₜ₋₁·Rₐ + bₐ) | what may enter |
| output | oₜ = σ(xₜ·Wₒ + hₜ₋₁·Rₒ + bₒ) | how much of the cell is visible |

**cₜ = fₜ·cₜ₋₁ + iₜ·aₜ, hₜ = oₜ·tanh(cₜ)**. Columns of kernel, recurrentKernel and bias are in the order i f a o.

**Why it remembers.** From cell to cell the gradient is only multiplied by the forget gate, ∂cₜ/∂cₜ₋₁ = fₜ (besides the way around
through h and the gates), where a simple RNN multiplies by a whole Jacobian at each step. While the gate is open, fₜ ≈ 1, the gradient
arrives undiminished many steps back: the constant error carousel
([Hochreiter and Schmidhuber, 1997](https://doi.org/10.1162/neco.1997.9.8.1735)). The forget gate, which lets the cell be cleared, came
with [Gers et al., 2000](https://doi.org/10.1162/089976600300015015); peepholes, which add pᵢ·cₜ₋₁, p_f·cₜ₋₁ and pₒ·cₜ within the gates,
with [Gers et al., 2002](https://www.jmlr.org/papers/v3/gers02a.html). The gradient can still explode on the way through h: clip it by
global norm.

**What to watch.** A forget gate shut everywhere is a memory of one step; gates saturated from the start learn slowly.

${recurrentDoc}

**Cell state.** In the same way, its initial value is a third input, and its final value is the extra output \`cell\`.

[PyTorch: LSTM](https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html)`,
  attributes,
  frameworks: lstmFrameworks,
  inputs: [{ name: 'input' }, hiddenPort, { name: 'cell', optional: true }],

  time: recurrentTime,

  infer(attributes, inputs) {
    const { hiddenSize, bidirectional, useBias, unitForgetBias, memorySteps, peepholes } = attributes;
    const wrong = memoryProblem(attributes);
    if (wrong) return wrong;
    const zeros = { type: 'zeros', attributes: {} };
    const bias = {
      shape: [4 * hiddenSize],
      initializer: gateBias(
        memorySteps,
        { blocks: 4, open: 1, shut: 0 },
        unitForgetBias ? { type: 'forgetGateOne', attributes: {} } : zeros,
      ),
    };
    const base = inferRecurrent(attributes, inputs, {
      gates: 4,
      hasCell: true,
      parameters: {
        ...(useBias ? { bias } : {}),
        ...(peepholes ? { peephole: { shape: [3, hiddenSize], initializer: zeros } } : {}),
      },
    });
    if ('problem' in base) return base;
    const directions = bidirectional ? 2 : 1;
    const [time] = inputs[0];
    return {
      ...base,
      saved: {
        ...base.saved,
        cellStates: perSample(directions, time + 1, hiddenSize),
        cellActivation: perSample(directions, time, hiddenSize),
      },
      scratch: { ...base.scratch, gradCell: perSample(hiddenSize) },
    };
  },

  forward(pass) {
    walkForward(pass, cell);
  },

  backward(pass) {
    walkBackward(pass, cell);
  },

  statistics: [gradThroughTime, effectiveMemory, gatesOf(gates)],
  details: [gateCoursesOf(gates), stateCourses],

  samples: [
    ...recurrentSamples,
    {
      name: 'peepholes',
      inputs: [[4, 2]],
      attributes: { hiddenSize: 3, peepholes: true, returnSequences: true },
    },
    {
      name: 'bidirectional peepholes from initial states',
      inputs: [[3, 2], [6], [6]],
      attributes: { hiddenSize: 3, peepholes: true, bidirectional: true },
      lengths: [1, 3, 2],
    },
    { name: 'initial cell', inputs: [[3, 2], [3], [3]], attributes: { hiddenSize: 3 }, lengths: [3, 0, 2] },
  ],
  errorSamples: [
    ...recurrentErrorSamples,
    ...memoryErrorSamples('useBias', 'unitForgetBias'),
    {
      name: 'an initial cell of another width',
      inputs: [[5, 2], [2], [3]],
      attributes: { hiddenSize: 2 },
      code: 'shape/initial-state',
    },
  ],
});
