/** One time step of the LSTM and GRU cells, four units at once; layouts as kernels/recurrent.ts says. `row` and `stateRow` are already in the addresses. */
import { loadSome, storeSome } from './elementwise';
import { gateSigmoid as sigmoid, tanh } from './math';
import { flush, madd } from './simd';

// @ts-ignore: decorator
@inline
function slope(gate: v128): v128 {
  return f32x4.sub(gate, f32x4.mul(gate, gate));
}

// @ts-ignore: decorator
@inline
function tanhSlope(value: v128): v128 {
  return f32x4.sub(f32x4.splat(1), f32x4.mul(value, value));
}

// @ts-ignore: decorator
@inline
function lstmCellAt(
  at: usize, n: usize, units: usize, gates: usize, active: usize, cellBefore: usize, cellAfter: usize, hidden: usize, peephole: usize,
): void {
  const block = 4 * units;
  const g = gates + at;
  const before = loadSome(cellBefore + at, n);
  let zi = loadSome(g, n), zf = loadSome(g + block, n), zo = loadSome(g + 3 * block, n);
  if (peephole) {
    zi = madd(loadSome(peephole + at, n), before, zi);
    zf = madd(loadSome(peephole + block + at, n), before, zf);
  }
  const i = sigmoid(zi), f = sigmoid(zf), a = tanh(loadSome(g + 2 * block, n));
  const c = flush(madd(f, before, f32x4.mul(i, a)));
  if (peephole) zo = madd(loadSome(peephole + 2 * block + at, n), c, zo);
  const o = sigmoid(zo), t = tanh(c);
  storeSome(g, i, n);
  storeSome(g + block, f, n);
  storeSome(g + 2 * block, a, n);
  storeSome(g + 3 * block, o, n);
  storeSome(cellAfter + at, c, n);
  storeSome(active + at, t, n);
  storeSome(hidden + at, flush(f32x4.mul(o, t)), n);
}

export function lstmCell(
  rows: usize, units: usize, gates: usize, active: usize, cellBefore: usize, cellAfter: usize, hidden: usize, peephole: usize,
): void {
  const block = 4 * units;
  for (let r: usize = 0; r < rows; r++) {
    let u: usize = 0;
    for (; u + 4 <= units; u += 4) lstmCellAt(4 * u, 4, units, gates, active, cellBefore, cellAfter, hidden, peephole);
    if (u < units) lstmCellAt(4 * u, units - u, units, gates, active, cellBefore, cellAfter, hidden, peephole);
    gates += 4 * block;
    active += block;
    cellBefore += block;
    cellAfter += block;
    hidden += block;
  }
}

// @ts-ignore: decorator
@inline
function lstmCellBackwardAt(
  at: usize, n: usize, units: usize, gates: usize, active: usize, cellBefore: usize, peephole: usize, gradHidden: usize, gradCell: usize, gradGates: usize,
): void {
  const block = 4 * units;
  const g = gates + at, dg = gradGates + at;
  const i = loadSome(g, n), f = loadSome(g + block, n), a = loadSome(g + 2 * block, n), o = loadSome(g + 3 * block, n);
  const t = loadSome(active + at, n), dh = loadSome(gradHidden + at, n);
  const dOutput = flush(f32x4.mul(f32x4.mul(dh, t), slope(o)));
  let dc = madd(f32x4.mul(dh, o), tanhSlope(t), loadSome(gradCell + at, n));
  if (peephole) dc = madd(dOutput, loadSome(peephole + 2 * block + at, n), dc);
  const dInput = flush(f32x4.mul(f32x4.mul(dc, a), slope(i)));
  const dForget = flush(f32x4.mul(f32x4.mul(dc, loadSome(cellBefore + at, n)), slope(f)));
  storeSome(dg, dInput, n);
  storeSome(dg + block, dForget, n);
  storeSome(dg + 2 * block, flush(f32x4.mul(f32x4.mul(dc, i), tanhSlope(a))), n);
  storeSome(dg + 3 * block, dOutput, n);
  let carried = f32x4.mul(dc, f);
  if (peephole) carried = madd(dInput, loadSome(peephole + at, n), madd(dForget, loadSome(peephole + block + at, n), carried));
  storeSome(gradCell + at, flush(carried), n);
}

export function lstmCellBackward(
  rows: usize, units: usize, gates: usize, active: usize, cellBefore: usize, peephole: usize,
  gradHidden: usize, gradCell: usize, gradGates: usize,
): void {
  const block = 4 * units;
  for (let r: usize = 0; r < rows; r++) {
    let u: usize = 0;
    for (; u + 4 <= units; u += 4) lstmCellBackwardAt(4 * u, 4, units, gates, active, cellBefore, peephole, gradHidden, gradCell, gradGates);
    if (u < units) lstmCellBackwardAt(4 * u, units - u, units, gates, active, cellBefore, peephole, gradHidden, gradCell, gradGates);
    gates += 4 * block;
    gradGates += 4 * block;
    active += block;
    cellBefore += block;
    gradHidden += block;
    gradCell += block;
  }
}

// @ts-ignore: decorator
@inline
function gruCellAt(
  at: usize, n: usize, units: usize, gates: usize, recurrent: usize, candidate: usize, before: usize, after: usize,
): void {
  const block = 4 * units;
  const one = f32x4.splat(1);
  const g = gates + at, s = recurrent + at;
  const fromHidden = loadSome(s + 2 * block, n);
  const z = sigmoid(f32x4.add(loadSome(g, n), loadSome(s, n)));
  const reset = sigmoid(f32x4.add(loadSome(g + block, n), loadSome(s + block, n)));
  const c = tanh(madd(reset, fromHidden, loadSome(g + 2 * block, n)));
  storeSome(g, z, n);
  storeSome(g + block, reset, n);
  storeSome(g + 2 * block, c, n);
  storeSome(candidate + at, fromHidden, n);
  storeSome(after + at, flush(madd(z, loadSome(before + at, n), f32x4.mul(f32x4.sub(one, z), c))), n);
}

export function gruCell(rows: usize, units: usize, gates: usize, recurrent: usize, candidate: usize, before: usize, after: usize): void {
  const block = 4 * units;
  for (let r: usize = 0; r < rows; r++) {
    let u: usize = 0;
    for (; u + 4 <= units; u += 4) gruCellAt(4 * u, 4, units, gates, recurrent, candidate, before, after);
    if (u < units) gruCellAt(4 * u, units - u, units, gates, recurrent, candidate, before, after);
    gates += 3 * block;
    recurrent += 3 * block;
    candidate += block;
    before += block;
    after += block;
  }
}

// @ts-ignore: decorator
@inline
function gruCellBackwardAt(
  at: usize, n: usize, units: usize, carry: bool, gates: usize, candidate: usize, before: usize, gradBefore: usize, gradAfter: usize, gradGates: usize, gradRecurrent: usize,
): void {
  const block = 4 * units;
  const one = f32x4.splat(1);
  const g = gates + at, dg = gradGates + at, dr = gradRecurrent + at;
  const z = loadSome(g, n), reset = loadSome(g + block, n), c = loadSome(g + 2 * block, n);
  const dh = loadSome(gradAfter + at, n);
  const dUpdate = flush(f32x4.mul(f32x4.mul(dh, f32x4.sub(loadSome(before + at, n), c)), slope(z)));
  const dCandidate = flush(f32x4.mul(f32x4.mul(dh, f32x4.sub(one, z)), tanhSlope(c)));
  const dReset = flush(f32x4.mul(f32x4.mul(dCandidate, loadSome(candidate + at, n)), slope(reset)));
  storeSome(dg, dUpdate, n);
  storeSome(dg + block, dReset, n);
  storeSome(dg + 2 * block, dCandidate, n);
  storeSome(dr, dUpdate, n);
  storeSome(dr + block, dReset, n);
  storeSome(dr + 2 * block, flush(f32x4.mul(dCandidate, reset)), n);
  if (carry) storeSome(gradBefore + at, flush(madd(dh, z, loadSome(gradBefore + at, n))), n);
}

export function gruCellBackward(
  rows: usize, units: usize, carry: bool, gates: usize, candidate: usize, before: usize,
  gradBefore: usize, gradAfter: usize, gradGates: usize, gradRecurrent: usize,
): void {
  const block = 4 * units;
  for (let r: usize = 0; r < rows; r++) {
    let u: usize = 0;
    for (; u + 4 <= units; u += 4) gruCellBackwardAt(4 * u, 4, units, carry, gates, candidate, before, gradBefore, gradAfter, gradGates, gradRecurrent);
    if (u < units) gruCellBackwardAt(4 * u, units - u, units, carry, gates, candidate, before, gradBefore, gradAfter, gradGates, gradRecurrent);
    gates += 3 * block;
    gradGates += 3 * block;
    gradRecurrent += 3 * block;
    candidate += block;
    before += block;
    gradBefore += block;
    gradAfter += block;
  }
}

/** dz = dh · f′, from the state h after the step. */
export function rnnCellBackward(count: usize, relu: bool, hidden: usize, gradHidden: usize, gradGates: usize): void {
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < count; i += 4) {
    const n = count - i, at = 4 * i;
    const h = loadSome(hidden + at, n), dh = loadSome(gradHidden + at, n);
    storeSome(gradGates + at, flush(relu ? v128.and(dh, f32x4.gt(h, zero)) : f32x4.mul(dh, tanhSlope(h))), n);
  }
}

export function gruResetCell(rows: usize, units: usize, gates: usize, source: usize, resetHidden: usize): void {
  const block = 4 * units;
  for (let r: usize = 0; r < rows; r++) {
    for (let u: usize = 0; u < units; u += 4) {
      const n = units - u, at = 4 * u;
      const g = gates + at;
      const reset = sigmoid(loadSome(g + block, n));
      storeSome(g, sigmoid(loadSome(g, n)), n);
      storeSome(g + block, reset, n);
      storeSome(resetHidden + at, flush(f32x4.mul(reset, loadSome(source + at, n))), n);
    }
    gates += 3 * block;
    source += block;
    resetHidden += block;
  }
}

export function gruCandidateCell(rows: usize, units: usize, gates: usize, before: usize, after: usize): void {
  const block = 4 * units;
  for (let r: usize = 0; r < rows; r++) {
    for (let u: usize = 0; u < units; u += 4) {
      const n = units - u, at = 4 * u;
      const z = loadSome(gates + at, n), c = tanh(loadSome(gates + 2 * block + at, n));
      storeSome(gates + 2 * block + at, c, n);
      storeSome(after + at, flush(madd(z, f32x4.sub(loadSome(before + at, n), c), c)), n);
    }
    gates += 3 * block;
    before += block;
    after += block;
  }
}

export function gruCandidateCellBackward(
  rows: usize, units: usize, carry: bool, gates: usize, before: usize, gradBefore: usize, gradAfter: usize, gradGates: usize,
): void {
  const block = 4 * units;
  const one = f32x4.splat(1);
  for (let r: usize = 0; r < rows; r++) {
    for (let u: usize = 0; u < units; u += 4) {
      const n = units - u, at = 4 * u;
      const z = loadSome(gates + at, n), c = loadSome(gates + 2 * block + at, n), dh = loadSome(gradAfter + at, n);
      storeSome(gradGates + at, flush(f32x4.mul(f32x4.mul(dh, f32x4.sub(loadSome(before + at, n), c)), slope(z))), n);
      storeSome(gradGates + 2 * block + at, flush(f32x4.mul(f32x4.mul(dh, f32x4.sub(one, z)), tanhSlope(c))), n);
      if (carry) storeSome(gradBefore + at, flush(madd(dh, z, loadSome(gradBefore + at, n))), n);
    }
    gates += 3 * block;
    gradGates += 3 * block;
    before += block;
    gradBefore += block;
    gradAfter += block;
  }
}

export function gruResetCellBackward(
  rows: usize, units: usize, carry: bool, gates: usize, source: usize, gradReset: usize, gradSource: usize, gradGates: usize,
): void {
  const block = 4 * units;
  for (let r: usize = 0; r < rows; r++) {
    for (let u: usize = 0; u < units; u += 4) {
      const n = units - u, at = 4 * u;
      const reset = loadSome(gates + block + at, n), g = loadSome(gradReset + at, n);
      storeSome(gradGates + block + at, flush(f32x4.mul(f32x4.mul(g, loadSome(source + at, n)), slope(reset))), n);
      if (carry) storeSome(gradSource + at, flush(madd(g, reset, loadSome(gradSource + at, n))), n);
    }
    gates += 3 * block;
    gradGates += 3 * block;
    source += block;
    gradReset += block;
    gradSource += block;
  }
}
