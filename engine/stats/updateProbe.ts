/** Measures what an update does: the sizes of each parameter's gradient, of the parameter, and of its change. */
import { align, doublesOn } from '../kernels/backend.ts';
import {
  changeAt,
  changeCount,
  type Measurement,
  type Measuring,
  measurementBytes,
} from '../kernels/kernels.ts';
import type { FloatArray, Tensor } from '../kernels/tensor.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { Change } from './define.ts';

/** When gradients are measured: those of the loss, and those of the update before and after clipping. */
const moments = ['loss', 'unclipped', 'clipped'] as const;
type Moment = (typeof moments)[number];

/** Sums of one parameter. */
const sumCount = moments.length + changeCount;

/** Bytes of the backend's memory that the probe takes for this many parameters, if all are trained. */
export const updateProbeBytes = (parameters: number): number =>
  align(8 * sumCount * parameters) +
  (moments.length + 1) * align(measurementBytes * parameters) +
  align(measurementBytes);

/** One parameter of a layer, trained or fixed, that has a gradient. */
interface Watched {
  readonly name: string;
  readonly parameter: FloatArray;
  /** Its values before the update; undefined if no update changes it. */
  readonly before: FloatArray | undefined;
  readonly gradient: FloatArray;
  /** [1]: sum of squares of the gradient. */
  readonly squares: { readonly [moment in Moment]: Float64Array };
  /** In the order of `changeAt`. */
  readonly change: Float64Array;
}

export class UpdateProbe {
  /** By layer. */
  readonly #layers: readonly (readonly Watched[])[];
  readonly #measure: { readonly [moment in Moment | 'change']: Measuring };
  #clips = false;

  /** `outputs`: what can be measured of outputs when the gradients of the loss are complete. One call then takes all measurements. */
  constructor(runtime: Runtime, outputs: readonly Measurement[]) {
    const { backend, plan, tensors } = runtime;
    const { update, previous } = plan;
    const { kernels } = backend;
    this.#layers = watchedIn(runtime);
    const all = this.#layers.flat();
    const gradients = (moment: Moment) =>
      all.map(
        ({ gradient, squares }): Measurement => ({ what: 'squares', x: gradient, out: squares[moment] }),
      );
    const kept: Measurement[] =
      update && previous !== undefined
        ? [{ what: 'copy', x: tensors[update.parameters].data, other: tensors[previous].data }]
        : [];
    const changes = all.flatMap(({ parameter, before, change }): Measurement[] =>
      before ? [{ what: 'change', x: parameter, other: before, out: change }] : [],
    );
    this.#measure = {
      loss: kernels.prepare([...outputs, ...gradients('loss'), ...kept]),
      unclipped: kernels.prepare(gradients('unclipped')),
      clipped: kernels.prepare(gradients('clipped')),
      change: kernels.prepare(changes),
    };
  }

  /**
   * Call this when the gradients of the loss are complete, before penalties are added and before clipping. Also keeps the parameters,
   * which only the update changes. `batch`: samples of the step.
   */
  lossGradients(batch: number): void {
    this.#clips = false;
    this.#measure.loss(batch);
  }

  beforeClipping(): void {
    this.#clips = true;
    this.#measure.unclipped(0);
  }

  /** Call this right before the update. */
  before(): void {
    if (this.#clips) this.#measure.clipped(0);
  }

  after(): void {
    this.#measure.change(0);
  }

  /** Norm of the loss gradient with respect to the layer's parameters. */
  gradientNorm(layer: number): number {
    return Math.sqrt(this.#total(layer, 'loss'));
  }

  /** The same for each parameter. */
  gradientNorms(layer: number): { readonly [parameter: string]: number } {
    return Object.fromEntries(
      this.#layers[layer].map(({ name, squares }) => [name, Math.sqrt(squares.loss[0])]),
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
    return {
      ...changeOf(trained),
      tensors: Object.fromEntries(trained.map((one) => [one.name, changeOf([one])])),
    };
  }

  #trained(layer: number): readonly Watched[] {
    return this.#layers[layer].filter(({ before }) => before !== undefined);
  }

  #total(layer: number, moment: Moment): number {
    return this.#layers[layer].reduce((sum, { squares }) => sum + squares[moment][0], 0);
  }
}

function changeOf(parameters: readonly Watched[]): Change {
  const norm = (at: number) => Math.sqrt(parameters.reduce((sum, { change }) => sum + change[at], 0));
  return { parameters: norm(changeAt.before), change: norm(changeAt.change) };
}

/** Everything that is measured of parameters, by layer. */
function watchedIn(runtime: Runtime): Watched[][] {
  const { backend, passes } = runtime;
  const count = passes.reduce((sum, { gradParameters }) => sum + Object.keys(gradParameters).length, 0);
  const sums = doublesOn(backend, sumCount * count);
  let used = 0;
  const take = (length: number) => {
    used += length;
    return sums.subarray(used - length, used);
  };
  return passes.map(({ parameters, gradParameters }, layer) => {
    const before = parametersBefore(runtime, layer);
    return Object.entries<Tensor>(gradParameters).map(([name, { data }]) => ({
      name,
      parameter: parameters[name].data,
      before: before?.[name],
      gradient: data,
      squares: { loss: take(1), unclipped: take(1), clipped: take(1) },
      change: take(changeCount),
    }));
  });
}

/** Views on the copy that is made before each measured update; undefined where no update changes the layer. */
export function parametersBefore({ plan, tensors }: Runtime, index: number) {
  const { update, previous, buffers, layers } = plan;
  if (!update || previous === undefined || !layers[index].backward) return undefined;
  const all = buffers[update.parameters];
  const size = all.bytes / all.length;
  const own = Object.entries(layers[index].parameters).flatMap(([name, id]) => {
    const { offset, length } = buffers[id];
    const start = (offset - all.offset) / size;
    return start < 0 || start >= all.length
      ? []
      : [[name, tensors[previous].data.subarray(start, start + length)] as const];
  });
  return own.length === 0 ? undefined : Object.fromEntries(own);
}
