/**
 * One time step of the LSTM and GRU cells, with the layouts of kernels/recurrent.ts. `row` and `stateRow` are already in the
 * addresses.
 */
import { loadSome, storeSome } from './elementwise';
import { gateSigmoid as sigmoid, tanh } from './math';
import { flush, madd, putPair } from './simd';

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

// Each cell is written twice: for pairs of vectors, and for up to four units at the end of a row. Hosts join pairs within a block
// of code only, so whether there are peepholes (`peeps`) is a constant where pairs are computed.

// @ts-ignore: decorator
@inline
function lstmPair(
  peeps: bool, at: usize, block: usize, gates: usize, active: usize, cellBefore: usize, cellAfter: usize, hidden: usize, peephole: usize,
): void {
  const inputs = gates + at, forgets = inputs + block, candidates = forgets + block, outputs = candidates + block;
  const before0 = v128.load(cellBefore + at), before1 = v128.load(cellBefore + at, 16);
  let zi0 = v128.load(inputs), zi1 = v128.load(inputs, 16), zf0 = v128.load(forgets), zf1 = v128.load(forgets, 16);
  let zo0 = v128.load(outputs), zo1 = v128.load(outputs, 16);
  const p = peephole + at;
  if (peeps) {
    zi0 = madd(v128.load(p), before0, zi0); zi1 = madd(v128.load(p, 16), before1, zi1);
    zf0 = madd(v128.load(p + block), before0, zf0); zf1 = madd(v128.load(p + block, 16), before1, zf1);
  }
  const i0 = sigmoid(zi0), i1 = sigmoid(zi1), f0 = sigmoid(zf0), f1 = sigmoid(zf1);
  const a0 = tanh(v128.load(candidates)), a1 = tanh(v128.load(candidates, 16));
  const c0 = flush(madd(f0, before0, f32x4.mul(i0, a0))), c1 = flush(madd(f1, before1, f32x4.mul(i1, a1)));
  if (peeps) {
    zo0 = madd(v128.load(p + 2 * block), c0, zo0);
    zo1 = madd(v128.load(p + 2 * block, 16), c1, zo1);
  }
  const o0 = sigmoid(zo0), o1 = sigmoid(zo1), t0 = tanh(c0), t1 = tanh(c1);
  const h0 = flush(f32x4.mul(o0, t0)), h1 = flush(f32x4.mul(o1, t1));
  putPair(inputs, i0, i1);
  putPair(forgets, f0, f1);
  putPair(candidates, a0, a1);
  putPair(outputs, o0, o1);
  putPair(cellAfter + at, c0, c1);
  putPair(active + at, t0, t1);
  putPair(hidden + at, h0, h1);
}

// @ts-ignore: decorator
@inline
function lstmRest(
  at: usize, n: usize, block: usize, gates: usize, active: usize, cellBefore: usize, cellAfter: usize, hidden: usize, peephole: usize,
): void {
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
    if (peephole) for (; u + 8 <= units; u += 8) lstmPair(true, 4 * u, block, gates, active, cellBefore, cellAfter, hidden, peephole);
    else for (; u + 8 <= units; u += 8) lstmPair(false, 4 * u, block, gates, active, cellBefore, cellAfter, hidden, 0);
    for (; u < units; u += 4) lstmRest(4 * u, units - u, block, gates, active, cellBefore, cellAfter, hidden, peephole);
    gates += 4 * block;
    active += block;
    cellBefore += block;
    cellAfter += block;
    hidden += block;
  }
}

// @ts-ignore: decorator
@inline
function lstmBackwardPair(
  peeps: bool, at: usize, block: usize, gates: usize, active: usize, cellBefore: usize, peephole: usize, gradHidden: usize, gradCell: usize, gradGates: usize,
): void {
  const inputs = gates + at, forgets = inputs + block, candidates = forgets + block, outputs = candidates + block, dg = gradGates + at;
  const i0 = v128.load(inputs), i1 = v128.load(inputs, 16), f0 = v128.load(forgets), f1 = v128.load(forgets, 16);
  const a0 = v128.load(candidates), a1 = v128.load(candidates, 16), o0 = v128.load(outputs), o1 = v128.load(outputs, 16);
  const t0 = v128.load(active + at), t1 = v128.load(active + at, 16), dh0 = v128.load(gradHidden + at), dh1 = v128.load(gradHidden + at, 16);
  const before0 = v128.load(cellBefore + at), before1 = v128.load(cellBefore + at, 16);
  const do0 = flush(f32x4.mul(f32x4.mul(dh0, t0), slope(o0))), do1 = flush(f32x4.mul(f32x4.mul(dh1, t1), slope(o1)));
  let dc0 = madd(f32x4.mul(dh0, o0), tanhSlope(t0), v128.load(gradCell + at)), dc1 = madd(f32x4.mul(dh1, o1), tanhSlope(t1), v128.load(gradCell + at, 16));
  const p = peephole + at;
  if (peeps) {
    dc0 = madd(do0, v128.load(p + 2 * block), dc0);
    dc1 = madd(do1, v128.load(p + 2 * block, 16), dc1);
  }
  const di0 = flush(f32x4.mul(f32x4.mul(dc0, a0), slope(i0))), di1 = flush(f32x4.mul(f32x4.mul(dc1, a1), slope(i1)));
  const df0 = flush(f32x4.mul(f32x4.mul(dc0, before0), slope(f0))), df1 = flush(f32x4.mul(f32x4.mul(dc1, before1), slope(f1)));
  const da0 = flush(f32x4.mul(f32x4.mul(dc0, i0), tanhSlope(a0))), da1 = flush(f32x4.mul(f32x4.mul(dc1, i1), tanhSlope(a1)));
  let carried0 = f32x4.mul(dc0, f0), carried1 = f32x4.mul(dc1, f1);
  if (peeps) {
    carried0 = madd(di0, v128.load(p), madd(df0, v128.load(p + block), carried0));
    carried1 = madd(di1, v128.load(p, 16), madd(df1, v128.load(p + block, 16), carried1));
  }
  const c0 = flush(carried0), c1 = flush(carried1);
  putPair(dg, di0, di1);
  putPair(dg + block, df0, df1);
  putPair(dg + 2 * block, da0, da1);
  putPair(dg + 3 * block, do0, do1);
  putPair(gradCell + at, c0, c1);
}

// @ts-ignore: decorator
@inline
function lstmBackwardRest(
  at: usize, n: usize, block: usize, gates: usize, active: usize, cellBefore: usize, peephole: usize, gradHidden: usize, gradCell: usize, gradGates: usize,
): void {
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
    if (peephole)
      for (; u + 8 <= units; u += 8) lstmBackwardPair(true, 4 * u, block, gates, active, cellBefore, peephole, gradHidden, gradCell, gradGates);
    else for (; u + 8 <= units; u += 8) lstmBackwardPair(false, 4 * u, block, gates, active, cellBefore, 0, gradHidden, gradCell, gradGates);
    for (; u < units; u += 4) lstmBackwardRest(4 * u, units - u, block, gates, active, cellBefore, peephole, gradHidden, gradCell, gradGates);
    gates += 4 * block;
    gradGates += 4 * block;
    active += block;
    cellBefore += block;
    gradHidden += block;
    gradCell += block;
  }
}

/** z · h₋₁ + (1 − z) · c. */
// @ts-ignore: decorator
@inline
function mixed(z: v128, before: v128, c: v128): v128 {
  return flush(madd(z, before, f32x4.mul(f32x4.sub(f32x4.splat(1), z), c)));
}

// @ts-ignore: decorator
@inline
function gruPair(at: usize, block: usize, gates: usize, recurrent: usize, candidate: usize, before: usize, after: usize): void {
  const updates = gates + at, resets = updates + block, candidates = resets + block, s = recurrent + at;
  const u0 = v128.load(s + 2 * block), u1 = v128.load(s + 2 * block, 16);
  const z0 = sigmoid(f32x4.add(v128.load(updates), v128.load(s))), z1 = sigmoid(f32x4.add(v128.load(updates, 16), v128.load(s, 16)));
  const r0 = sigmoid(f32x4.add(v128.load(resets), v128.load(s + block))), r1 = sigmoid(f32x4.add(v128.load(resets, 16), v128.load(s + block, 16)));
  const c0 = tanh(madd(r0, u0, v128.load(candidates))), c1 = tanh(madd(r1, u1, v128.load(candidates, 16)));
  const h0 = mixed(z0, v128.load(before + at), c0), h1 = mixed(z1, v128.load(before + at, 16), c1);
  putPair(updates, z0, z1);
  putPair(resets, r0, r1);
  putPair(candidates, c0, c1);
  putPair(candidate + at, u0, u1);
  putPair(after + at, h0, h1);
}

// @ts-ignore: decorator
@inline
function gruRest(
  at: usize, n: usize, block: usize, gates: usize, recurrent: usize, candidate: usize, before: usize, after: usize,
): void {
  const g = gates + at, s = recurrent + at;
  const fromHidden = loadSome(s + 2 * block, n);
  const z = sigmoid(f32x4.add(loadSome(g, n), loadSome(s, n)));
  const reset = sigmoid(f32x4.add(loadSome(g + block, n), loadSome(s + block, n)));
  const c = tanh(madd(reset, fromHidden, loadSome(g + 2 * block, n)));
  storeSome(g, z, n);
  storeSome(g + block, reset, n);
  storeSome(g + 2 * block, c, n);
  storeSome(candidate + at, fromHidden, n);
  storeSome(after + at, mixed(z, loadSome(before + at, n), c), n);
}

export function gruCell(rows: usize, units: usize, gates: usize, recurrent: usize, candidate: usize, before: usize, after: usize): void {
  const block = 4 * units;
  for (let r: usize = 0; r < rows; r++) {
    let u: usize = 0;
    for (; u + 8 <= units; u += 8) gruPair(4 * u, block, gates, recurrent, candidate, before, after);
    for (; u < units; u += 4) gruRest(4 * u, units - u, block, gates, recurrent, candidate, before, after);
    gates += 3 * block;
    recurrent += 3 * block;
    candidate += block;
    before += block;
    after += block;
  }
}

// @ts-ignore: decorator
@inline
function updateGradient(dh: v128, before: v128, c: v128, z: v128): v128 {
  return flush(f32x4.mul(f32x4.mul(dh, f32x4.sub(before, c)), slope(z)));
}

// @ts-ignore: decorator
@inline
function candidateGradient(dh: v128, z: v128, c: v128): v128 {
  return flush(f32x4.mul(f32x4.mul(dh, f32x4.sub(f32x4.splat(1), z)), tanhSlope(c)));
}

// @ts-ignore: decorator
@inline
function gruBackwardPair(
  at: usize, block: usize, carry: bool, gates: usize, candidate: usize, before: usize, gradBefore: usize, gradAfter: usize, gradGates: usize, gradRecurrent: usize,
): void {
  const updates = gates + at, resets = updates + block, candidates = resets + block, dg = gradGates + at, dr = gradRecurrent + at;
  const z0 = v128.load(updates), z1 = v128.load(updates, 16), r0 = v128.load(resets), r1 = v128.load(resets, 16);
  const c0 = v128.load(candidates), c1 = v128.load(candidates, 16), dh0 = v128.load(gradAfter + at), dh1 = v128.load(gradAfter + at, 16);
  const dz0 = updateGradient(dh0, v128.load(before + at), c0, z0), dz1 = updateGradient(dh1, v128.load(before + at, 16), c1, z1);
  const dc0 = candidateGradient(dh0, z0, c0), dc1 = candidateGradient(dh1, z1, c1);
  const dr0 = flush(f32x4.mul(f32x4.mul(dc0, v128.load(candidate + at)), slope(r0))), dr1 = flush(f32x4.mul(f32x4.mul(dc1, v128.load(candidate + at, 16)), slope(r1)));
  const du0 = flush(f32x4.mul(dc0, r0)), du1 = flush(f32x4.mul(dc1, r1));
  const to = gradBefore + at;
  if (carry) {
    const carried0 = madd(dh0, z0, v128.load(to)), carried1 = madd(dh1, z1, v128.load(to, 16));
    putPair(to, flush(carried0), flush(carried1));
  }
  putPair(dg, dz0, dz1);
  putPair(dg + block, dr0, dr1);
  putPair(dg + 2 * block, dc0, dc1);
  putPair(dr, dz0, dz1);
  putPair(dr + block, dr0, dr1);
  putPair(dr + 2 * block, du0, du1);
}

// @ts-ignore: decorator
@inline
function gruBackwardRest(
  at: usize, n: usize, block: usize, carry: bool, gates: usize, candidate: usize, before: usize, gradBefore: usize, gradAfter: usize, gradGates: usize, gradRecurrent: usize,
): void {
  const g = gates + at, dg = gradGates + at, dr = gradRecurrent + at;
  const z = loadSome(g, n), reset = loadSome(g + block, n), c = loadSome(g + 2 * block, n);
  const dh = loadSome(gradAfter + at, n);
  const dUpdate = updateGradient(dh, loadSome(before + at, n), c, z), dCandidate = candidateGradient(dh, z, c);
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
    for (; u + 8 <= units; u += 8) gruBackwardPair(4 * u, block, carry, gates, candidate, before, gradBefore, gradAfter, gradGates, gradRecurrent);
    for (; u < units; u += 4) gruBackwardRest(4 * u, units - u, block, carry, gates, candidate, before, gradBefore, gradAfter, gradGates, gradRecurrent);
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
