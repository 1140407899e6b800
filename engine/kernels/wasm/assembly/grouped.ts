/**
 * Grouped convolution: the ungrouped routines on the slice of channels of each group, copied there and back one sample at a time.
 */
import { convolve, convolveBackwardKernel } from './convolution';
import { loadSome, storeSome } from './elementwise';
import { convolveScatter } from './scatter';
import { Window, WINDOW_BYTES } from './window';

/** Slices of one group's channels, in scratch: its window, then its kernel, input and output, then the scratch of the routine. */
// @ts-ignore: decorator
@inline
function kernelAt(scratch: usize): usize {
  return scratch + WINDOW_BYTES;
}

// @ts-ignore: decorator
@inline
function inputAt(w: Window, scratch: usize): usize {
  return kernelAt(scratch) + <usize>(w.cells * w.inputChannels * w.outputChannels) * 4;
}

// @ts-ignore: decorator
@inline
function outputAt(w: Window, scratch: usize): usize {
  return inputAt(w, scratch) + w.inputBytes;
}

// @ts-ignore: decorator
@inline
function restAt(w: Window, scratch: usize): usize {
  return outputAt(w, scratch) + w.outputBytes;
}

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

/** Like `convolve`, with channels in groups. */
export function convolveGrouped(
  w: Window, from: i32, to: i32, flipped: bool, accumulate: bool, x: usize, kernel: usize, bias: usize, y: usize, scratch: usize,
): void {
  const one = w.writeGroup(scratch);
  const c = one.inputChannels, f = one.outputChannels;
  const rows = w.cells * (flipped ? f : c), columns = flipped ? c : f;
  const slice = kernelAt(scratch), input = inputAt(one, scratch), output = outputAt(one, scratch);
  for (let g = 0; g < w.groups; g++) {
    copyColumns(rows, columns, false, kernel + <usize>(g * columns) * 4, columns * w.groups, slice, columns);
    for (let n = from; n < to; n++) {
      copyColumns(w.inputHeight * w.inputWidth, c, false, x + <usize>n * w.inputBytes + <usize>(g * c) * 4, w.inputChannels, input, c);
      convolve(one, 0, 1, flipped, false, 0, input, slice, bias ? bias + <usize>(g * f) * 4 : 0, output, restAt(one, scratch));
      copyColumns(w.outputs, f, accumulate, output, f, y + <usize>n * w.outputBytes + <usize>(g * f) * 4, w.outputChannels);
    }
  }
}

/** Like `convolveScatter`, with channels in groups. */
export function convolveScatterGrouped(w: Window, from: i32, to: i32, dy: usize, kernel: usize, dx: usize, scratch: usize): void {
  const one = w.writeGroup(scratch);
  const c = one.inputChannels, f = one.outputChannels;
  const slice = kernelAt(scratch), input = inputAt(one, scratch), output = outputAt(one, scratch);
  for (let g = 0; g < w.groups; g++) {
    copyColumns(w.cells * c, f, false, kernel + <usize>(g * f) * 4, w.outputChannels, slice, f);
    for (let n = from; n < to; n++) {
      copyColumns(w.outputs, f, false, dy + <usize>n * w.outputBytes + <usize>(g * f) * 4, w.outputChannels, output, f);
      memory.fill(input, 0, one.inputBytes);
      convolveScatter(one, 0, 1, output, slice, input, restAt(one, scratch));
      copyColumns(w.inputHeight * w.inputWidth, c, true, input, c, dx + <usize>n * w.inputBytes + <usize>(g * c) * 4, w.inputChannels);
    }
  }
}

/** Like `convolveBackwardKernel`, for groups from … to. */
export function convolveGroupedBackwardKernel(w: Window, from: i32, to: i32, batch: i32, x: usize, dy: usize, dKernel: usize, scratch: usize): void {
  const one = w.writeGroup(scratch);
  const c = one.inputChannels, f = one.outputChannels, rows = w.cells * c;
  const slice = kernelAt(scratch), input = inputAt(one, scratch), output = outputAt(one, scratch);
  for (let g = from; g < to; g++) {
    memory.fill(slice, 0, <usize>(rows * f) * 4);
    for (let n = 0; n < batch; n++) {
      copyColumns(w.inputHeight * w.inputWidth, c, false, x + <usize>n * w.inputBytes + <usize>(g * c) * 4, w.inputChannels, input, c);
      copyColumns(w.outputs, f, false, dy + <usize>n * w.outputBytes + <usize>(g * f) * 4, w.outputChannels, output, f);
      convolveBackwardKernel(one, 0, rows, 0, f, 0, 1, 0, input, output, slice, restAt(one, scratch));
    }
    copyColumns(rows, f, true, slice, f, dKernel + <usize>(g * f) * 4, w.outputChannels);
  }
}
