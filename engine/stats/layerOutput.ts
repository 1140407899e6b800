/** The output of one layer as statistics see it: only the real steps of each sample, without padding. */
import type { FloatArray } from '../kernels/tensor.ts';
import { sizeOf } from '../layers/define.ts';
import type { Span } from '../layers/statistic.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { Mutable } from '../schema/objects.ts';

/** The values of one output and of its gradient, without padding. */
export class LayerOutput {
  /** [batch, …]. */
  readonly values: FloatArray;
  /** The gradient, of the same shape; the values themselves if no gradient flows. */
  readonly gradient: FloatArray;
  /** Elements along the last axis: the units of a dense layer, the channels of a convolution. */
  readonly units: number;
  readonly #time: ReturnType<Runtime['timeOf']>;
  /** Elements of one sample, with padding. */
  readonly size: number;
  /** Of one sample. */
  readonly #shape: readonly number[];
  /** The range of an output without padding: one object for all batches, so that a measurement allocates nothing. */
  readonly #whole: [Mutable<Span>];

  constructor(runtime: Runtime, index: number) {
    const { gradOutput } = runtime.passes[index];
    const output = runtime.tensor(runtime.plan.layers[index].output);
    this.#time = runtime.timeOf(index);
    this.#shape = output.shape.slice(1);
    this.values = output.data;
    this.gradient = gradOutput.data;
    this.units = this.#shape.at(-1) ?? 1;
    this.size = sizeOf(this.#shape);
    this.#whole = [{ offset: 0, count: this.size }];
  }

  /** Whether samples may differ in length, so that some elements are padding. */
  get isPadded(): boolean {
    return this.#time !== undefined;
  }

  /** The positions of the elements of the first `batch` samples that are not padding. Holds until the next call. */
  spans(batch: number): readonly Span[] {
    if (!this.#time) {
      this.#whole[0].count = batch * this.size;
      return this.#whole;
    }
    const { axis, lengths } = this.#time;
    const stepSize = sizeOf(this.#shape.slice(axis + 1));
    const sequences = sizeOf(this.#shape.slice(0, axis));
    return Array.from({ length: batch * sequences }, (_, sequence) => ({
      offset: sequence * this.#shape[axis] * stepSize,
      count: lengths[Math.floor(sequence / sequences)] * stepSize,
    }));
  }
}
