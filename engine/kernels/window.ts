/** The one formula for how often a window fits along an axis, and what 'same' and 'causal' pad. */

/** 'same' keeps the size (divided by the stride); an odd cell is at the end, as in Keras. 'causal' pads only before. */
export type AxisPadding = 'valid' | 'same' | 'causal' | readonly [before: number, after: number];

export interface AxisWindow {
  readonly input: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padding: AxisPadding;
  /** Also counts a last window that extends beyond the end, if it starts inside the input or the padding before it. */
  readonly ceilMode?: boolean;
}

export interface AxisFit {
  /** How many windows fit; below 1 if the kernel is larger than the padded input. */
  readonly output: number;
  readonly before: number;
  readonly after: number;
}

/** Cells from a kernel's first to its last, with the gaps that dilation leaves. */
export const reachOf = (kernel: number, dilation: number): number => (kernel - 1) * dilation + 1;

/** ⌊(input + before + after − reach) / stride⌋ + 1, with reach = (kernel − 1) · dilation + 1. */
export function windowAlong({ input, kernel, stride, dilation, padding, ceilMode }: AxisWindow): AxisFit {
  const reach = reachOf(kernel, dilation);
  if (padding === 'same') {
    const output = Math.ceil(input / stride);
    const total = Math.max((output - 1) * stride + reach - input, 0);
    const before = Math.floor(total / 2);
    return { output, before, after: total - before };
  }
  const [before, after] = padding === 'valid' ? [0, 0] : padding === 'causal' ? [reach - 1, 0] : padding;
  const room = input + before + after - reach;
  let output = Math.floor(room / stride) + 1;
  if (ceilMode && room >= 0 && room % stride > 0 && output * stride < input + before) output++;
  return { output, before, after };
}
