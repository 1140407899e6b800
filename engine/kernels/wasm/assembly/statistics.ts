/**
 * One pass over a tensor for all of its statistics. Sums are float64: float32 loses the spread of values far from zero, and can
 * represent neither the squares of large gradients nor those of vanishing ones.
 */
import { loadSome, storeSome } from './elementwise';
import { madd, sumLanes } from './simd';

/**
 * Writes as float64: count, mean, Σ (x − mean)², least, largest, and the numbers of zeros, of values below and above the bounds,
 * and of values that are not finite. Mean, deviations, least and largest are of the finite values.
 */
export function moments(count: usize, x: usize, low: f32, high: f32, out: usize): void {
  // Relative to zero first, which takes no subtractions. It keeps the digits unless values are far from zero in relation to their
  // spread.
  momentsAbout(0, count, x, low, high, out);
  const finite = <f64>count - load<f64>(out, 64);
  if (load<f64>(out, 16) < LEAST_SPREAD * finite * load<f64>(out, 8) * load<f64>(out, 8))
    momentsAbout(firstFinite(count, x), count, x, low, high, out);
}

/** Deviations of at least this share of the squares of the mean lose two of float64's sixteen digits. */
const LEAST_SPREAD: f64 = 1 / 64.0;

function momentsAbout(shift: f64, count: usize, x: usize, low: f32, high: f32, out: usize): void {
  const whole = count & ~7;
  // Most layers have no saturation bounds, and counting values beyond them is half of the work.
  if (low == f32.NEGATIVE_INFINITY && high == f32.POSITIVE_INFINITY) {
    if (shift == 0) measurePlain(whole, x, out);
    else measureShifted(whole, x, shift, out);
  } else if (shift == 0) measureRailed(whole, x, low, high, out);
  else measureShiftedRailed(whole, x, shift, low, high, out);
  addSingly(count - whole, x + 4 * whole, shift, low, high, out);
  const finite = <f64>count - load<f64>(out, 64);
  const sum = load<f64>(out, 8), squares = load<f64>(out, 16);
  store<f64>(out, <f64>count);
  store<f64>(out, finite > 0 ? shift + sum / finite : 0, 8);
  store<f64>(out, finite > 0 ? max<f64>(0, squares - sum * sum / finite) : 0, 16);
}

/**
 * The value to which sums are relative if values are far from zero. It is one of the measured values, so the deviations are at
 * least 1/count of the subtracted correction: float64 keeps their digits however far from zero they are.
 */
function firstFinite(count: usize, x: usize): f64 {
  for (const end = x + 4 * count; x < end; x += 4) {
    const v = load<f32>(x);
    if (v - v == 0) return <f64>v;
  }
  return 0;
}

// Four functions; otherwise the compiler folds them into one that checks bounds and shift in every iteration.
function measurePlain(count: usize, x: usize, out: usize): void {
  measure(false, false, count, x, 0, f32.NEGATIVE_INFINITY, f32.POSITIVE_INFINITY, out);
}

function measureShifted(count: usize, x: usize, shift: f64, out: usize): void {
  measure(true, false, count, x, shift, f32.NEGATIVE_INFINITY, f32.POSITIVE_INFINITY, out);
}

function measureRailed(count: usize, x: usize, low: f32, high: f32, out: usize): void {
  measure(false, true, count, x, 0, low, high, out);
}

function measureShiftedRailed(count: usize, x: usize, shift: f64, low: f32, high: f32, out: usize): void {
  measure(true, true, count, x, shift, low, high, out);
}

/**
 * The moments of whole pairs of vectors, relative to `shift`. Expects all values to be finite; otherwise goes through them one by
 * one.
 */
// @ts-ignore: decorator
@inline
function measure(shifts: bool, rails: bool, count: usize, x: usize, shift: f64, low: f32, high: f32, out: usize): void {
  const zero = f32x4.splat(0), origin = f64x2.splat(shift);
  const lows = f32x4.splat(low), highs = f32x4.splat(high);
  // Two of each, because an addition waits for the previous one.
  let sumEven = f64x2.splat(0), sumOdd = sumEven, squaresEven = sumEven, squaresOdd = sumEven;
  let leastEven = f32x4.splat(f32.POSITIVE_INFINITY), leastOdd = leastEven;
  let largestEven = f32x4.splat(f32.NEGATIVE_INFINITY), largestOdd = largestEven;
  let zeros = zero, below = zero, above = zero;
  for (let i: usize = 0; i < count; i += 8) {
    const v = v128.load(x + 4 * i), w = v128.load(x + 4 * i, 16);
    let v0 = f64x2.promote_low_f32x4(v), v1 = f64x2.promote_low_f32x4(upper(v));
    let w0 = f64x2.promote_low_f32x4(w), w1 = f64x2.promote_low_f32x4(upper(w));
    if (shifts) {
      v0 = f64x2.sub(v0, origin);
      v1 = f64x2.sub(v1, origin);
      w0 = f64x2.sub(w0, origin);
      w1 = f64x2.sub(w1, origin);
    }
    sumEven = f64x2.add(sumEven, f64x2.add(v0, v1));
    sumOdd = f64x2.add(sumOdd, f64x2.add(w0, w1));
    squaresEven = f64x2.add(squaresEven, maddDouble(v0, v0, f64x2.mul(v1, v1)));
    squaresOdd = f64x2.add(squaresOdd, maddDouble(w0, w0, f64x2.mul(w1, w1)));
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
  const squares = sumDoubleLanes(f64x2.add(squaresEven, squaresOdd));
  const finite = squares - squares == 0;
  store<f64>(out, finite ? sumDoubleLanes(f64x2.add(sumEven, sumOdd)) : 0, 8);
  store<f64>(out, finite ? squares : 0, 16);
  store<f64>(out, finite ? <f64>leastLane(f32x4.pmin(leastEven, leastOdd)) : f64.POSITIVE_INFINITY, 24);
  store<f64>(out, finite ? <f64>largestLane(f32x4.pmax(largestEven, largestOdd)) : f64.NEGATIVE_INFINITY, 32);
  store<f64>(out, finite ? <f64>countLanes(zeros) : 0, 40);
  store<f64>(out, rails && finite ? <f64>countLanes(below) : 0, 48);
  store<f64>(out, rails && finite ? <f64>countLanes(above) : 0, 56);
  store<f64>(out, 0, 64);
  if (!finite) addSingly(count, x, shift, low, high, out);
}

/** Adds one value after the other to the record. Values that are not finite are only counted. */
function addSingly(count: usize, x: usize, shift: f64, low: f32, high: f32, out: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const v = load<f32>(x + 4 * i), wide = <f64>v, from = wide - shift;
    if (v - v != 0) {
      addTo(out + 64, 1);
      continue;
    }
    addTo(out + 8, from);
    addTo(out + 16, from * from);
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
function maddDouble(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_madd(a, b, c) : f64x2.add(f64x2.mul(a, b), c);
}

/** The upper two lanes moved to the lower two. */
// @ts-ignore: decorator
@inline
function upper(v: v128): v128 {
  return v128.shuffle<f32>(v, v, 2, 3, 2, 3);
}

// @ts-ignore: decorator
@inline
function sumDoubleLanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
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

/** Elements of a block, whose squares `sumOfSquares` adds in float32 where float32 can hold them. */
const BLOCK: usize = 1024;

/** Values are scaled by 2³² before they are squared, because squares of small gradients would underflow in float32. */
const SCALE: f32 = 4294967296;
const SQUARE_SCALE: f64 = 1 / (4294967296.0 * 4294967296.0);
/** From 2⁻⁹⁰ on, squares that float32 cannot represent do not change any digit of a block's scaled sum. */
const LEAST_SUM: f32 = 8.077935669463161e-28;

// @ts-ignore: decorator
@inline
function addSquare(v: v128, scale: v128, sum: v128): v128 {
  const large = f32x4.mul(v, scale);
  return madd(large, large, sum);
}

/** Σ x². Finite whenever all elements are: a block whose squares leave the range of float32 is added in float64. */
export function sumOfSquares(count: usize, x: usize): f64 {
  let total: f64 = 0;
  let i: usize = 0;
  const scale = f32x4.splat(SCALE);
  const whole = count & ~15;
  while (i < whole) {
    const from = i, end = min(whole, i + BLOCK);
    // Four sums, because a multiply-add waits for the previous one.
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (; i < end; i += 16) {
      const at = x + 4 * i;
      const v0 = v128.load(at), v1 = v128.load(at, 16), v2 = v128.load(at, 32), v3 = v128.load(at, 48);
      s0 = addSquare(v0, scale, s0);
      s1 = addSquare(v1, scale, s1);
      s2 = addSquare(v2, scale, s2);
      s3 = addSquare(v3, scale, s3);
    }
    const sum = sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
    total += sum >= LEAST_SUM && sum < f32.POSITIVE_INFINITY ? SQUARE_SCALE * <f64>sum : squaresInDouble(end - from, x + 4 * from);
  }
  for (; i < count; i++) total += <f64>load<f32>(x + 4 * i) * <f64>load<f32>(x + 4 * i);
  return total;
}

/** The same for `count`, a multiple of 16, without the speed of float32; blocks of zeros are common and are skipped. */
function squaresInDouble(count: usize, x: usize): f64 {
  let bits = i32x4.splat(0);
  for (let i: usize = 0; i < count; i += 4) bits = v128.or(bits, v128.load(x + 4 * i));
  // Without the sign, because −0 is a zero too.
  if (!v128.any_true(v128.and(bits, i32x4.splat(0x7fffffff)))) return 0;
  let sum = f64x2.splat(0);
  for (let i: usize = 0; i < count; i += 4) {
    const v = v128.load(x + 4 * i);
    const a = f64x2.promote_low_f32x4(v), b = f64x2.promote_low_f32x4(upper(v));
    sum = f64x2.add(sum, f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)));
  }
  return sumDoubleLanes(sum);
}

/** For each of `segments` pairs (start, count) in `table`, cut out of the ranges w and before: writes Σ before² and Σ (w − before)² as float64. */
export function measureUpdate(segments: usize, table: usize, w: usize, before: usize, out: usize): void {
  for (; segments > 0; segments--) {
    const from = 4 * <usize>load<u32>(table);
    measureSegment(<usize>load<u32>(table, 4), w + from, before + from, out);
    table += 8;
    out += 16;
  }
}

function measureSegment(count: usize, w: usize, before: usize, out: usize): void {
  let parameters = f64x2.splat(0), change = parameters;
  const whole = count & ~3;
  let i: usize = 0;
  for (; i < whole; i += 4) {
    const b = v128.load(before + 4 * i), v = v128.load(w + 4 * i);
    const b0 = f64x2.promote_low_f32x4(b), b1 = f64x2.promote_low_f32x4(upper(b));
    const d0 = f64x2.sub(f64x2.promote_low_f32x4(v), b0), d1 = f64x2.sub(f64x2.promote_low_f32x4(upper(v)), b1);
    parameters = f64x2.add(parameters, maddDouble(b0, b0, f64x2.mul(b1, b1)));
    change = f64x2.add(change, maddDouble(d0, d0, f64x2.mul(d1, d1)));
  }
  let parametersRest: f64 = 0, changeRest: f64 = 0;
  for (; i < count; i++) {
    const b = <f64>load<f32>(before + 4 * i), d = <f64>load<f32>(w + 4 * i) - b;
    parametersRest += b * b;
    changeRest += d * d;
  }
  store<f64>(out, sumDoubleLanes(parameters) + parametersRest);
  store<f64>(out, sumDoubleLanes(change) + changeRest, 8);
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

/** The largest of each of four columns, at least 0; NaN is ignored. */
// @ts-ignore: decorator
@inline
function largestOf(rows: usize, step: usize, x: usize): v128 {
  let even = f32x4.splat(0), odd = even;
  for (; rows >= 2; rows -= 2) {
    even = f32x4.pmax(even, v128.load(x));
    odd = f32x4.pmax(odd, v128.load(x + step));
    x += 2 * step;
  }
  if (rows > 0) even = f32x4.pmax(even, v128.load(x));
  return f32x4.pmax(even, odd);
}

/** The same for fewer columns. */
function largestOfFew(rows: usize, columns: usize, step: usize, x: usize): v128 {
  let largest = f32x4.splat(0);
  for (; rows > 0; rows--) {
    largest = f32x4.pmax(largest, loadSome(x, columns));
    x += step;
  }
  return largest;
}

/** Rows that are examined for all columns before the next rows, so that they stay in the first-level cache. */
const MARKED_ROWS: usize = 32;

/**
 * Sets positive[c] to 1 for each column that is above zero in some row, skipping columns that are marked already. Returns how
 * many are not marked.
 */
export function markPositive(rows: usize, columns: usize, x: usize, positive: usize): usize {
  const zero = f32x4.splat(0), one = f32x4.splat(1), step = 4 * columns;
  let waiting: usize = 0;
  do {
    const some = min(rows, MARKED_ROWS);
    waiting = 0;
    for (let c: usize = 0; c < columns; c += 4) {
      const n = columns - c;
      let found = f32x4.gt(loadSome(positive + 4 * c, n), zero);
      // Lanes past the last column count as found, so that the loop does not wait for them.
      if (n < 4) found = v128.or(found, i32x4.ge_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>n)));
      if (v128.all_true<i32>(found)) continue;
      found = v128.or(found, f32x4.gt(n < 4 ? largestOfFew(some, n, step, x + 4 * c) : largestOf(some, step, x + 4 * c), zero));
      storeSome(positive + 4 * c, v128.and(found, one), n);
      waiting += <usize>(4 + countLanes(found));
    }
    rows -= some;
    x += step * some;
  } while (rows > 0 && waiting > 0);
  return waiting;
}
