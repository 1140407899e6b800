/**
 * Windows over sequences that differ in length. Each sample is computed separately, with the windows that it would have alone,
 * because padding "same" and the position of the last window depend on the length.
 */
import type { Window2d } from '../kernels/kernels.ts';
import type { BackwardPass, Pass, Shape, TimeAxes, TimeFlow } from './define.ts';
import { slidingWindow, type WindowSettings } from './slidingWindow.ts';
import { rowsOf, timeFirst } from './time.ts';

/** The windows over a sample of each length, each made once. */
export class WindowsByLength {
  /** Made when first needed, which for most layers is never. */
  #windows: Map<number, Window2d | undefined> | undefined;

  /** `make` returns no window if none fits. */
  constructor(readonly make: (length: number) => Window2d | undefined) {}

  at(length: number): Window2d | undefined {
    this.#windows ??= new Map();
    if (!this.#windows.has(length)) this.#windows.set(length, length > 0 ? this.make(length) : undefined);
    return this.#windows.get(length);
  }
}

/** Windows with these settings over fewer steps. Time is the first axis. */
export const windowsByLength = (settings: WindowSettings): WindowsByLength =>
  new WindowsByLength((length) => {
    const window = slidingWindow({ ...settings, input: [length, ...settings.input.slice(1)] });
    return 'problem' in window ? undefined : window;
  });

/** A sample too short for any window has no steps left. A sequence [time, channels] is a window's width. */
export function windowTime(windows: WindowsByLength, input: Shape, axes: TimeAxes): TimeFlow {
  const sequence = input.length === 2;
  return timeFirst(input, axes, {
    axis: 0,
    steps(length) {
      const window = windows.at(length);
      return window ? (sequence ? window.outputWidth : window.outputHeight) : 0;
    },
  });
}

/** Output elements of one sample. */
export const outputSize = (w: Window2d): number => w.outputHeight * w.outputWidth * w.outputChannels;

/** Input elements of one sample. */
export const inputSize = (w: Window2d): number => w.inputHeight * w.inputWidth * w.inputChannels;

/** Calls `run` for each sample that has a window, and fills the rest of the output with 0. */
export function forEachSample(
  { batch, output }: Pass,
  lengths: Int32Array,
  windows: WindowsByLength,
  size: (window: Window2d) => number,
  run: (window: Window2d, sample: number) => void,
): void {
  const y = rowsOf(output);
  for (let n = 0; n < batch; n++) {
    const window = windows.at(lengths[n]);
    if (window) run(window, n);
    y[n].fill(0, window ? size(window) : 0);
  }
}

/** Like `forEachSample`, for gradients. The gradient of padding is 0. */
export function forEachSampleBackward(
  { batch, gradInput, accumulateInput }: BackwardPass,
  lengths: Int32Array,
  windows: WindowsByLength,
  size: (window: Window2d) => number,
  run: (window: Window2d, sample: number) => void,
): void {
  const dx = gradInput && rowsOf(gradInput);
  for (let n = 0; n < batch; n++) {
    const window = windows.at(lengths[n]);
    if (window) run(window, n);
    if (dx && !accumulateInput) dx[n].fill(0, window ? size(window) : 0);
  }
}
