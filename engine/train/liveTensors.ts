/** The tensors of a training's state in place, by their names in `TrainingState`. */
import type { FloatArray, Tensor } from '../kernels/tensor.ts';
import type { LayerPlan } from '../plan/plan.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { NetworkProbe } from '../stats/probes.ts';
import type { Curve } from './curve.ts';
import type { KeptTensor } from './kept.ts';
import type { Tally } from './scores.ts';

export interface Live {
  readonly runtime: Runtime;
  readonly kept: readonly KeptTensor[];
  readonly curve: Curve;
  readonly probe: NetworkProbe;
}

/** `pending`: gradients are accumulated for an update. `best`: weights of a best epoch were kept. */
export function liveTensors(
  { runtime, kept, curve, probe }: Live,
  has: { readonly pending: boolean; readonly best: boolean },
): Map<string, Tensor> {
  const live = new Map<string, Tensor>();
  for (const { name, shape, data, best } of kept) {
    live.set(`weights/${name}`, { shape, data });
    if (best && has.best) live.set(`best/${name}`, { shape, data: best });
  }
  const { plan } = runtime;
  for (const layer of plan.layers) {
    for (const [name, tensor] of slotsOf(runtime, layer)) live.set(`slots/${name}`, tensor);
    if (has.pending && owns(layer))
      for (const [name, id] of Object.entries(layer.backward?.gradParameters ?? {}))
        live.set(`gradients/${layer.layer.name}.${name}`, runtime.tensor(id));
  }
  for (const [stretch, tally] of Object.entries(curve.tallies))
    for (const [name, data] of sumsOf(tally)) live.set(`curve/${stretch}/${name}`, vector(data));
  for (const [name, data] of probe.memory) live.set(`probe/${name}`, vector(data));
  return live;
}

const vector = (data: FloatArray): Tensor => ({ shape: [data.length], data });

const owns = ({ layer }: LayerPlan): boolean => layer.spec.common.shares === undefined;

/** Each optimizer slot of each trained parameter of a layer, e.g. "m/conv1.kernel": parts of the slot's flat buffer. */
function slotsOf({ plan, tensors }: Runtime, layer: LayerPlan): [string, Tensor][] {
  const { update, buffers } = plan;
  if (!update || !owns(layer)) return [];
  const all = buffers[update.parameters];
  return Object.entries(layer.parameters).flatMap(([name, id]) => {
    const { shape, offset, length, bytes } = buffers[id];
    const start = ((offset - all.offset) * length) / bytes;
    if (start < 0 || start >= all.length) return [];
    return update.slots.map((slot): [string, Tensor] => [
      `${buffers[slot].name}/${layer.layer.name}.${name}`,
      { shape, data: tensors[slot].data.subarray(start, start + length) },
    ]);
  });
}

function sumsOf({ losses, totals, metrics }: Tally): [string, Float64Array][] {
  return [
    ['losses', losses],
    ['totals', totals],
    ...metrics.map((sums, index): [string, Float64Array] => [`metric ${index + 1}`, sums]),
  ];
}
