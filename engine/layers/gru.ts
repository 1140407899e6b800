/** GRU: one gate blends the old state with a candidate, another decides how much of the old state the candidate sees. */
import { boolean } from '../spec/attributes.ts';
import { type BackwardPass, type BufferSpec, defineLayer, type Pass, perSample } from './define.ts';
import {
  hiddenPort,
  hiddenSize,
  inferRecurrent,
  ofDirection,
  type RecurrentInferred,
  recurrentAttributes,
  recurrentDoc,
} from './recurrent.ts';
import { throughTimeOf } from './recurrentProbe.ts';
import {
  addRecurrentGradient,
  gateSource,
  gradGateSource,
  recurrentProduct,
  recurrentProductBackward,
} from './recurrentProduct.ts';
import { recurrentErrorSamples, recurrentSamples } from './recurrentSamples.ts';
import { type Cell, walkBackward, walkForward } from './recurrentWalk.ts';

const attributes = {
  hiddenSize,
  ...recurrentAttributes,
  resetAfter: boolean({
    default: true,
    doc: 'Apply the reset gate after the product with the recurrent kernel (as PyTorch and cuDNN do), or before it (as first published).',
  }),
};

type Floats = BufferSpec<'float'>;
type GruInferred = RecurrentInferred & {
  readonly saved: {
    /** [D, T, H]: with resetAfter, h₋₁'s share of the candidate; otherwise r·h₋₁. */
    readonly candidateSource: Floats;
  };
  readonly scratch: {
    /** [3H]: with resetAfter, h₋₁'s share of all pre-activations. */
    readonly recurrent: Floats;
    /** [D, T, 3H]: with resetAfter, its gradient; otherwise [H], that of r·h₋₁. */
    readonly gradRecurrent: Floats;
  };
};
type GruCell = Cell<Pass<typeof attributes, GruInferred>, BackwardPass<typeof attributes, GruInferred>>;

const resetAfterCell: GruCell = {
  /**
   * u = h₋₁·R + b′    z = σ(x_z + u_z)    r = σ(x_r + u_r)    c = tanh(x_c + r·u_c)    h = z·h₋₁ + (1 − z)·c,
   * with x[B, 3H] = x·W + b in `gates` already, in blocks z r c.
   */
  forward(pass, direction, row, stateRow) {
    const { kernels, batch, attributes, parameters, saved, scratch, constants } = pass;
    const { columns } = constants;
    recurrentProduct(pass, direction, gateSource(pass), stateRow, scratch.recurrent, 0, 0, columns, false);
    const bias = ofDirection(parameters, 'recurrentBias', direction);
    if (bias) kernels.addBias(batch, columns, bias.data, scratch.recurrent.data, 0);
    kernels.gruCell(
      batch,
      attributes.hiddenSize,
      row,
      stateRow,
      saved.gates.data,
      scratch.recurrent.data,
      saved.candidateSource.data,
      saved.hiddenStates.data,
    );
  },

  /**
   * dx_z = du_z = dh·(h₋₁ − c)·z(1 − z)    dx_c = dh·(1 − z)·(1 − c²)    du_c = dx_c·r
   * dx_r = du_r = dx_c·u_c·r(1 − r)    dh₋₁ += dh·z + du·Rᵀ
   */
  backward(pass, direction, row, stateRow, carry) {
    const { kernels, batch, attributes, saved, scratch, constants } = pass;
    kernels.gruCellBackward(
      batch,
      attributes.hiddenSize,
      row,
      stateRow,
      carry,
      saved.gates.data,
      saved.candidateSource.data,
      saved.hiddenStates.data,
      saved.gradHidden.data,
      scratch.gradGates.data,
      scratch.gradRecurrent.data,
    );
    if (carry)
      recurrentProductBackward(
        pass,
        direction,
        scratch.gradRecurrent,
        row,
        gradGateSource(pass),
        stateRow,
        0,
        constants.columns,
        true,
      );
  },

  /** dR = Σ_t h₋₁ᵀ·du, db′ = Σ_t du. */
  addGradients(pass, direction, row, stateRow) {
    const { kernels, batch, scratch, gradParameters, constants } = pass;
    const { time, columns } = constants;
    addRecurrentGradient(pass, direction, gateSource(pass), stateRow, scratch.gradRecurrent, row, 0, columns);
    const gradBias = ofDirection(gradParameters, 'recurrentBias', direction);
    if (gradBias)
      kernels.addColumnSums(time * batch, columns, scratch.gradRecurrent.data, row * columns, gradBias.data);
  },
};

const resetBeforeCell: GruCell = {
  /** z = σ(x_z + h₋₁·R_z)    r = σ(x_r + h₋₁·R_r)    c = tanh(x_c + (r·h₋₁)·R_c)    h = z·h₋₁ + (1 − z)·c. */
  forward(pass, direction, row, stateRow) {
    const { kernels, batch, attributes, saved } = pass;
    const { hiddenSize } = attributes;
    const source = gateSource(pass);
    recurrentProduct(pass, direction, source, stateRow, saved.gates, row, 0, 2 * hiddenSize, true);
    kernels.gruResetCell(
      batch,
      hiddenSize,
      row,
      stateRow,
      saved.gates.data,
      source.data,
      saved.candidateSource.data,
    );
    recurrentProduct(
      pass,
      direction,
      saved.candidateSource,
      row,
      saved.gates,
      row,
      2 * hiddenSize,
      hiddenSize,
      true,
    );
    kernels.gruCandidateCell(batch, hiddenSize, row, stateRow, saved.gates.data, saved.hiddenStates.data);
  },

  /**
   * dx_z = dh·(h₋₁ − c)·z(1 − z)    dx_c = dh·(1 − z)·(1 − c²)    ds = dx_c·R_cᵀ, the gradient of s = r·h₋₁
   * dx_r = ds·h₋₁·r(1 − r)    dh₋₁ += dh·z + ds·r + dx_z·R_zᵀ + dx_r·R_rᵀ
   */
  backward(pass, direction, row, stateRow, carry) {
    const { kernels, batch, attributes, saved, scratch } = pass;
    const { hiddenSize } = attributes;
    const { gradGates, gradRecurrent } = scratch;
    const gradSource = gradGateSource(pass);
    kernels.gruCandidateCellBackward(
      batch,
      hiddenSize,
      row,
      stateRow,
      carry,
      saved.gates.data,
      saved.hiddenStates.data,
      saved.gradHidden.data,
      gradGates.data,
    );
    recurrentProductBackward(
      pass,
      direction,
      gradGates,
      row,
      gradRecurrent,
      0,
      2 * hiddenSize,
      hiddenSize,
      false,
    );
    kernels.gruResetCellBackward(
      batch,
      hiddenSize,
      row,
      stateRow,
      carry,
      saved.gates.data,
      gateSource(pass).data,
      gradRecurrent.data,
      gradSource.data,
      gradGates.data,
    );
    if (carry)
      recurrentProductBackward(
        pass,
        direction,
        gradGates,
        row,
        gradSource,
        stateRow,
        0,
        2 * hiddenSize,
        true,
      );
  },

  /** dR_z = Σ_t h₋₁ᵀ·dx_z, dR_r = Σ_t h₋₁ᵀ·dx_r, dR_c = Σ_t (r·h₋₁)ᵀ·dx_c. */
  addGradients(pass, direction, row, stateRow) {
    const { attributes, saved, scratch } = pass;
    const { hiddenSize } = attributes;
    addRecurrentGradient(
      pass,
      direction,
      gateSource(pass),
      stateRow,
      scratch.gradGates,
      row,
      0,
      2 * hiddenSize,
    );
    addRecurrentGradient(
      pass,
      direction,
      saved.candidateSource,
      row,
      scratch.gradGates,
      row,
      2 * hiddenSize,
      hiddenSize,
    );
  },
};

const cellOf = ({ resetAfter }: { readonly resetAfter: boolean }): GruCell =>
  resetAfter ? resetAfterCell : resetBeforeCell;

export const gru = defineLayer<typeof attributes, GruInferred>({
  type: 'gru',
  category: 'recurrent',
  label: 'GRU',
  icon: 'git-merge',
  doc: `Gated recurrent unit: the state is blended with a candidate, unit by unit.

| gate | formula | decides |
|---|---|---|
| update | zₜ = σ(xₜ·W_z + hₜ₋₁·R_z + b_z) | how much of the old state stays |
| reset | rₜ = σ(xₜ·W_r + hₜ₋₁·R_r + b_r) | how much of it the candidate sees |
| candidate | cₜ = tanh(xₜ·W_c + rₜ·(hₜ₋₁·R_c + b′_c) + b_c) | what may enter |

**hₜ = zₜ·hₜ₋₁ + (1 − zₜ)·cₜ**. Columns of kernel, recurrentKernel and biases are in the order z r c. Without resetAfter the candidate
is tanh(xₜ·W_c + (rₜ·hₜ₋₁)·R_c + b_c), and there is no recurrentBias.

**Why it remembers.** ∂hₜ/∂hₜ₋₁ = zₜ + …: where the update gate is near 1 the state, and the gradient with it, is copied from step to step
instead of being squashed and multiplied by a Jacobian, as in a simple RNN ([Cho et al., 2014](https://arxiv.org/abs/1406.1078)). Three
quarters of an LSTM's parameters, often equal results ([Chung et al., 2014](https://arxiv.org/abs/1412.3555)). It can still explode: clip
by global norm.

**What to watch.** An update gate nearly shut (z ≈ 0) everywhere is a simple RNN with short memory; nearly open everywhere, it ignores its input.

${recurrentDoc}

[PyTorch: GRU](https://pytorch.org/docs/stable/generated/torch.nn.GRU.html)`,
  attributes,
  inputs: [{ name: 'input' }, hiddenPort],

  infer(attributes, inputs) {
    const { hiddenSize, bidirectional, useBias, resetAfter } = attributes;
    const bias = { shape: [3 * hiddenSize], initializer: { type: 'zeros', attributes: {} } };
    const base = inferRecurrent(attributes, inputs, {
      gates: 3,
      parameters: { ...(useBias ? { bias } : {}), ...(useBias && resetAfter ? { recurrentBias: bias } : {}) },
    });
    if ('problem' in base) return base;
    const directions = bidirectional ? 2 : 1;
    const [time] = inputs[0];
    return {
      ...base,
      saved: { ...base.saved, candidateSource: perSample(directions, time, hiddenSize) },
      scratch: {
        ...base.scratch,
        recurrent: perSample(3 * hiddenSize),
        gradRecurrent: resetAfter ? perSample(directions, time, 3 * hiddenSize) : perSample(hiddenSize),
      },
    };
  },

  forward(pass) {
    walkForward(pass, cellOf(pass.attributes));
  },

  backward(pass) {
    walkBackward(pass, cellOf(pass.attributes));
  },

  throughTime: throughTimeOf(['update', 'reset', undefined]),

  samples: [
    ...recurrentSamples,
    ...recurrentSamples.map((sample) => ({
      ...sample,
      name: `reset before the product: ${sample.name}`,
      attributes: { ...sample.attributes, resetAfter: false },
    })),
  ],
  errorSamples: recurrentErrorSamples,
});
