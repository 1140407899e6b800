/** Grouped convolution: the ungrouped routines on each group's slice of channels, copied out and back a sample at a time. */
import { convolve, convolveBackwardKernel } from './convolution';
import { loadSome, storeSome } from './elementwise';
import { convolveScatter } from './scatter';

/** Copies `columns` floats of every row, or adds them. Steps in floats. */
function copyColumns(rows: i32, columns: i32, accumulate: bool, from: usize, fromStep: i32, to: usize, toStep: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < columns; j += 4) {
      const n = <usize>(columns - j), at = to + <usize>j * 4;
      const v = loadSome(from + <usize>j * 4, n);
      storeSome(at, accumulate ? f32x4.add(loadSome(at, n), v) : v, n);
    }
    from += <usize>fromStep * 4;
    to += <usize>toStep * 4;
  }
}

/**
 * As `convolve`, with channels in `groups`; `scratch` holds the slices of kernel, input and output before what `convolve`
 * needs for one group.
 */
export function convolveGrouped(
  from: i32, to: i32, H: i32, W: i32, C: i32, outputHeight: i32, outputWidth: i32, F: i32, kernelHeight: i32, kernelWidth: i32,
  strideY: i32, strideX: i32, dilationY: i32, dilationX: i32, padTop: i32, padLeft: i32, groups: i32,
  flipped: bool, accumulate: bool, x: usize, kernel: usize, bias: usize, y: usize, scratch: usize,
): void {
  const c = C / groups, f = F / groups;
  const rows = kernelHeight * kernelWidth * (flipped ? f : c), columns = flipped ? c : f;
  const input = scratch + <usize>(rows * columns) * 4;
  const output = input + <usize>(H * W * c) * 4;
  const rest = output + <usize>(outputHeight * outputWidth * f) * 4;
  for (let g = 0; g < groups; g++) {
    copyColumns(rows, columns, false, kernel + <usize>(g * columns) * 4, columns * groups, scratch, columns);
    for (let n = from; n < to; n++) {
      copyColumns(H * W, c, false, x + <usize>(n * H * W * C + g * c) * 4, C, input, c);
      convolve(0, 1, H, W, c, outputHeight, outputWidth, f, kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX,
        padTop, padLeft, flipped, false, 0, input, scratch, bias ? bias + <usize>(g * f) * 4 : 0, output, rest);
      copyColumns(outputHeight * outputWidth, f, accumulate, output, f, y + <usize>(n * outputHeight * outputWidth * F + g * f) * 4, F);
    }
  }
}

/** As `convolveScatter`, with channels in `groups`. */
export function convolveScatterGrouped(
  from: i32, to: i32, H: i32, W: i32, C: i32, outputHeight: i32, outputWidth: i32, F: i32, kernelHeight: i32, kernelWidth: i32,
  strideY: i32, strideX: i32, dilationY: i32, dilationX: i32, padTop: i32, padLeft: i32, groups: i32,
  dy: usize, kernel: usize, dx: usize, scratch: usize,
): void {
  const c = C / groups, f = F / groups;
  const rows = kernelHeight * kernelWidth * c;
  const input = scratch + <usize>(rows * f) * 4;
  const output = input + <usize>(H * W * c) * 4;
  const rest = output + <usize>(outputHeight * outputWidth * f) * 4;
  for (let g = 0; g < groups; g++) {
    copyColumns(rows, f, false, kernel + <usize>(g * f) * 4, F, scratch, f);
    for (let n = from; n < to; n++) {
      copyColumns(outputHeight * outputWidth, f, false, dy + <usize>(n * outputHeight * outputWidth * F + g * f) * 4, F, output, f);
      memory.fill(input, 0, <usize>(H * W * c) * 4);
      convolveScatter(0, 1, H, W, c, outputHeight, outputWidth, f, kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX,
        padTop, padLeft, output, scratch, input, rest);
      copyColumns(H * W, c, true, input, c, dx + <usize>(n * H * W * C + g * c) * 4, C);
    }
  }
}

/** As `convolveBackwardKernel`, for groups from … to. */
export function convolveGroupedBackwardKernel(
  from: i32, to: i32, batch: i32, H: i32, W: i32, C: i32, outputHeight: i32, outputWidth: i32, F: i32, kernelHeight: i32, kernelWidth: i32,
  strideY: i32, strideX: i32, dilationY: i32, dilationX: i32, padTop: i32, padLeft: i32, groups: i32,
  x: usize, dy: usize, dKernel: usize, scratch: usize,
): void {
  const c = C / groups, f = F / groups;
  const rows = kernelHeight * kernelWidth * c;
  const input = scratch + <usize>(rows * f) * 4;
  const output = input + <usize>(H * W * c) * 4;
  const rest = output + <usize>(outputHeight * outputWidth * f) * 4;
  for (let g = from; g < to; g++) {
    memory.fill(scratch, 0, <usize>(rows * f) * 4);
    for (let n = 0; n < batch; n++) {
      copyColumns(H * W, c, false, x + <usize>(n * H * W * C + g * c) * 4, C, input, c);
      copyColumns(outputHeight * outputWidth, f, false, dy + <usize>(n * outputHeight * outputWidth * F + g * f) * 4, F, output, f);
      convolveBackwardKernel(0, (f + 7) / 8, 1, H, W, c, outputHeight, outputWidth, f, kernelHeight, kernelWidth,
        strideY, strideX, dilationY, dilationX, padTop, padLeft, input, output, scratch, rest);
    }
    copyColumns(rows, f, true, scratch, f, dKernel + <usize>(g * f) * 4, F);
  }
}
