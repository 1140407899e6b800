/** One pass over a tensor for all of its statistics; sums in float64 over blocks, so that long tensors keep their digits. */
import { loadSome, storeSome } from './elementwise';
import { madd, sumLanes } from './simd';

/** Elements whose sums are kept in float32. */
const BLOCK: usize = 1024;

/** Values are squared 2³² times as large: the squares of vanishing gradients would leave float32 at its lower end. */
const SCALE: f32 = 4294967296;
const SQUARE_SCALE: f64 = 1 / (4294967296.0 * 4294967296.0);

// @ts-ignore: decorator
@inline
function addSquare(v: v128, scale: v128, sum: v128): v128 {
  const large = f32x4.mul(v, scale);
  return madd(large, large, sum);
}

/** Writes count, sum, sum of squares, least, largest, zeros, below, above, not finite as float64. Only finite values enter the sums. */
export function moments(count: usize, x: usize, low: f32, high: f32, out: usize): void {
  const whole = count & ~3;
  // Most layers have no rails, and counting what lies beyond them is half of the work.
  if (low == f32.NEGATIVE_INFINITY && high == f32.POSITIVE_INFINITY) measurePlain(whole, x, out);
  else measureRailed(whole, x, low, high, out);
  if (whole < count) addSingly(count - whole, x + 4 * whole, low, high, out);
  store<f64>(out, <f64>count);
}

// Two functions, or the compiler folds them into one that asks about rails at every turn.
function measurePlain(count: usize, x: usize, out: usize): void {
  measure(false, count, x, f32.NEGATIVE_INFINITY, f32.POSITIVE_INFINITY, out);
}

function measureRailed(count: usize, x: usize, low: f32, high: f32, out: usize): void {
  measure(true, count, x, low, high, out);
}

/** The moments of whole vectors. Trusts that all is finite, and goes through it singly when the squares tell otherwise. */
// @ts-ignore: decorator
@inline
function measure(rails: bool, count: usize, x: usize, low: f32, high: f32, out: usize): void {
  let sum: f64 = 0, squares: f64 = 0;
  const zero = f32x4.splat(0), scale = f32x4.splat(SCALE);
  const lows = f32x4.splat(low), highs = f32x4.splat(high);
  // Two of each, as one addition waits for the last.
  let leastEven = f32x4.splat(f32.POSITIVE_INFINITY), leastOdd = leastEven;
  let largestEven = f32x4.splat(f32.NEGATIVE_INFINITY), largestOdd = largestEven;
  let zeros = zero, below = zero, above = zero;
  let i: usize = 0;
  const pairs = count & ~7;
  while (i < pairs) {
    const end = min(pairs, i + BLOCK);
    let sumEven = zero, sumOdd = zero, squaresEven = zero, squaresOdd = zero;
    for (; i < end; i += 8) {
      const v = v128.load(x + 4 * i), w = v128.load(x + 4 * i, 16);
      sumEven = f32x4.add(sumEven, v);
      sumOdd = f32x4.add(sumOdd, w);
      squaresEven = addSquare(v, scale, squaresEven);
      squaresOdd = addSquare(w, scale, squaresOdd);
      leastEven = f32x4.pmin(v, leastEven);
      leastOdd = f32x4.pmin(w, leastOdd);
      largestEven = f32x4.pmax(v, largestEven);
      largestOdd = f32x4.pmax(w, largestOdd);
      zeros = i32x4.sub(zeros, i32x4.add(f32x4.eq(v, zero), f32x4.eq(w, zero)));
      if (rails) {
        below = i32x4.sub(below, i32x4.add(f32x4.lt(v, lows), f32x4.lt(w, lows)));
        above = i32x4.sub(above, i32x4.add(f32x4.gt(v, highs), f32x4.gt(w, highs)));
      }
    }
    sum += <f64>sumLanes(f32x4.add(sumEven, sumOdd));
    squares += <f64>sumLanes(f32x4.add(squaresEven, squaresOdd));
  }
  if (i < count) {
    const v = v128.load(x + 4 * i);
    sum += <f64>sumLanes(v);
    squares += <f64>sumLanes(addSquare(v, scale, zero));
    leastEven = f32x4.pmin(v, leastEven);
    largestEven = f32x4.pmax(v, largestEven);
    zeros = i32x4.sub(zeros, f32x4.eq(v, zero));
    if (rails) {
      below = i32x4.sub(below, f32x4.lt(v, lows));
      above = i32x4.sub(above, f32x4.gt(v, highs));
    }
  }
  const finite = squares - squares == 0;
  store<f64>(out, finite ? sum : 0, 8);
  store<f64>(out, finite ? squares * SQUARE_SCALE : 0, 16);
  store<f64>(out, finite ? <f64>leastLane(f32x4.pmin(leastEven, leastOdd)) : f64.POSITIVE_INFINITY, 24);
  store<f64>(out, finite ? <f64>largestLane(f32x4.pmax(largestEven, largestOdd)) : f64.NEGATIVE_INFINITY, 32);
  store<f64>(out, finite ? <f64>countLanes(zeros) : 0, 40);
  store<f64>(out, rails && finite ? <f64>countLanes(below) : 0, 48);
  store<f64>(out, rails && finite ? <f64>countLanes(above) : 0, 56);
  store<f64>(out, 0, 64);
  if (!finite) addSingly(count, x, low, high, out);
}

/** Adds one value after the other to the record: what is not finite is counted, and squares may leave float32. */
function addSingly(count: usize, x: usize, low: f32, high: f32, out: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const v = load<f32>(x + 4 * i), wide = <f64>v;
    if (v - v != 0) {
      addTo(out + 64, 1);
      continue;
    }
    addTo(out + 8, wide);
    addTo(out + 16, wide * wide);
    if (wide < load<f64>(out, 24)) store<f64>(out, wide, 24);
    if (wide > load<f64>(out, 32)) store<f64>(out, wide, 32);
    if (v == 0) addTo(out + 40, 1);
    if (v < low) addTo(out + 48, 1);
    if (v > high) addTo(out + 56, 1);
  }
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, value: f64): void {
  store<f64>(at, load<f64>(at) + value);
}

// @ts-ignore: decorator
@inline
function leastLane(v: v128): f32 {
  const pair = f32x4.pmin(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmin(pair, v128.shuffle<f32>(pair, pair, 1, 0, 3, 2)), 0);
}

// @ts-ignore: decorator
@inline
function largestLane(v: v128): f32 {
  const pair = f32x4.pmax(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(pair, v128.shuffle<f32>(pair, pair, 1, 0, 3, 2)), 0);
}

// @ts-ignore: decorator
@inline
function countLanes(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

/** Σ x², in float64 over blocks; NaN or infinite when any element is, or when a square leaves float32. */
export function sumOfSquares(count: usize, x: usize): f64 {
  let total: f64 = 0;
  let i: usize = 0;
  const scale = f32x4.splat(SCALE);
  const whole = count & ~15;
  while (i < whole) {
    const end = min(whole, i + BLOCK);
    // Four sums, as one multiply-add waits for the last.
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (; i < end; i += 16) {
      const at = x + 4 * i;
      const v0 = v128.load(at), v1 = v128.load(at, 16), v2 = v128.load(at, 32), v3 = v128.load(at, 48);
      s0 = addSquare(v0, scale, s0);
      s1 = addSquare(v1, scale, s1);
      s2 = addSquare(v2, scale, s2);
      s3 = addSquare(v3, scale, s3);
    }
    total += <f64>sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  }
  if (i + 4 <= count) {
    let s = f32x4.splat(0);
    for (; i + 4 <= count; i += 4) {
      const v = v128.load(x + 4 * i);
      s = addSquare(v, scale, s);
    }
    total += <f64>sumLanes(s);
  }
  total *= SQUARE_SCALE;
  for (; i < count; i++) total += <f64>load<f32>(x + 4 * i) * <f64>load<f32>(x + 4 * i);
  return total;
}

/**
 * For each of `segments` pairs (start, count) in `table`, cut out of the ranges w, before and g: writes Σ g², Σ before²
 * and Σ (w − before)² as float64.
 */
export function measureUpdate(segments: usize, table: usize, w: usize, before: usize, g: usize, out: usize): void {
  for (; segments > 0; segments--) {
    const from = 4 * <usize>load<u32>(table);
    measureSegment(<usize>load<u32>(table, 4), w + from, before + from, g + from, out);
    table += 8;
    out += 24;
  }
}

function measureSegment(count: usize, w: usize, before: usize, g: usize, out: usize): void {
  let gradient: f64 = 0, parameters: f64 = 0, change: f64 = 0;
  const zero = f32x4.splat(0), scale = f32x4.splat(SCALE);
  const whole = count & ~7;
  let i: usize = 0;
  while (i < whole) {
    const end = min(whole, i + BLOCK);
    let gEven = zero, gOdd = zero, bEven = zero, bOdd = zero, dEven = zero, dOdd = zero;
    for (; i < end; i += 8) {
      const at = 4 * i;
      const g0 = v128.load(g + at), g1 = v128.load(g + at, 16);
      const b0 = v128.load(before + at), b1 = v128.load(before + at, 16);
      const d0 = f32x4.sub(v128.load(w + at), b0), d1 = f32x4.sub(v128.load(w + at, 16), b1);
      gEven = addSquare(g0, scale, gEven);
      gOdd = addSquare(g1, scale, gOdd);
      bEven = madd(b0, b0, bEven);
      bOdd = madd(b1, b1, bOdd);
      dEven = addSquare(d0, scale, dEven);
      dOdd = addSquare(d1, scale, dOdd);
    }
    gradient += <f64>sumLanes(f32x4.add(gEven, gOdd));
    parameters += <f64>sumLanes(f32x4.add(bEven, bOdd));
    change += <f64>sumLanes(f32x4.add(dEven, dOdd));
  }
  gradient *= SQUARE_SCALE;
  change *= SQUARE_SCALE;
  for (; i < count; i++) {
    const slope = <f64>load<f32>(g + 4 * i), b = <f64>load<f32>(before + 4 * i), d = <f64>load<f32>(w + 4 * i) - b;
    gradient += slope * slope;
    parameters += b * b;
    change += d * d;
  }
  store<f64>(out, gradient);
  store<f64>(out, parameters, 8);
  store<f64>(out, change, 16);
}

/** Adds to the two float64 at `out` how many elements of x [rows, columns], rows `step` bytes apart, are below low and above high. */
export function countBeyond(rows: usize, columns: usize, x: usize, step: usize, low: f32, high: f32, out: usize): void {
  const lows = f32x4.splat(low), highs = f32x4.splat(high);
  let below = i32x4.splat(0), above = below;
  let belowSingly = 0, aboveSingly = 0;
  for (; rows > 0; rows--) {
    let c: usize = 0;
    for (; c + 4 <= columns; c += 4) {
      const v = v128.load(x + 4 * c);
      below = i32x4.sub(below, f32x4.lt(v, lows));
      above = i32x4.sub(above, f32x4.gt(v, highs));
    }
    for (; c < columns; c++) {
      const v = load<f32>(x + 4 * c);
      belowSingly += i32(v < low);
      aboveSingly += i32(v > high);
    }
    x += step;
  }
  addTo(out, <f64>(countLanes(below) + belowSingly));
  addTo(out + 8, <f64>(countLanes(above) + aboveSingly));
}

/** Sets positive[c] to 1 for each column that is somewhere above zero; columns already marked are passed over. */
export function markPositive(rows: usize, columns: usize, x: usize, positive: usize): void {
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  for (let c: usize = 0; c < columns; c += 4) {
    const n = columns - c;
    let found = f32x4.gt(loadSome(positive + 4 * c, n), zero);
    // Lanes past the last column count as found, so that they hold nothing up.
    if (n < 4) found = v128.or(found, i32x4.ge_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>n)));
    let at = x + 4 * c;
    for (let r: usize = 0; r < rows && !v128.all_true<i32>(found); r++) {
      found = v128.or(found, f32x4.gt(loadSome(at, n), zero));
      at += 4 * columns;
    }
    storeSome(positive + 4 * c, v128.and(found, one), n);
  }
}
