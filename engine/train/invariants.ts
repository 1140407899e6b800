/**
 * What holds in every run, checked once an epoch: no parameter changes that is frozen, and layers that share parameters compute
 * with the same numbers. A breach is a fault of a layer's or an optimizer's code, not of the network. (That a parameter with a gradient
 * changes is a rule of the diagnosis, `update/lost`.)
 */
import type { BrokenInvariant } from '../diagnose/look.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import type { Runtime } from '../plan/runtime.ts';

/** The most numbers of a tensor that are compared, at even distances. */
const mostNumbers = 1024;

interface Parameter {
  readonly layer: string;
  readonly parameter: string;
  readonly data: FloatArray;
}

export class Invariants {
  /** What is frozen, as it was when the epoch began. */
  #before: readonly (Parameter & { readonly was: Float64Array })[] = [];

  constructor(readonly runtime: Runtime) {}

  /** Remembers what must not change until the epoch ends. */
  beginEpoch(): void {
    this.#before = this.runtime.plan.layers.flatMap(({ layer: { spec } }, index) =>
      spec.common.trainable || spec.common.shares !== undefined
        ? []
        : this.#parameters(index).map((own) => ({ ...own, was: samplesOf(own.data) })),
    );
  }

  /** What has been broken since the epoch began. Of a training that was continued within an epoch, only what is not equal. */
  broken(): readonly BrokenInvariant[] {
    const moved = this.#before.flatMap(({ layer, parameter, data, was }) =>
      breach('frozenStays', { layer, parameter, data }, differenceOf(was, samplesOf(data))),
    );
    const { layers } = this.runtime.plan;
    const unequal = layers.flatMap(({ layer: { spec } }, index) => {
      const { shares } = spec.common;
      if (shares === undefined) return [];
      const owner = layers.findIndex(({ layer }) => layer.name === shares);
      const owned = this.#parameters(owner);
      return this.#parameters(index).flatMap((own, place) => {
        const { data } = owned[place];
        const difference = isSame(own.data, data) ? 0 : differenceOf(samplesOf(own.data), samplesOf(data));
        return breach('sharedAreEqual', own, difference);
      });
    });
    return [...moved, ...unequal];
  }

  /** The parameters that a layer computes with. */
  #parameters(index: number): Parameter[] {
    const { plan, passes } = this.runtime;
    const layer = plan.layers[index].layer.name;
    return Object.entries(passes[index].parameters).map(([parameter, { data }]) => ({
      layer,
      parameter,
      data,
    }));
  }
}

const breach = (
  invariant: BrokenInvariant['invariant'],
  { layer, parameter }: Parameter,
  difference: number,
): readonly BrokenInvariant[] => (difference > 0 ? [{ invariant, layer, parameter, difference }] : []);

/** Whether both are views of the same memory, as the plan lays shared parameters out. */
const isSame = (one: FloatArray, other: FloatArray): boolean =>
  one.buffer === other.buffer && one.byteOffset === other.byteOffset && one.length === other.length;

function samplesOf(data: FloatArray): Float64Array {
  const stride = Math.max(1, Math.ceil(data.length / mostNumbers));
  const samples = new Float64Array(Math.ceil(data.length / stride));
  for (let place = 0; place < samples.length; place++) samples[place] = data[place * stride];
  return samples;
}

/** The largest difference. What is not a number counts as equal: a run that has such numbers ends. */
function differenceOf(before: Float64Array, now: Float64Array): number {
  let most = 0;
  for (let i = 0; i < before.length; i++) {
    const difference = Math.abs(now[i] - before[i]);
    if (difference > most) most = difference;
  }
  return most;
}
