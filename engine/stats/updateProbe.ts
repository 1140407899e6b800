/** Measures what an update does: the sizes of each parameter's gradient, of the parameter, and of its change. */
import { align, type Backend, doublesOn } from '../kernels/backend.ts';
import { type Kernels, updateAt, updateCount } from '../kernels/kernels.ts';
import type { FloatArray, Tensor } from '../kernels/tensor.ts';
import type { LayerPlan, Plan } from '../plan/plan.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { Change } from './define.ts';

/** Bytes of the backend's memory that the probe takes for this many parameters, if all are trained. */
export const updateProbeBytes = (parameters: number): number =>
  2 * align(4 * 2 * parameters) + align(8 * updateCount * parameters) + 3 * align(8 * parameters);

/** When gradients are measured: those of the loss, and those of the update before and after clipping. */
type Moment = 'loss' | 'unclipped' | 'clipped';

/** One parameter of a layer, trained or fixed, that has a gradient. */
interface Watched {
  readonly name: string;
  /** Its row in the sums of squares of gradients. */
  readonly gradient: number;
  /** Its row in the sums of an update; undefined if no update changes it. */
  readonly update: number | undefined;
}

export class UpdateProbe {
  readonly #kernels: Kernels;
  /** All trained parameters and their values before the update; absent if nothing is trained. */
  readonly #ranges: { readonly [range in 'parameters' | 'previous']: FloatArray } | undefined;
  /** By layer. */
  readonly #layers: readonly (readonly Watched[])[];
  /** From the first gradient of a parameter to the last one. */
  readonly #gradients: FloatArray;
  readonly #gradientTable: Int32Array;
  /** [gradients]: sums of squares. */
  readonly #squares: { readonly [moment in Moment]: Float64Array };
  readonly #updateTable: Int32Array;
  /** [updates, updateCount]. */
  readonly #sums: Float64Array;
  #clips = false;

  constructor({ plan, backend, passes, tensors }: Runtime) {
    const { update, previous } = plan;
    this.#kernels = backend.kernels;
    this.#ranges =
      update && previous !== undefined
        ? { parameters: tensors[update.parameters].data, previous: tensors[previous].data }
        : undefined;
    const gradients: FloatArray[] = [];
    const updates: Segment[] = [];
    this.#layers = passes.map(({ gradParameters }, layer) =>
      Object.entries<Tensor>(gradParameters).map(([name, { data }]) => {
        const segment = trainedSegment(plan, plan.layers[layer], name);
        const row = segment && updates.push(segment) - 1;
        return { name, gradient: gradients.push(data) - 1, update: row };
      }),
    );
    this.#gradients = rangeOf(gradients);
    this.#gradientTable = tableOf(
      backend,
      gradients.map((data) => segmentIn(this.#gradients, data)),
    );
    const squares = () => doublesOn(backend, gradients.length);
    this.#squares = { loss: squares(), unclipped: squares(), clipped: squares() };
    this.#updateTable = tableOf(backend, updates);
    this.#sums = doublesOn(backend, updateCount * updates.length);
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
    const table = this.#updateTable;
    this.#kernels.measureUpdate(table.length / 2, table, parameters, previous, this.#sums);
  }

  #measureGradients(moment: Moment): void {
    const table = this.#gradientTable;
    this.#kernels.sumsOfSquares(table.length / 2, table, this.#gradients, this.#squares[moment]);
  }

  /** Norm of the loss gradient with respect to the layer's parameters. */
  gradientNorm(layer: number): number {
    return Math.sqrt(this.#total(layer, 'loss'));
  }

  /** The same for each parameter. */
  gradientNorms(layer: number): { readonly [parameter: string]: number } {
    return Object.fromEntries(
      this.#layers[layer].map(({ name, gradient }) => [name, Math.sqrt(this.#squares.loss[gradient])]),
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
    const rows = trained.map(({ update }) => update!);
    const norm = (rows: readonly number[], at: number) =>
      Math.sqrt(rows.reduce((sum, row) => sum + this.#sum(row, at), 0));
    const of = (rows: readonly number[]): Change => ({
      parameters: norm(rows, updateAt.parameters),
      change: norm(rows, updateAt.change),
    });
    return {
      ...of(rows),
      tensors: Object.fromEntries(trained.map(({ name, update }) => [name, of([update!])])),
    };
  }

  #trained(layer: number): readonly Watched[] {
    return this.#layers[layer].filter(({ update }) => update !== undefined);
  }

  #total(layer: number, moment: Moment): number {
    return this.#layers[layer].reduce((sum, { gradient }) => sum + this.#squares[moment][gradient], 0);
  }

  #sum(row: number, at: number): number {
    return this.#sums[row * updateCount + at];
  }
}

/** A part of a range, in elements. */
interface Segment {
  readonly start: number;
  readonly count: number;
}

/** [segments, 2]: starts and counts, in the backend's memory. */
function tableOf(backend: Backend, segments: readonly Segment[]): Int32Array {
  const { buffer, base } = backend.allocate(2 * segments.length * Int32Array.BYTES_PER_ELEMENT);
  const table = new Int32Array(buffer as ArrayBuffer, base, 2 * segments.length);
  table.set(segments.flatMap(({ start, count }) => [start, count]));
  return table;
}

/** The memory from the first to the last of several arrays in one buffer. */
function rangeOf(arrays: readonly FloatArray[]): FloatArray {
  if (arrays.length === 0) return new Float32Array();
  const [{ buffer, BYTES_PER_ELEMENT: unit }] = arrays;
  const from = Math.min(...arrays.map(({ byteOffset }) => byteOffset));
  const to = Math.max(...arrays.map(({ byteOffset, byteLength }) => byteOffset + byteLength));
  const Floats = unit === 8 ? Float64Array : Float32Array;
  return new Floats(buffer as ArrayBuffer, from, (to - from) / unit);
}

const segmentIn = (
  range: FloatArray,
  { byteOffset, length, BYTES_PER_ELEMENT: unit }: FloatArray,
): Segment => ({
  start: (byteOffset - range.byteOffset) / unit,
  count: length,
});

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
