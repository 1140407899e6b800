/** Moving rows, and the arithmetic of one time step of each recurrent cell. Formulas: ../recurrent.ts. */
// biome-ignore-all format: a signature lists one group of operands a line.
import type { FloatArray } from '../tensor.ts';

export function gatherRows(
  rows: number, width: number, index: Int32Array, indexOffset: number,
  x: FloatArray, xOffset: number, xStride: number,
  y: FloatArray, yOffset: number, yStride: number,
): void {
  for (let row = 0; row < rows; row++) {
    const source = index[indexOffset + row];
    const to = yOffset + row * yStride;
    if (source < 0) {
      y.fill(0, to, to + width);
      continue;
    }
    const from = xOffset + source * xStride;
    for (let i = 0; i < width; i++) y[to + i] = x[from + i];
  }
}

export function scatterRows(
  rows: number, width: number, index: Int32Array, indexOffset: number,
  x: FloatArray, xOffset: number, xStride: number,
  y: FloatArray, yOffset: number, yStride: number,
  accumulate: boolean,
): void {
  for (let row = 0; row < rows; row++) {
    const target = index[indexOffset + row];
    if (target < 0) continue;
    const from = xOffset + row * xStride;
    const to = yOffset + target * yStride;
    if (accumulate) for (let i = 0; i < width; i++) y[to + i] += x[from + i];
    else for (let i = 0; i < width; i++) y[to + i] = x[from + i];
  }
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

export function rnnCell(
  rows: number, units: number, row: number, stateRow: number, relu: boolean,
  gates: FloatArray, hidden: FloatArray,
): void {
  const z = row * units;
  const h = (stateRow + rows) * units;
  const count = rows * units;
  if (relu) for (let i = 0; i < count; i++) hidden[h + i] = Math.max(0, gates[z + i]);
  else for (let i = 0; i < count; i++) hidden[h + i] = Math.tanh(gates[z + i]);
}

export function rnnCellBackward(
  rows: number, units: number, stateRow: number, gradRow: number, relu: boolean,
  hidden: FloatArray, gradHidden: FloatArray, gradGates: FloatArray,
): void {
  const dz = gradRow * units;
  const at = (stateRow + rows) * units;
  const count = rows * units;
  for (let i = 0; i < count; i++) {
    const h = hidden[at + i];
    const slope = relu ? Number(h > 0) : 1 - h * h;
    gradGates[dz + i] = gradHidden[at + i] * slope;
  }
}

export function lstmCell(
  rows: number, units: number, row: number, stateRow: number,
  gates: FloatArray, cellActivation: FloatArray, cell: FloatArray, hidden: FloatArray, peephole: FloatArray | undefined,
): void {
  const count = rows * units;
  const before = stateRow * units;
  const after = before + count;
  for (let r = 0, n = 0; r < rows; r++) {
    const inputGate = (row + r) * 4 * units;
    const forgetGate = inputGate + units;
    const candidate = forgetGate + units;
    const outputGate = candidate + units;
    for (let u = 0; u < units; u++, n++) {
      const previous = cell[before + n];
      const i = sigmoid(gates[inputGate + u] + (peephole ? peephole[u] * previous : 0));
      const f = sigmoid(gates[forgetGate + u] + (peephole ? peephole[units + u] * previous : 0));
      const a = Math.tanh(gates[candidate + u]);
      const c = f * previous + i * a;
      const o = sigmoid(gates[outputGate + u] + (peephole ? peephole[2 * units + u] * c : 0));
      const active = Math.tanh(c);
      gates[inputGate + u] = i;
      gates[forgetGate + u] = f;
      gates[candidate + u] = a;
      gates[outputGate + u] = o;
      cell[after + n] = c;
      cellActivation[row * units + n] = active;
      hidden[after + n] = o * active;
    }
  }
}

export function lstmCellBackward(
  rows: number, units: number, row: number, stateRow: number, gradRow: number,
  gates: FloatArray, cellActivation: FloatArray, cell: FloatArray, peephole: FloatArray | undefined,
  gradHidden: FloatArray, gradCell: FloatArray, gradGates: FloatArray,
): void {
  const before = stateRow * units;
  const after = before + rows * units;
  for (let r = 0, n = 0; r < rows; r++) {
    const inputGate = (row + r) * 4 * units;
    const forgetGate = inputGate + units;
    const candidate = forgetGate + units;
    const outputGate = candidate + units;
    const to = (gradRow + r) * 4 * units;
    for (let u = 0; u < units; u++, n++) {
      const i = gates[inputGate + u];
      const f = gates[forgetGate + u];
      const a = gates[candidate + u];
      const o = gates[outputGate + u];
      const active = cellActivation[row * units + n];
      const dh = gradHidden[after + n];
      const dOutput = dh * active * o * (1 - o);
      let dc = gradCell[n] + dh * o * (1 - active * active);
      if (peephole) dc += dOutput * peephole[2 * units + u];
      const dInput = dc * a * i * (1 - i);
      const dForget = dc * cell[before + n] * f * (1 - f);
      gradGates[to + u] = dInput;
      gradGates[to + units + u] = dForget;
      gradGates[to + 2 * units + u] = dc * i * (1 - a * a);
      gradGates[to + 3 * units + u] = dOutput;
      gradCell[n] = dc * f + (peephole ? dInput * peephole[u] + dForget * peephole[units + u] : 0);
    }
  }
}

export function gruCell(
  rows: number, units: number, row: number, stateRow: number,
  gates: FloatArray, recurrent: FloatArray, recurrentCandidate: FloatArray, hidden: FloatArray,
): void {
  const before = stateRow * units;
  const after = before + rows * units;
  for (let r = 0, n = 0; r < rows; r++) {
    const update = (row + r) * 3 * units;
    const share = r * 3 * units;
    for (let u = 0; u < units; u++, n++) {
      const fromHidden = recurrent[share + 2 * units + u];
      const z = sigmoid(gates[update + u] + recurrent[share + u]);
      const reset = sigmoid(gates[update + units + u] + recurrent[share + units + u]);
      const c = Math.tanh(gates[update + 2 * units + u] + reset * fromHidden);
      gates[update + u] = z;
      gates[update + units + u] = reset;
      gates[update + 2 * units + u] = c;
      recurrentCandidate[row * units + n] = fromHidden;
      hidden[after + n] = z * hidden[before + n] + (1 - z) * c;
    }
  }
}

export function gruCellBackward(
  rows: number, units: number, row: number, stateRow: number, gradRow: number, carry: boolean,
  gates: FloatArray, recurrentCandidate: FloatArray, hidden: FloatArray,
  gradHidden: FloatArray, gradGates: FloatArray, gradRecurrent: FloatArray,
): void {
  const before = stateRow * units;
  const after = before + rows * units;
  for (let r = 0, n = 0; r < rows; r++) {
    const update = (row + r) * 3 * units;
    const to = (gradRow + r) * 3 * units;
    for (let u = 0; u < units; u++, n++) {
      const z = gates[update + u];
      const reset = gates[update + units + u];
      const c = gates[update + 2 * units + u];
      const dh = gradHidden[after + n];
      const dUpdate = dh * (hidden[before + n] - c) * z * (1 - z);
      const dCandidate = dh * (1 - z) * (1 - c * c);
      const dReset = dCandidate * recurrentCandidate[row * units + n] * reset * (1 - reset);
      gradGates[to + u] = dUpdate;
      gradGates[to + units + u] = dReset;
      gradGates[to + 2 * units + u] = dCandidate;
      gradRecurrent[to + u] = dUpdate;
      gradRecurrent[to + units + u] = dReset;
      gradRecurrent[to + 2 * units + u] = dCandidate * reset;
      if (carry) gradHidden[before + n] += dh * z;
    }
  }
}

export function gruResetCell(
  rows: number, units: number, row: number, stateRow: number,
  gates: FloatArray, source: FloatArray, resetHidden: FloatArray,
): void {
  const before = stateRow * units;
  for (let r = 0, n = 0; r < rows; r++) {
    const update = (row + r) * 3 * units;
    for (let u = 0; u < units; u++, n++) {
      const reset = sigmoid(gates[update + units + u]);
      gates[update + u] = sigmoid(gates[update + u]);
      gates[update + units + u] = reset;
      resetHidden[row * units + n] = reset * source[before + n];
    }
  }
}

export function gruCandidateCell(
  rows: number, units: number, row: number, stateRow: number, gates: FloatArray, hidden: FloatArray,
): void {
  const before = stateRow * units;
  const after = before + rows * units;
  for (let r = 0, n = 0; r < rows; r++) {
    const update = (row + r) * 3 * units;
    for (let u = 0; u < units; u++, n++) {
      const z = gates[update + u];
      const c = Math.tanh(gates[update + 2 * units + u]);
      gates[update + 2 * units + u] = c;
      hidden[after + n] = z * hidden[before + n] + (1 - z) * c;
    }
  }
}

export function gruCandidateCellBackward(
  rows: number, units: number, row: number, stateRow: number, gradRow: number, carry: boolean,
  gates: FloatArray, hidden: FloatArray, gradHidden: FloatArray, gradGates: FloatArray,
): void {
  const before = stateRow * units;
  const after = before + rows * units;
  for (let r = 0, n = 0; r < rows; r++) {
    const update = (row + r) * 3 * units;
    const to = (gradRow + r) * 3 * units;
    for (let u = 0; u < units; u++, n++) {
      const z = gates[update + u];
      const c = gates[update + 2 * units + u];
      const dh = gradHidden[after + n];
      gradGates[to + u] = dh * (hidden[before + n] - c) * z * (1 - z);
      gradGates[to + 2 * units + u] = dh * (1 - z) * (1 - c * c);
      if (carry) gradHidden[before + n] += dh * z;
    }
  }
}

export function gruResetCellBackward(
  rows: number, units: number, row: number, stateRow: number, gradRow: number, carry: boolean,
  gates: FloatArray, source: FloatArray, gradReset: FloatArray, gradSource: FloatArray, gradGates: FloatArray,
): void {
  const before = stateRow * units;
  for (let r = 0, n = 0; r < rows; r++) {
    const update = (row + r) * 3 * units;
    const to = (gradRow + r) * 3 * units;
    for (let u = 0; u < units; u++, n++) {
      const reset = gates[update + units + u];
      gradGates[to + units + u] = gradReset[n] * source[before + n] * reset * (1 - reset);
      if (carry) gradSource[before + n] += gradReset[n] * reset;
    }
  }
}
