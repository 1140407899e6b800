/** Measures a layer over time: the gradient at each of its steps, and how many of its gates are shut or open. */
import { type Backend, doublesOn } from '../kernels/backend.ts';
import type { BackwardPass, ThroughTime } from '../layers/define.ts';
import type { ShapeValues } from './define.ts';

export class TimeProbe {
  readonly #layer: ThroughTime;
  readonly #norms: Float64Array;
  readonly #shares: Float64Array;
  /** Steps of the longest sample. */
  #steps = 0;

  constructor(layer: ThroughTime, time: number, backend: Backend) {
    this.#layer = layer;
    this.#norms = new Float64Array(time);
    this.#shares = doublesOn(backend, 2 * layer.gates.length);
  }

  /** Right after the layer's backward step, while its saved buffers hold. */
  measure(pass: BackwardPass): void {
    this.#steps = this.#norms.length;
    if (pass.lengths) this.#steps = pass.lengths.subarray(0, pass.batch).reduce((a, b) => Math.max(a, b), 0);
    this.#layer.gradientNorms(pass, this.#norms);
    this.#layer.gateSaturation(pass, this.#shares);
  }

  get gradThroughTime(): number[] {
    return [...this.#norms.subarray(0, this.#steps)];
  }

  get gates(): ShapeValues['shares'] {
    return Object.fromEntries(
      this.#layer.gates.map((name, gate) => [
        name,
        { shut: this.#shares[2 * gate], open: this.#shares[2 * gate + 1] },
      ]),
    );
  }
}
