/**
 * The two cells of the GRU: the reset gate applied after the product with the recurrent kernel R[H, 3H], and before it.
 * Columns are in blocks z r c.
 */
// biome-ignore-all format: a call lists one operand a line.
import type { BackwardPass, BufferSpec, Pass } from '../define.ts';
import { gateSource, gradGateSource } from './products.ts';
import { ofDirection, type RecurrentAttributes, type RecurrentInferred } from './shape.ts';
import type { Cell } from './walk.ts';

type Floats = BufferSpec<'float'>;

export type GruInferred = RecurrentInferred & {
  readonly saved: {
    /** [D, T, H]: after the product, the part of the candidate that comes from h₋₁; before it, s = r·h₋₁. */
    readonly candidateSource: Floats;
  };
  readonly scratch: {
    /** [3H]: after the product, u, the part of all pre-activations that comes from h₋₁; not used before it. */
    readonly recurrent: Floats;
    /** [S, 3H]: du; before the product [H]: ds. */
    readonly gradRecurrent: Floats;
  };
};

export type GruCell = Cell<
  Pass<RecurrentAttributes, GruInferred>,
  BackwardPass<RecurrentAttributes, GruInferred>
>;

export const resetAfterCell: GruCell = {
  /**
   * u = h₋₁·R + b′    z = σ(x_z + u_z)    r = σ(x_r + u_r)    c = tanh(x_c + r·u_c)    h = z·h₋₁ + (1 − z)·c,
   * where x = x·W + b is in `gates` already.
   */
  forward(pass, direction, row, stateRow) {
    const { kernels, batch, attributes, parameters, saved, scratch, constants } = pass;
    const { hiddenSize } = attributes;
    const { columns } = constants;
    const bias = ofDirection(parameters, 'recurrentBias', direction);
    const u = scratch.recurrent.data;
    kernels.gemmPacked(
      batch, columns, hiddenSize,
      gateSource(pass).data, stateRow * hiddenSize, hiddenSize, scratch.packedKernel.data,
      u, 0, columns,
      { bias: bias?.data },
    );
    kernels.gruCell(
      batch, hiddenSize, row, stateRow,
      saved.gates.data, u, saved.candidateSource.data, saved.hiddenStates.data,
    );
  },

  /**
   * dx_z = du_z = dh·(h₋₁ − c)·z(1 − z)    dx_c = dh·(1 − z)·(1 − c²)    du_c = dx_c·r
   * dx_r = du_r = dx_c·u_c·r(1 − r)    dh₋₁ += dh·z + du·Rᵀ
   */
  backward(pass, _direction, row, stateRow, gradRow, carry) {
    const { kernels, batch, attributes, saved, scratch, constants } = pass;
    const { hiddenSize } = attributes;
    const { columns } = constants;
    const du = scratch.gradRecurrent.data;
    kernels.gruCellBackward(
      batch, hiddenSize, row, stateRow, gradRow, carry,
      saved.gates.data, saved.candidateSource.data, saved.hiddenStates.data,
      saved.gradHidden.data, scratch.gradGates.data, du,
    );
    if (carry)
      kernels.gemmPacked(
        batch, hiddenSize, columns,
        du, gradRow * columns, columns, scratch.packedKernel.data,
        gradGateSource(pass).data, stateRow * hiddenSize, hiddenSize,
        { accumulate: true },
      );
  },

  /** dR = Σ_t h₋₁ᵀ·du, db′ = Σ_t du. */
  addGradients(pass, direction, _row, stateRow, rows) {
    const { kernels, attributes, scratch, gradParameters, constants } = pass;
    const { hiddenSize } = attributes;
    const { columns } = constants;
    const gradWeights = ofDirection(gradParameters, 'recurrentKernel', direction)!.data;
    const gradBias = ofDirection(gradParameters, 'recurrentBias', direction);
    const du = scratch.gradRecurrent.data;
    kernels.gemm(
      hiddenSize, columns, rows,
      gateSource(pass).data, stateRow * hiddenSize, hiddenSize,
      du, 0, columns,
      gradWeights, 0, columns,
      { transposeA: true, accumulate: true },
    );
    if (gradBias) kernels.addColumnSums(rows, columns, du, 0, gradBias.data);
  },
};

export const resetBeforeCell: GruCell = {
  /** z = σ(x_z + h₋₁·R_z)    r = σ(x_r + h₋₁·R_r)    s = r·h₋₁    c = tanh(x_c + s·R_c)    h = z·h₋₁ + (1 − z)·c. */
  forward(pass, direction, row, stateRow) {
    const { kernels, batch, attributes, parameters, saved } = pass;
    const { hiddenSize } = attributes;
    const columns = 3 * hiddenSize;
    const weights = ofDirection(parameters, 'recurrentKernel', direction)!.data;
    const gates = saved.gates.data;
    const source = gateSource(pass).data;
    const s = saved.candidateSource.data;
    kernels.gemm(
      batch, 2 * hiddenSize, hiddenSize,
      source, stateRow * hiddenSize, hiddenSize,
      weights, 0, columns,
      gates, row * columns, columns,
      { accumulate: true },
    );
    kernels.gruResetCell(batch, hiddenSize, row, stateRow, gates, source, s);
    kernels.gemm(
      batch, hiddenSize, hiddenSize,
      s, row * hiddenSize, hiddenSize,
      weights, 2 * hiddenSize, columns,
      gates, row * columns + 2 * hiddenSize, columns,
      { accumulate: true },
    );
    kernels.gruCandidateCell(batch, hiddenSize, row, stateRow, gates, saved.hiddenStates.data);
  },

  /**
   * dx_z = dh·(h₋₁ − c)·z(1 − z)    dx_c = dh·(1 − z)·(1 − c²)    ds = dx_c·R_cᵀ
   * dx_r = ds·h₋₁·r(1 − r)    dh₋₁ += dh·z + ds·r + dx_z·R_zᵀ + dx_r·R_rᵀ
   */
  backward(pass, direction, row, stateRow, gradRow, carry) {
    const { kernels, batch, attributes, parameters, saved, scratch } = pass;
    const { hiddenSize } = attributes;
    const columns = 3 * hiddenSize;
    const weights = ofDirection(parameters, 'recurrentKernel', direction)!.data;
    const gates = saved.gates.data;
    const dx = scratch.gradGates.data;
    const ds = scratch.gradRecurrent.data;
    const gradSource = gradGateSource(pass).data;
    kernels.gruCandidateCellBackward(
      batch, hiddenSize, row, stateRow, gradRow, carry, gates, saved.hiddenStates.data, saved.gradHidden.data, dx,
    );
    kernels.gemm(
      batch, hiddenSize, hiddenSize,
      dx, gradRow * columns + 2 * hiddenSize, columns,
      weights, 2 * hiddenSize, columns,
      ds, 0, hiddenSize,
      { transposeB: true },
    );
    kernels.gruResetCellBackward(
      batch, hiddenSize, row, stateRow, gradRow, carry, gates, gateSource(pass).data, ds, gradSource, dx,
    );
    if (carry)
      kernels.gemm(
        batch, hiddenSize, 2 * hiddenSize,
        dx, gradRow * columns, columns,
        weights, 0, columns,
        gradSource, stateRow * hiddenSize, hiddenSize,
        { transposeB: true, accumulate: true },
      );
  },

  /** dR_z = Σ_t h₋₁ᵀ·dx_z, dR_r = Σ_t h₋₁ᵀ·dx_r, dR_c = Σ_t sᵀ·dx_c. */
  addGradients(pass, direction, row, stateRow, rows) {
    const { kernels, attributes, saved, scratch, gradParameters, constants } = pass;
    const { hiddenSize } = attributes;
    const { columns } = constants;
    const gradWeights = ofDirection(gradParameters, 'recurrentKernel', direction)!.data;
    const dx = scratch.gradGates.data;
    kernels.gemm(
      hiddenSize, 2 * hiddenSize, rows,
      gateSource(pass).data, stateRow * hiddenSize, hiddenSize,
      dx, 0, columns,
      gradWeights, 0, columns,
      { transposeA: true, accumulate: true },
    );
    kernels.gemm(
      hiddenSize, hiddenSize, rows,
      saved.candidateSource.data, row * hiddenSize, hiddenSize,
      dx, 2 * hiddenSize, columns,
      gradWeights, 2 * hiddenSize, columns,
      { transposeA: true, accumulate: true },
    );
  },
};
