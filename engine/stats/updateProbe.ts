/** Measures what an update does: the sizes of each parameter's gradient, of the parameter, and of its change. */
import { align, doublesOn } from '../kernels/backend.ts';
import { type Kernels, updateAt, updateCount } from '../kernels/kernels.ts';
import type { FloatArray, Tensor } from '../kernels/tensor.ts';
import type { LayerPlan, Plan } from '../plan/plan.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { Change } from './define.ts';

/** Bytes of the backend's memory that the probe takes for this many parameters, if all are trained. */
export const updateProbeBytes = (parameters: number): number =>
  align(4 * 2 * parameters) + align(8 * updateCount * parameters);

/** One parameter of a layer, trained or fixed, that has a gradient. */
interface Watched {
  readonly name: string;
  /** Its row in `#table` and `#sums`; undefined if no update changes it. */
  readonly row: number | undefined;
  readonly gradient: FloatArray;
  /** Sums of squares of the loss gradient, and of the gradient before and after clipping. */
  readonly squares: { loss: number; unclipped: number; clipped: number };
}

export class UpdateProbe {
  readonly #kernels: Kernels;
  /** All trained parameters, their values before the update, and their gradients; absent if nothing is trained. */
  readonly #ranges: { readonly [range in 'parameters' | 'previous' | 'gradients']: FloatArray } | undefined;
  readonly #layers: readonly (readonly Watched[])[];
  /** [rows, 2]: the start of each trained parameter among all, and its number of elements. */
  readonly #table: Int32Array;
  /** [rows, updateCount]. */
  readonly #sums: Float64Array;
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
    const table: number[] = [];
    this.#layers = passes.map(({ gradParameters }, layer) =>
      Object.entries<Tensor>(gradParameters).map(([name, gradient]) => {
        const segment = trainedSegment(plan, plan.layers[layer], name);
        if (segment) table.push(segment.start, segment.count);
        return {
          name,
          row: segment && table.length / 2 - 1,
          gradient: gradient.data,
          squares: { loss: 0, unclipped: 0, clipped: 0 },
        };
      }),
    );
    const { buffer, base } = backend.allocate(table.length * Int32Array.BYTES_PER_ELEMENT);
    this.#table = new Int32Array(buffer as ArrayBuffer, base, table.length);
    this.#table.set(table);
    this.#sums = doublesOn(backend, (updateCount * table.length) / 2);
  }

  /** Call this when the gradients of the loss are complete, before penalties are added and before clipping. */
  lossGradients(): void {
    this.#clips = false;
    this.#measureGradients('loss');
  }

  beforeClipping(): void {
    this.#clips = true;
    this.#measureGradients('unclipped');
  }

  /** Call this right before the update: keeps the parameters for comparison. */
  before(): void {
    if (this.#ranges) this.#kernels.copy(this.#ranges.parameters, this.#ranges.previous);
    if (this.#clips) this.#measureGradients('clipped');
  }

  after(): void {
    if (!this.#ranges) return;
    const { parameters, previous } = this.#ranges;
    this.#kernels.measureUpdate(this.#table.length / 2, this.#table, parameters, previous, this.#sums);
  }

  #measureGradients(which: keyof Watched['squares']): void {
    for (const parameters of this.#layers)
      for (const { row, gradient, squares } of parameters)
        if (row !== undefined || which === 'loss')
          squares[which] = this.#kernels.sumOfSquares(gradient.length, gradient, 0);
  }

  /** Norm of the loss gradient with respect to the layer's parameters. */
  gradientNorm(layer: number): number {
    return Math.sqrt(this.#total(layer, 'loss'));
  }

  /** The same for each parameter. */
  gradientNorms(layer: number): { readonly [parameter: string]: number } {
    return Object.fromEntries(
      this.#layers[layer].map(({ name, squares }) => [name, Math.sqrt(squares.loss)]),
    );
  }

  /** Norm of the gradient that the update used; undefined if clipping did not change it. */
  clippedNorm(layer: number): number | undefined {
    if (!this.#clips || this.#trained(layer).length === 0) return undefined;
    const clipped = this.#total(layer, 'clipped');
    return clipped === this.#total(layer, 'unclipped') ? undefined : Math.sqrt(clipped);
  }

  /** Norms before the update and norms of the change, for the layer and for each parameter; undefined if nothing is trained. */
  change(
    layer: number,
  ): (Change & { readonly tensors: { readonly [parameter: string]: Change } }) | undefined {
    const trained = this.#trained(layer);
    if (trained.length === 0) return undefined;
    const rows = trained.map(({ row }) => row!);
    const norm = (rows: readonly number[], at: number) =>
      Math.sqrt(rows.reduce((sum, row) => sum + this.#sum(row, at), 0));
    const of = (rows: readonly number[]): Change => ({
      parameters: norm(rows, updateAt.parameters),
      change: norm(rows, updateAt.change),
    });
    return {
      ...of(rows),
      tensors: Object.fromEntries(trained.map(({ name, row }) => [name, of([row!])])),
    };
  }

  #trained(layer: number): readonly Watched[] {
    return this.#layers[layer].filter(({ row }) => row !== undefined);
  }

  #total(layer: number, which: keyof Watched['squares']): number {
    return this.#layers[layer].reduce((sum, { squares }) => sum + squares[which], 0);
  }

  #sum(row: number, at: number): number {
    return this.#sums[row * updateCount + at];
  }
}

interface Segment {
  readonly start: number;
  readonly count: number;
}

/** The position of a parameter among all trained ones; undefined if no update changes it. */
function trainedSegment(
  { update, buffers }: Plan,
  { backward, parameters }: LayerPlan,
  name: string,
): Segment | undefined {
  if (!update || !backward) return undefined;
  const all = buffers[update.parameters];
  const { offset, length } = buffers[parameters[name]];
  if (offset < all.offset || offset >= all.offset + all.bytes) return undefined;
  return { start: ((offset - all.offset) * all.length) / all.bytes, count: length };
}
