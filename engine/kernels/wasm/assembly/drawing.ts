/** Random numbers: sfc32, as in kernels/random.ts. `state` has its four words, and gets those after the last number. */

const RANGE: f64 = 4294967296;

/** y[i] = low + span · u, with u uniform in [0, 1). */
export function drawUniform(count: usize, low: f64, span: f64, state: usize, y: usize): void {
  draw(false, count, low, span, 0, state, y);
}

/** mask[i] = kept, but 0 where u < rate. */
export function drawMask(count: usize, rate: f64, kept: f32, state: usize, mask: usize): void {
  draw(true, count, rate, 0, kept, state, mask);
}

// @ts-ignore: decorator
@inline
function draw(isMask: bool, count: usize, low: f64, span: f64, kept: f32, state: usize, y: usize): void {
  let a = load<u32>(state), b = load<u32>(state, 4), c = load<u32>(state, 8), counter = load<u32>(state, 12);
  const limit = low * RANGE;
  for (const end = y + 4 * count; y < end; y += 4) {
    const sum = a + b + counter;
    counter++;
    a = b ^ (b >>> 9);
    b = c + (c << 3);
    c = rotl<u32>(c, 21) + sum;
    if (isMask) store<f32>(y, select<f32>(kept, 0, <f64>sum >= limit));
    else store<f32>(y, <f32>(low + span * (<f64>sum / RANGE)));
  }
  store<u32>(state, a);
  store<u32>(state, b, 4);
  store<u32>(state, c, 8);
  store<u32>(state, counter, 12);
}
