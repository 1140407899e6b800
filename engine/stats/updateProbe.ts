/** Measures what an update does: the sizes of each layer's parameter gradients, of its parameters, and of their change. */
import { align, doublesOn } from '../kernels/backend.ts';
import { type Kernels, updateAt, updateCount } from '../kernels/kernels.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import type { LayerPlan, Plan } from '../plan/plan.ts';
import type { Runtime } from '../plan/runtime.ts';

/** Bytes of the backend's memory that it takes for so many layers, if all are trained. */
export const updateProbeBytes = (layers: number): number =>
  align(4 * 2 * layers) + align(8 * updateCount * layers);

export class UpdateProbe {
  readonly #kernels: Kernels;
  /** All trained parameters, what they were before the update, and their gradients; absent when nothing is trained. */
  readonly #ranges: { readonly [range in 'parameters' | 'previous' | 'gradients']: FloatArray } | undefined;
  /** Each layer's row in `#table` and `#sums`; undefined where no update changes the layer. */
  readonly #rows: readonly (number | undefined)[];
  /** [rows, 2]: where each layer's parameters begin among all trained ones, and how many they are. */
  readonly #table: Int32Array;
  /** [rows, updateCount]. */
  readonly #sums: Float64Array;
  /** Gradients of fixed parameters. */
  readonly #fixed: readonly { readonly layer: number; readonly gradients: readonly FloatArray[] }[];
  /** By layer: sums of squares of the loss's gradients, of what is about to be clipped, and of what came of it. */
  readonly #lossSquares: Float64Array;
  readonly #unclippedSquares: Float64Array;
  readonly #clippedSquares: Float64Array;
  #clips = false;

  constructor(runtime: Runtime) {
    const { plan, backend, passes, tensors } = runtime;
    const { update, previous } = plan;
    this.#kernels = backend.kernels;
    this.#ranges =
      update && previous !== undefined
        ? {
            parameters: tensors[update.parameters].data,
            previous: tensors[previous].data,
            gradients: tensors[update.gradients].data,
          }
        : undefined;
    const segments = plan.layers.map((layer) => trainedSegment(plan, layer));
    const trained = segments.filter((segment) => segment !== undefined);
    let row = 0;
    this.#rows = segments.map((segment) => segment && row++);
    const { buffer, base } = backend.allocate(2 * trained.length * Int32Array.BYTES_PER_ELEMENT);
    this.#table = new Int32Array(buffer as ArrayBuffer, base, 2 * trained.length);
    this.#table.set(trained.flatMap(({ start, count }) => [start, count]));
    this.#sums = doublesOn(backend, updateCount * trained.length);
    this.#fixed = passes.flatMap(({ gradParameters }, layer) =>
      segments[layer] || Object.keys(gradParameters).length === 0
        ? []
        : [{ layer, gradients: Object.values(gradParameters).map(({ data }) => data) }],
    );
    this.#lossSquares = new Float64Array(plan.layers.length);
    this.#unclippedSquares = new Float64Array(plan.layers.length);
    this.#clippedSquares = new Float64Array(plan.layers.length);
  }

  /** When the gradients of the loss are complete: before penalties are added, and before clipping. */
  lossGradients(): void {
    this.#clips = false;
    this.#measureGradients(this.#lossSquares);
    for (const { layer, gradients } of this.#fixed) {
      this.#lossSquares[layer] = 0;
      for (const values of gradients)
        this.#lossSquares[layer] += this.#kernels.sumOfSquares(values.length, values, 0);
    }
  }

  beforeClipping(): void {
    this.#clips = true;
    this.#measureGradients(this.#unclippedSquares);
  }

  /** Right before the update: keeps the parameters, to compare. */
  before(): void {
    if (this.#ranges) this.#kernels.copy(this.#ranges.parameters, this.#ranges.previous);
    if (this.#clips) this.#measureGradients(this.#clippedSquares);
  }

  after(): void {
    if (!this.#ranges) return;
    const { parameters, previous } = this.#ranges;
    this.#kernels.measureUpdate(this.#table.length / 2, this.#table, parameters, previous, this.#sums);
  }

  #measureGradients(squares: Float64Array): void {
    const { gradients } = this.#ranges ?? {};
    if (!gradients) return;
    this.#rows.forEach((row, layer) => {
      if (row === undefined) return;
      const [start, count] = [this.#table[2 * row], this.#table[2 * row + 1]];
      squares[layer] = this.#kernels.sumOfSquares(count, gradients, start);
    });
  }

  /** Norm of the loss's gradient with respect to the layer's parameters. */
  gradientNorm(layer: number): number {
    return Math.sqrt(this.#lossSquares[layer]);
  }

  /** Norm of the gradient that the update used; undefined where clipping did not change it. */
  clippedNorm(layer: number): number | undefined {
    if (!this.#clips || this.#rows[layer] === undefined) return undefined;
    const clipped = this.#clippedSquares[layer];
    return clipped === this.#unclippedSquares[layer] ? undefined : Math.sqrt(clipped);
  }

  /** Norms of the layer's parameters before the update, and of the change; undefined where there is none. */
  change(layer: number): { readonly parameters: number; readonly change: number } | undefined {
    const row = this.#rows[layer];
    if (row === undefined) return undefined;
    return {
      parameters: Math.sqrt(this.#sum(row, updateAt.parameters)),
      change: Math.sqrt(this.#sum(row, updateAt.change)),
    };
  }

  #sum(row: number, at: number): number {
    return this.#sums[row * updateCount + at];
  }
}

interface Segment {
  readonly start: number;
  readonly count: number;
}

/** A layer's own parameters lie side by side among all trained ones; what fills them up to whole cache lines stays zero. */
function trainedSegment({ update, buffers }: Plan, { backward, parameters }: LayerPlan): Segment | undefined {
  if (!update || !backward) return undefined;
  const all = buffers[update.parameters];
  const own = Object.values(parameters)
    .map((id) => buffers[id])
    .filter(({ offset }) => offset >= all.offset && offset < all.offset + all.bytes);
  if (own.length === 0) return undefined;
  const start = Math.min(...own.map(({ offset }) => offset));
  const end = align(Math.max(...own.map(({ offset, bytes }) => offset + bytes)));
  const size = all.bytes / all.length;
  return { start: (start - all.offset) / size, count: (end - start) / size };
}
