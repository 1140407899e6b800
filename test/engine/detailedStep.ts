/** One training step of a network, measured in detail, with copies of the tensors at the moments at which they are complete. */
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { loadBackend } from '../../engine/kernels/wasm/load.ts';
import type { Runtime } from '../../engine/plan/runtime.ts';
import { ClipCounter } from '../../engine/stats/clipCounter.ts';
import { NetworkProbe } from '../../engine/stats/probes.ts';
import { openTraining } from '../../engine/train/open.ts';

export type Tensors = { readonly [tensor: string]: readonly number[] };
const copy = (tensors: object): Tensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { data }]: [string, { data: Float32Array }]) => [
      name,
      Array.from(data),
    ]),
  );

/** A training whose first samples are loaded, and a probe for its steps. */
export async function openOneBatch(text: string, batch: number, wasm: boolean) {
  const context = { folder: '.', float: wasm ? 'float32' : 'float64' } as const;
  const backend = wasm ? loadBackend('dist/kernels') : referenceBackend;
  const { parts, training } = await openTraining(text, context, backend);
  const first = Int32Array.from({ length: batch }, (_, i) => i);
  parts.loader.load(parts.dataset.train, first, batch);
  return { parts, training, probe: new NetworkProbe(parts.runtime) };
}

/** `change` is called before the step. Tensors are by layer and moment. */
export async function detailedStep(
  text: string,
  batch: number,
  wasm: boolean,
  change: (runtime: Runtime) => void = () => undefined,
) {
  const { parts, training, probe } = await openOneBatch(text, batch, wasm);
  const { runtime, dataset, loader } = parts;
  const names = runtime.plan.layers.map(({ layer }) => layer.name);
  const dumped: { [layer: string]: { [moment: string]: Tensors } } = Object.fromEntries(
    names.map((name) => [name, {}]),
  );
  const dump = (index: number, moment: string, tensors: object) => {
    dumped[names[index]][moment] = copy(tensors);
  };
  const all = (moment: string, tensors: 'parameters' | 'gradParameters') => {
    for (const [index, pass] of runtime.passes.entries()) dump(index, moment, pass[tensors]);
  };
  change(runtime);
  probe.beginDetail();
  training.trainer.accumulate(batch, 1, true, {
    begin: (samples) => probe.begin(samples),
    activation: (index) => {
      const { output, saved } = runtime.passes[index];
      dump(index, 'forward', { output, ...saved });
      probe.activation(index);
    },
    gradient: (index) => {
      dump(index, 'gradient', { output: runtime.passes[index].gradOutput });
      probe.gradient(index);
    },
    afterBackward: (index) => {
      dump(index, 'backward', runtime.passes[index].saved);
      probe.afterBackward(index);
    },
  });
  all('gradients', 'gradParameters');
  all('before', 'parameters');
  const clipping = new ClipCounter();
  training.trainer.update(0.01, 1, probe, clipping);
  all('after', 'parameters');
  all('clipped', 'gradParameters');
  const stats = probe.read();
  loader.load(dataset.test!, Int32Array.of(0), 1);
  runtime.forward(1, false, 0, {
    activation: (index) => {
      const { output, saved } = runtime.passes[index];
      dump(index, 'sample', { output, ...saved });
      probe.sample.activation(index);
    },
    gradient: () => undefined,
  });
  return { detail: probe.endDetail(), stats, dumped, runtime, clipping };
}
