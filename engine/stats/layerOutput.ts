/** The output of one layer as statistics look at it: only what belongs to a sample, not what pads it to the longest. */
import type { FloatArray } from '../kernels/tensor.ts';
import type { Runtime } from '../plan/runtime.ts';

/** A stretch of elements of real rows. */
export interface Span {
  readonly offset: number;
  readonly count: number;
}

export class LayerOutput {
  /** [batch, …]. */
  readonly values: FloatArray;
  /** Of the same shape; the values themselves where no gradient flows. */
  readonly gradient: FloatArray;
  /** Elements along the last axis: a dense layer's units, a convolution's channels. */
  readonly units: number;
  /** Elements of one sample, and of each of its time steps where samples differ in length. */
  readonly #size: number;
  readonly #stepSize: number;
  readonly #lengths: Int32Array | undefined;

  constructor(runtime: Runtime, index: number) {
    const { output, gradOutput } = runtime.passes[index];
    const [, ...shape] = output.shape;
    this.values = output.data;
    this.gradient = gradOutput.data;
    this.units = shape.at(-1) ?? 1;
    this.#size = shape.reduce((product, size) => product * size, 1);
    this.#stepSize = this.#size / (shape[0] ?? 1);
    this.#lengths = outputLengths(runtime, index);
  }

  /** Where the elements of the first `batch` samples stand that are no padding. */
  spans(batch: number): readonly Span[] {
    const lengths = this.#lengths;
    if (!lengths) return [{ offset: 0, count: batch * this.#size }];
    return Array.from({ length: batch }, (_, sample) => ({
      offset: sample * this.#size,
      count: lengths[sample] * this.#stepSize,
    }));
  }
}

/** Real time steps of each sample in a layer's output; undefined where its first axis is not the time that differs. */
function outputLengths({ plan, passes, lengths }: Runtime, index: number): Int32Array | undefined {
  const { layer } = plan.layers[index];
  const [time] = layer.inputShapes[0] ?? layer.inferred.output;
  const keepsTime = layer.inferred.output[0] === time && layer.inferred.output.length >= 2;
  return passes[index].lengths && keepsTime ? lengths : undefined;
}
