/** Where a window lies wholly inside its input, so that a convolution's inner loops need no test for the border. */
import type { Window2d } from '../kernels.ts';

/** Outputs [firstOutput, lastOutput) of a row, all of whose kernel columns [firstCell, lastCell) lie inside the input. */
export interface Span {
  readonly firstOutput: number;
  readonly lastOutput: number;
  readonly firstCell: number;
  readonly lastCell: number;
}

const known = new WeakMap<Window2d, readonly Span[]>();

/** Spans that together cover every pair of output column and kernel column inside the input, each once. Kept per window. */
export function spansOf(window: Window2d): readonly Span[] {
  let spans = known.get(window);
  if (!spans) {
    // Neighbouring kernel columns are one run of memory if nothing is between them.
    const contiguous = window.groups === 1 && (window.dilationX === 1 || window.kernelWidth === 1);
    spans = (contiguous ? columnSpans(window) : cellSpans(window)).filter(
      ({ firstOutput, lastOutput, firstCell, lastCell }) => firstOutput < lastOutput && firstCell < lastCell,
    );
    known.set(window, spans);
  }
  return spans;
}

/** One span for all outputs whose whole window is inside, one for each output at the border. */
function columnSpans(w: Window2d): Span[] {
  const reach = (w.kernelWidth - 1) * w.dilationX;
  const outputs = insideRange(w.outputWidth, w.strideX, -w.padLeft, w.inputWidth - reach);
  const spans: Span[] = [];
  for (let output = 0; output < w.outputWidth; output++) {
    if (output >= outputs.first && output < outputs.last) continue;
    const cells = insideRange(w.kernelWidth, w.dilationX, output * w.strideX - w.padLeft, w.inputWidth);
    spans.push({ firstOutput: output, lastOutput: output + 1, firstCell: cells.first, lastCell: cells.last });
  }
  spans.push({ firstOutput: outputs.first, lastOutput: outputs.last, firstCell: 0, lastCell: w.kernelWidth });
  return spans;
}

/** One span for each kernel column. */
function cellSpans(w: Window2d): Span[] {
  return Array.from({ length: w.kernelWidth }, (_, cell) => {
    const outputs = insideRange(w.outputWidth, w.strideX, cell * w.dilationX - w.padLeft, w.inputWidth);
    return { firstOutput: outputs.first, lastOutput: outputs.last, firstCell: cell, lastCell: cell + 1 };
  });
}

/** Which i in [0, count) have 0 ≤ start + i · step < size. */
function insideRange(
  count: number,
  step: number,
  start: number,
  size: number,
): { first: number; last: number } {
  const first = firstInside(count, step, start);
  return { first, last: Math.max(first, lastInside(count, step, start, size)) };
}

/** The first i in [0, count] with start + i · step ≥ 0. */
export function firstInside(count: number, step: number, start: number): number {
  return start >= 0 ? 0 : Math.min(count, Math.ceil(-start / step));
}

/** One past the last i in [0, count) with start + i · step < size. */
export function lastInside(count: number, step: number, start: number, size: number): number {
  return start >= size ? 0 : Math.min(count, Math.ceil((size - start) / step));
}
