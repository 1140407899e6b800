/**
 * Depthwise convolution: output channel c · multiplier + j comes from input channel c alone, so four channels are four
 * lanes and there is no sum over channels. Works on a padded image whose channels are repeated `multiplier` times and padded to
 * whole vectors, and on a kernel padded in the same way.
 */
import { loadSome, storeSome } from './elementwise';
import { madd } from './simd';
import { Window } from './window';

// @ts-ignore: decorator
@inline
function vectors(channels: i32): i32 {
  return (channels + 3) / 4;
}

/** Bytes of a cell of `channels` floats, padded to whole vectors. */
// @ts-ignore: decorator
@inline
function cellBytes(channels: i32): usize {
  return <usize>vectors(channels) * 16;
}

/** Channels from … to of the repeated ones, into the middle of an image of zeros. */
function expand(w: Window, from: i32, to: i32, x: usize, image: usize): void {
  const H = w.inputHeight, W = w.inputWidth, C = w.inputChannels, multiplier = w.outputChannels / C;
  const cell = cellBytes(to - from), paddedWidth = w.paddedWidth, top = w.padTop, left = w.padLeft;
  for (let y = 0; y < H; y++) {
    let at = image + <usize>((top + y) * paddedWidth + left) * cell;
    for (let i = 0; i < W; i++) {
      if (multiplier == 1)
        for (let c = from; c < to; c += 4) v128.store(at + <usize>(c - from) * 4, loadSome(x + <usize>c * 4, <usize>(to - c)));
      else {
        let c = from / multiplier, j = from % multiplier;
        for (let o = from; o < to; o++) {
          store<f32>(at + <usize>(o - from) * 4, load<f32>(x + <usize>c * 4));
          if (++j == multiplier) {
            j = 0;
            c++;
          }
        }
      }
      at += cell;
      x += <usize>C * 4;
    }
  }
}

/** The cells of the kernel, padded to whole vectors, in order or from the last to the first. */
function packKernel(cells: i32, channels: i32, flipped: bool, kernel: usize, to: usize): void {
  for (let i = 0; i < cells; i++) {
    const from = kernel + <usize>((flipped ? cells - 1 - i : i) * channels) * 4;
    for (let c = 0; c < channels; c += 4) v128.store(to + <usize>c * 4, loadSome(from + <usize>c * 4, <usize>(channels - c)));
    to += cellBytes(channels);
  }
}

/**
 * y = x ∗ kernel + bias for samples from … to; or y += with `accumulate`. `flipped` rotates the kernel by 180°: the gradient of
 * the input if strides and the multiplier are 1. scratch: packed kernel, packed bias, one padded image.
 */
export function depthwise(
  w: Window, from: i32, to: i32, flipped: bool, accumulate: bool, x: usize, kernel: usize, bias: usize, y: usize, scratch: usize,
): void {
  const channels = w.outputChannels;
  const cell = cellBytes(channels);
  const outputHeight = w.outputHeight, outputWidth = w.outputWidth, kernelHeight = w.kernelHeight, kernelWidth = w.kernelWidth;
  const strideY = w.strideY, dilationY = w.dilationY, dilationX = w.dilationX, paddedWidth = w.paddedWidth;
  const start = scratch + <usize>(kernelHeight * kernelWidth) * cell;
  const image = start + cell;
  packKernel(kernelHeight * kernelWidth, channels, flipped, kernel, scratch);
  memory.fill(start, 0, cell);
  if (bias) packKernel(1, channels, false, bias, start);
  memory.fill(image, 0, <usize>(w.paddedHeight * paddedWidth) * cell);
  const across = <usize>w.strideX * cell, cellStep = <usize>dilationX * cell, lineStep = <usize>(dilationY * paddedWidth) * cell;
  const outCell = <usize>channels * 4;
  for (let n = from; n < to; n++) {
    expand(w, 0, channels, x + <usize>n * w.inputBytes, image);
    for (let oy = 0; oy < outputHeight; oy++) {
      const top = image + <usize>(oy * strideY * paddedWidth) * cell;
      const row = y + <usize>((n * outputHeight + oy) * outputWidth) * outCell;
      for (let c = 0; c < channels; c += 4) {
        const at = <usize>c * 4, lanes = <usize>(channels - c);
        const init = v128.load(start + at);
        let corner = top + at, out = row + at;
        let ox = 0;
        for (; ox + 4 <= outputWidth; ox += 4) {
          let a0 = init, a1 = init, a2 = init, a3 = init;
          let weight = scratch + at, line = corner;
          for (let ky = 0; ky < kernelHeight; ky++) {
            let source = line;
            for (let kx = 0; kx < kernelWidth; kx++) {
              const k = v128.load(weight);
              a0 = madd(v128.load(source), k, a0);
              a1 = madd(v128.load(source + across), k, a1);
              a2 = madd(v128.load(source + 2 * across), k, a2);
              a3 = madd(v128.load(source + 3 * across), k, a3);
              weight += cell;
              source += cellStep;
            }
            line += lineStep;
          }
          put(accumulate, out, a0, lanes);
          put(accumulate, out + outCell, a1, lanes);
          put(accumulate, out + 2 * outCell, a2, lanes);
          put(accumulate, out + 3 * outCell, a3, lanes);
          corner += 4 * across;
          out += 4 * outCell;
        }
        for (; ox < outputWidth; ox++) {
          let a = init;
          let weight = scratch + at, line = corner;
          for (let ky = 0; ky < kernelHeight; ky++) {
            let source = line;
            for (let kx = 0; kx < kernelWidth; kx++) {
              a = madd(v128.load(source), v128.load(weight), a);
              weight += cell;
              source += cellStep;
            }
            line += lineStep;
          }
          put(accumulate, out, a, lanes);
          corner += across;
          out += outCell;
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function put(accumulate: bool, at: usize, v: v128, lanes: usize): void {
  storeSome(at, accumulate ? f32x4.add(loadSome(at, lanes), v) : v, lanes);
}

/** dx of samples from … to, at any stride and multiplier: dy · kernel is spread over an image, which is then added up. Scratch as `depthwise`. */
export function depthwiseBackwardInput(w: Window, from: i32, to: i32, dy: usize, kernel: usize, dx: usize, scratch: usize): void {
  const channels = w.outputChannels;
  const cell = cellBytes(channels);
  const outputHeight = w.outputHeight, outputWidth = w.outputWidth, kernelHeight = w.kernelHeight, kernelWidth = w.kernelWidth;
  const strideY = w.strideY, dilationY = w.dilationY, dilationX = w.dilationX, paddedWidth = w.paddedWidth;
  const imageBytes = <usize>(w.paddedHeight * paddedWidth) * cell;
  const image = scratch + <usize>(kernelHeight * kernelWidth + 1) * cell;
  packKernel(kernelHeight * kernelWidth, channels, false, kernel, scratch);
  const across = <usize>w.strideX * cell, outCell = <usize>channels * 4;
  for (let n = from; n < to; n++) {
    memory.fill(image, 0, imageBytes);
    for (let oy = 0; oy < outputHeight; oy++) {
      const row = dy + <usize>((n * outputHeight + oy) * outputWidth) * outCell;
      for (let ky = 0; ky < kernelHeight; ky++)
        for (let kx = 0; kx < kernelWidth; kx++) {
          const corner = image + <usize>((oy * strideY + ky * dilationY) * paddedWidth + kx * dilationX) * cell;
          for (let c = 0; c < channels; c += 4) {
            const lanes = <usize>(channels - c);
            const k = v128.load(scratch + <usize>(ky * kernelWidth + kx) * cell + <usize>c * 4);
            let g = row + <usize>c * 4, target = corner + <usize>c * 4;
            for (let ox = 0; ox < outputWidth; ox++) {
              v128.store(target, madd(loadSome(g, lanes), k, v128.load(target)));
              g += outCell;
              target += across;
            }
          }
        }
    }
    collect(w, image, dx + <usize>n * w.inputBytes);
  }
}

/** dx += the middle of the image, the repetitions of a channel added up. */
function collect(w: Window, image: usize, dx: usize): void {
  const H = w.inputHeight, W = w.inputWidth, C = w.inputChannels, multiplier = w.outputChannels / C;
  const cell = cellBytes(w.outputChannels), paddedWidth = w.paddedWidth, top = w.padTop, left = w.padLeft;
  for (let y = 0; y < H; y++) {
    let at = image + <usize>((top + y) * paddedWidth + left) * cell;
    for (let i = 0; i < W; i++) {
      if (multiplier == 1) for (let c = 0; c < C; c += 4) put(true, dx + <usize>c * 4, v128.load(at + <usize>c * 4), <usize>(C - c));
      else
        for (let c = 0; c < C; c++) {
          let sum = load<f32>(dx + <usize>c * 4);
          for (let j = 0; j < multiplier; j++) sum += load<f32>(at + <usize>(c * multiplier + j) * 4);
          store<f32>(dx + <usize>c * 4, sum);
        }
      at += cell;
      dx += <usize>C * 4;
    }
  }
}

/** dKernel of output channels from … to (from a multiple of 4), summed over samples, then rows, in order. scratch: one padded image of those channels. */
export function depthwiseBackwardKernel(w: Window, from: i32, to: i32, batch: i32, x: usize, dy: usize, dKernel: usize, scratch: usize): void {
  const channels = w.outputChannels;
  const cell = cellBytes(to - from), outCell = <usize>channels * 4;
  const outputHeight = w.outputHeight, outputWidth = w.outputWidth, kernelHeight = w.kernelHeight, kernelWidth = w.kernelWidth;
  const strideY = w.strideY, dilationY = w.dilationY, dilationX = w.dilationX, paddedWidth = w.paddedWidth;
  memory.fill(scratch, 0, <usize>(w.paddedHeight * paddedWidth) * cell);
  const across = <usize>w.strideX * cell;
  for (let n = 0; n < batch; n++) {
    expand(w, from, to, x + <usize>n * w.inputBytes, scratch);
    // A row of outputs and the rows it reads stay in the first-level cache for all channels and cells.
    for (let oy = 0; oy < outputHeight; oy++) {
      const row = dy + <usize>((n * outputHeight + oy) * outputWidth) * outCell;
      for (let c = from; c < to; c += 4) {
        const lanes = <usize>(to - c);
        for (let ky = 0; ky < kernelHeight; ky++)
          for (let kx = 0; kx < kernelWidth; kx++) {
            let source = scratch + <usize>((oy * strideY + ky * dilationY) * paddedWidth + kx * dilationX) * cell + <usize>(c - from) * 4;
            let g = row + <usize>c * 4;
            let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
            let ox = 0;
            if (lanes >= 4)
              for (; ox + 4 <= outputWidth; ox += 4) {
                a0 = madd(v128.load(source), v128.load(g), a0);
                a1 = madd(v128.load(source + across), v128.load(g + outCell), a1);
                a2 = madd(v128.load(source + 2 * across), v128.load(g + 2 * outCell), a2);
                a3 = madd(v128.load(source + 3 * across), v128.load(g + 3 * outCell), a3);
                source += 4 * across;
                g += 4 * outCell;
              }
            for (; ox < outputWidth; ox++) {
              a0 = madd(v128.load(source), loadSome(g, lanes), a0);
              source += across;
              g += outCell;
            }
            put(true, dKernel + <usize>((ky * kernelWidth + kx) * channels + c) * 4, f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)), lanes);
          }
      }
    }
  }
}
