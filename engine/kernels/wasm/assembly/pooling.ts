/** Pooling over [height, width, channels]: four channels at once. */
import { loadSome, storeSome } from './elementwise';

/** Rows of outputs from … to, counted over the whole batch. First of equal maxima wins; NaN counts as the largest; −1 when only padding is seen. */
export function maxPool(
  from: usize, to: usize, H: i32, W: i32, C: i32, outputHeight: i32, outputWidth: i32,
  kernelHeight: i32, kernelWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32, padTop: i32, padLeft: i32,
  x: usize, y: usize, argmax: usize,
): void {
  const rowBytes = <usize>(outputWidth * C * 4);
  for (let row = from; row < to; row++) {
    const n = <i32>row / outputHeight, oy = <i32>row % outputHeight;
    const sample = x + <usize>(n * H * W * C) * 4;
    let out = y + row * rowBytes, index = argmax + row * rowBytes;
    const top = oy * strideY - padTop;
    const firstRow = firstInside(dilationY, top), lastRow = lastInside(kernelHeight, dilationY, top, H);
    for (let ox = 0; ox < outputWidth; ox++) {
      const left = ox * strideX - padLeft;
      const firstColumn = firstInside(dilationX, left), lastColumn = lastInside(kernelWidth, dilationX, left, W);
      for (let c = 0; c < C; c += 4) {
        const lanes = <usize>(C - c);
        let best = f32x4.splat(0), at = i32x4.splat(-1);
        for (let ky = firstRow; ky < lastRow; ky++)
          for (let kx = firstColumn; kx < lastColumn; kx++) {
            const cell = ((top + ky * dilationY) * W + left + kx * dilationX) * C + c;
            const v = loadSome(sample + <usize>cell * 4, lanes);
            const here = i32x4.add(i32x4.splat(cell), i32x4(0, 1, 2, 3));
            // Larger, or NaN, or the first one seen.
            const better = v128.or(v128.or(f32x4.gt(v, best), f32x4.ne(v, v)), i32x4.lt_s(at, i32x4.splat(0)));
            best = v128.bitselect(v, best, better);
            at = v128.bitselect(here, at, better);
          }
        storeSome(out, best, lanes);
        storeSome(index, at, lanes);
        out += 4 * min<usize>(4, lanes);
        index += 4 * min<usize>(4, lanes);
      }
    }
  }
}

/** The first cell of a window beginning at `start` that lies inside, and the one after the last. */
// @ts-ignore: decorator
@inline
function firstInside(dilation: i32, start: i32): i32 {
  return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}

// @ts-ignore: decorator
@inline
function lastInside(kernel: i32, dilation: i32, start: i32, size: i32): i32 {
  return start >= size ? 0 : min(kernel, (size - 1 - start) / dilation + 1);
}

/** Samples from … to. */
export function maxPoolBackward(from: usize, to: usize, inputSize: usize, outputSize: usize, dy: usize, argmax: usize, dx: usize): void {
  for (let n = from; n < to; n++) {
    const into = dx + 4 * n * inputSize;
    const first = n * outputSize;
    for (let i = first; i < first + outputSize; i++) {
      const at = load<i32>(argmax + 4 * i);
      if (at >= 0) {
        const cell = into + 4 * <usize>at;
        store<f32>(cell, load<f32>(cell) + load<f32>(dy + 4 * i));
      }
    }
  }
}
