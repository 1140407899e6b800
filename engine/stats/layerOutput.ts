/** The output of one layer as statistics see it: only the real steps of each sample, without padding. */
import type { FloatArray } from '../kernels/tensor.ts';
import { sizeOf } from '../layers/define.ts';
import type { Span } from '../layers/statistic.ts';
import type { Runtime } from '../plan/runtime.ts';

export class LayerOutput {
  /** [batch, …]. */
  readonly values: FloatArray;
  /** The gradient, of the same shape; the values themselves if no gradient flows. */
  readonly gradient: FloatArray;
  /** Elements along the last axis: the units of a dense layer, the channels of a convolution. */
  readonly units: number;
  readonly #runtime: Runtime;
  readonly #index: number;
  /** Of one sample. */
  readonly #shape: readonly number[];

  constructor(runtime: Runtime, index: number) {
    const { output, gradOutput } = runtime.passes[index];
    this.#runtime = runtime;
    this.#index = index;
    this.#shape = output.shape.slice(1);
    this.values = output.data;
    this.gradient = gradOutput.data;
    this.units = this.#shape.at(-1) ?? 1;
  }

  /** The positions of the elements of the first `batch` samples that are not padding. */
  spans(batch: number): readonly Span[] {
    const size = sizeOf(this.#shape);
    const time = this.#runtime.timeOf(this.#index);
    if (!time) return [{ offset: 0, count: batch * size }];
    const { axis, lengths } = time;
    const stepSize = sizeOf(this.#shape.slice(axis + 1));
    const sequences = sizeOf(this.#shape.slice(0, axis));
    return Array.from({ length: batch * sequences }, (_, sequence) => ({
      offset: sequence * this.#shape[axis] * stepSize,
      count: lengths[Math.floor(sequence / sequences)] * stepSize,
    }));
  }
}
