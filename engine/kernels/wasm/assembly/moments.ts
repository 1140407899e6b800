/**
 * One pass over a tensor for all of its moments. Sums are relative to a value close to the mean, in float32 for a block and in
 * float64 over blocks. So they keep float32's digits, however many values there are and however far from zero. Short tensors are
 * summed in float64 alone: they are too short for the work at the end of a block.
 */
import { loadSome } from './elementwise';
import {
  addTo, countLanes, countOfEach, extremeLanes, FEW, largestLane, leastLane, maddDouble, promoteHigh, promoteLow, sumDoubleLanes, sumPairAt,
} from './lanes';
import { madd, putPair } from './simd';

/** Elements whose sums stay in float32: 64 in each lane. */
const BLOCK: usize = 512;

// What a block leaves at `sums`, in pairs of vectors (`putPair`): its own sums, and what is kept over all blocks.
const SQUARES: usize = 32;
const LEAST: usize = 96;
const LARGEST: usize = 128;
const ZEROS: usize = 160;
const BELOW: usize = 192;
const ABOVE: usize = 224;

/** Deviations of at least this share of the squares that they are left of keep float32's digits. */
const LEAST_SPREAD: f64 = 0.25;
/** Mean squares from which float32 holds all squares that count: 2⁻¹⁰⁰. */
const LEAST_SQUARE: f64 = 7.888609052210118e-31;

/**
 * Writes as float64: count, mean, Σ (x − mean)², least, largest, and the numbers of zeros, of values below and above the bounds,
 * and of values that are not finite. Mean, deviations, least and largest are of the finite values. `sums`: 256 bytes to work with.
 */
export function moments(count: usize, x: usize, low: f32, high: f32, out: usize, sums: usize): void {
  if (count <= FEW && momentsOfFew(count, x, low, high, out)) return;
  if (!momentsAbout(guess(count, x), count, x, low, high, out, sums)) momentsAbout(<f32>load<f64>(out, 8), count, x, low, high, out, sums);
}

/**
 * The same for a few values in float64, whose digits are enough for sums relative to any of the values. Returns false for no
 * values, and if a value is not finite.
 */
// @ts-ignore: decorator
@inline
export function momentsOfFew(count: usize, x: usize, low: f32, high: f32, out: usize): bool {
  if (count == 0) return false;
  const first = load<f32>(x), start = f32x4.splat(first), origin = f64x2.splat(<f64>first);
  const lows = f32x4.splat(low), highs = f32x4.splat(high), zero = f32x4.splat(0);
  let sums = f64x2.splat(0), squares = sums, least = start, largest = start, zeros = i32x4.splat(0), below = zeros, above = zeros, past = zeros;
  if ((count & 3) != 0) {
    // Lanes past the end contain the first value, which changes no sum, and is not counted there.
    past = i32x4.ge_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>(count & 3)));
    zeros = v128.and(past, f32x4.eq(start, zero));
    below = v128.and(past, f32x4.lt(start, lows));
    above = v128.and(past, f32x4.gt(start, highs));
  }
  for (const end = x + 4 * count; x < end; x += 16) {
    const v = x + 16 <= end ? v128.load(x) : v128.bitselect(start, loadSome(x, (end - x) >> 2), past);
    const d0 = f64x2.sub(promoteLow(v), origin), d1 = f64x2.sub(promoteHigh(v), origin);
    sums = f64x2.add(sums, f64x2.add(d0, d1));
    squares = f64x2.add(squares, maddDouble(d0, d0, f64x2.mul(d1, d1)));
    least = f32x4.pmin(v, least);
    largest = f32x4.pmax(v, largest);
    zeros = i32x4.sub(zeros, f32x4.eq(v, zero));
    below = i32x4.sub(below, f32x4.lt(v, lows));
    above = i32x4.sub(above, f32x4.gt(v, highs));
  }
  const sum = sumDoubleLanes(sums), square = sumDoubleLanes(squares);
  if (square - square != 0) return false;
  const from = sum / <f64>count, spread = square - sum * from;
  store<f64>(out, <f64>count);
  store<f64>(out, <f64>first + from, 8);
  store<f64>(out, spread > 0 ? spread : 0, 16);
  v128.store(out, extremeLanes(least, largest), 24);
  const counts = countOfEach(zeros, below, above);
  v128.store(out, f64x2.convert_low_i32x4_s(counts), 40);
  v128.store(out, f64x2.convert_low_i32x4_s(v128.shuffle<i32>(counts, counts, 2, 3, 2, 3)), 56);
  return true;
}

// @ts-ignore: decorator
@inline
function isBounded(low: f32, high: f32): bool {
  return low != f32.NEGATIVE_INFINITY || high != f32.POSITIVE_INFINITY;
}

/** The mean of four of the values. */
function guess(count: usize, x: usize): f32 {
  if (count == 0) return 0;
  const quarter = count >> 2;
  const sum = (load<f32>(x) + load<f32>(x + 4 * quarter)) + (load<f32>(x + 8 * quarter) + load<f32>(x + 12 * quarter));
  return sum - sum == 0 ? 0.25 * sum : 0;
}

/** Returns whether `shift` was close enough to the mean for all digits. */
function momentsAbout(shift: f32, count: usize, x: usize, low: f32, high: f32, out: usize, sums: usize): bool {
  const whole = count & ~15;
  if (!addBlocks(whole, x, shift, low, high, out, sums)) {
    clear(out);
    addSingly(whole, x, shift, low, high, out);
  }
  addSingly(count - whole, x + 4 * whole, shift, low, high, out);
  const finite = <f64>count - load<f64>(out, 64);
  const sum = load<f64>(out, 8), squares = load<f64>(out, 16);
  const from = finite > 0 ? sum / finite : 0, between = sum * from;
  store<f64>(out, <f64>count);
  store<f64>(out, finite > 0 ? <f64>shift + from : 0, 8);
  store<f64>(out, max<f64>(0, squares - between), 16);
  return squares - between >= LEAST_SPREAD * between;
}

/** The record of no values. */
function clear(out: usize): void {
  const zero = f64x2.splat(0);
  v128.store(out, zero);
  store<f64>(out, 0, 16);
  store<f64>(out, f64.POSITIVE_INFINITY, 24);
  store<f64>(out, f64.NEGATIVE_INFINITY, 32);
  v128.store(out, zero, 40);
  v128.store(out, zero, 56);
}

/** Writes the record of `count` values, a multiple of 16. Returns whether float32 holds their squares. */
function addBlocks(count: usize, x: usize, shift: f32, low: f32, high: f32, out: usize, sums: usize): bool {
  clear(out);
  if (count == 0) return true;
  putPair(sums + LEAST, f32x4.splat(f32.POSITIVE_INFINITY), f32x4.splat(f32.POSITIVE_INFINITY));
  putPair(sums + LARGEST, f32x4.splat(f32.NEGATIVE_INFINITY), f32x4.splat(f32.NEGATIVE_INFINITY));
  let sum = f64x2.splat(0), squares = sum;
  putPair(sums + ZEROS, sum, sum);
  putPair(sums + BELOW, sum, sum);
  putPair(sums + ABOVE, sum, sum);
  // Most layers have no saturation bounds.
  const bounded = isBounded(low, high);
  for (let i: usize = 0; i < count; i += BLOCK) {
    const some = min(count - i, BLOCK);
    if (bounded) addBounded(some, x + 4 * i, shift, low, high, sums);
    else addPlain(some, x + 4 * i, shift, sums);
    sum = f64x2.add(sum, sumPairAt(sums));
    squares = f64x2.add(squares, f64x2.add(sumPairAt(sums + SQUARES), sumPairAt(sums + SQUARES + 32)));
  }
  const all = sumDoubleLanes(squares);
  const least = leastLane(f32x4.pmin(v128.load(sums, LEAST), v128.load(sums, LEAST + 16)));
  const largest = largestLane(f32x4.pmax(v128.load(sums, LARGEST), v128.load(sums, LARGEST + 16)));
  if (all - all != 0 || (all < LEAST_SQUARE * <f64>count && least != largest)) return false;
  store<f64>(out, sumDoubleLanes(sum), 8);
  store<f64>(out, all, 16);
  store<f64>(out, <f64>least, 24);
  store<f64>(out, <f64>largest, 32);
  store<f64>(out, <f64>countAt(sums + ZEROS), 40);
  store<f64>(out, <f64>countAt(sums + BELOW), 48);
  store<f64>(out, <f64>countAt(sums + ABOVE), 56);
  return true;
}

// @ts-ignore: decorator
@inline
function countAt(counts: usize): i32 {
  return countLanes(i32x4.add(v128.load(counts), v128.load(counts, 16)));
}

// Two functions; otherwise the compiler folds them into one that compares with bounds in every iteration.
function addPlain(count: usize, x: usize, shift: f32, sums: usize): void {
  addBlock(false, count, x, shift, f32.NEGATIVE_INFINITY, f32.POSITIVE_INFINITY, sums);
}

function addBounded(count: usize, x: usize, shift: f32, low: f32, high: f32, sums: usize): void {
  addBlock(true, count, x, shift, low, high, sums);
}

// @ts-ignore: decorator
@inline
function addBlock(bounded: bool, count: usize, x: usize, shift: f32, low: f32, high: f32, sums: usize): void {
  const zero = f32x4.splat(0), origin = f32x4.splat(shift);
  const lows = f32x4.splat(low), highs = f32x4.splat(high);
  let s0 = zero, s1 = zero;
  // Twice as many, because a multiply-add takes longer than an addition.
  let q0 = zero, q1 = zero, q2 = zero, q3 = zero;
  let least0 = v128.load(sums, LEAST), least1 = v128.load(sums, LEAST + 16);
  let largest0 = v128.load(sums, LARGEST), largest1 = v128.load(sums, LARGEST + 16);
  let zeros0 = v128.load(sums, ZEROS), zeros1 = v128.load(sums, ZEROS + 16);
  let below0 = v128.load(sums, BELOW), below1 = v128.load(sums, BELOW + 16);
  let above0 = v128.load(sums, ABOVE), above1 = v128.load(sums, ABOVE + 16);
  for (const end = x + 4 * count; x < end; x += 64) {
    const v0 = v128.load(x), v1 = v128.load(x, 16), v2 = v128.load(x, 32), v3 = v128.load(x, 48);
    const d0 = f32x4.sub(v0, origin), d1 = f32x4.sub(v1, origin), d2 = f32x4.sub(v2, origin), d3 = f32x4.sub(v3, origin);
    // Each sum and extreme waits for the previous one once in an iteration, not once for each vector.
    s0 = f32x4.add(s0, f32x4.add(d0, d2));
    s1 = f32x4.add(s1, f32x4.add(d1, d3));
    q0 = madd(d0, d0, q0);
    q1 = madd(d1, d1, q1);
    q2 = madd(d2, d2, q2);
    q3 = madd(d3, d3, q3);
    least0 = f32x4.pmin(f32x4.pmin(v2, v0), least0);
    least1 = f32x4.pmin(f32x4.pmin(v3, v1), least1);
    largest0 = f32x4.pmax(f32x4.pmax(v2, v0), largest0);
    largest1 = f32x4.pmax(f32x4.pmax(v3, v1), largest1);
    zeros0 = i32x4.sub(i32x4.sub(zeros0, f32x4.eq(v0, zero)), f32x4.eq(v2, zero));
    zeros1 = i32x4.sub(i32x4.sub(zeros1, f32x4.eq(v1, zero)), f32x4.eq(v3, zero));
    if (bounded) {
      below0 = i32x4.sub(i32x4.sub(below0, f32x4.lt(v0, lows)), f32x4.lt(v2, lows));
      below1 = i32x4.sub(i32x4.sub(below1, f32x4.lt(v1, lows)), f32x4.lt(v3, lows));
      above0 = i32x4.sub(i32x4.sub(above0, f32x4.gt(v0, highs)), f32x4.gt(v2, highs));
      above1 = i32x4.sub(i32x4.sub(above1, f32x4.gt(v1, highs)), f32x4.gt(v3, highs));
    }
  }
  // One base and constant offsets 16 apart, so that hosts of the wide build join each pair.
  v128.store(sums, s0); v128.store(sums, s1, 16);
  v128.store(sums, q0, SQUARES); v128.store(sums, q1, SQUARES + 16);
  v128.store(sums, q2, SQUARES + 32); v128.store(sums, q3, SQUARES + 48);
  v128.store(sums, least0, LEAST); v128.store(sums, least1, LEAST + 16);
  v128.store(sums, largest0, LARGEST); v128.store(sums, largest1, LARGEST + 16);
  v128.store(sums, zeros0, ZEROS); v128.store(sums, zeros1, ZEROS + 16);
  if (!bounded) return;
  v128.store(sums, below0, BELOW); v128.store(sums, below1, BELOW + 16);
  v128.store(sums, above0, ABOVE); v128.store(sums, above1, ABOVE + 16);
}

/** Adds one value after the other to the record, in float64. Values that are not finite are only counted. */
function addSingly(count: usize, x: usize, shift: f32, low: f32, high: f32, out: usize): void {
  if (count == 0) return;
  let sum: f64 = 0, squares: f64 = 0, least = load<f64>(out, 24), largest = load<f64>(out, 32);
  let zeros = 0, below = 0, above = 0, notFinite = 0;
  for (const end = x + 4 * count; x < end; x += 4) {
    const v = load<f32>(x), wide = <f64>v, from = wide - <f64>shift;
    if (v - v != 0) {
      notFinite++;
      continue;
    }
    sum += from;
    squares += from * from;
    least = wide < least ? wide : least;
    largest = wide > largest ? wide : largest;
    zeros += i32(v == 0);
    below += i32(v < low);
    above += i32(v > high);
  }
  addTo(out + 8, sum);
  addTo(out + 16, squares);
  store<f64>(out, least, 24);
  store<f64>(out, largest, 32);
  addTo(out + 40, <f64>zeros);
  addTo(out + 48, <f64>below);
  addTo(out + 56, <f64>above);
  addTo(out + 64, <f64>notFinite);
}
