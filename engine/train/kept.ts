/** What a run keeps: its weights, as views of memory that another thread can save, should the run's own thread be ended. */
import { encodeSafetensors, type NamedTensor } from '../export/safetensors.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { End } from '../protocol/training.ts';
import type { Handover, RunWriter } from '../runs/writer.ts';
import type { TrainingSpec } from '../spec/document.ts';
import type { Commits, Copies } from './commits.ts';

/** Parameters and persistent state of every layer, as "layer.parameter". */
export function tensorsOf(runtime: Runtime): NamedTensor[] {
  return runtime.plan.layers.flatMap(({ layer, parameters, state }) => {
    const own = layer.spec.common.shares === undefined ? parameters : {};
    return Object.entries({ ...own, ...state }).map(([name, id]) => ({
      name: `${layer.name}.${name}`,
      shape: runtime.plan.buffers[id].shape,
      data: runtime.tensor(id).data,
    }));
  });
}

/** A tensor with the copies that are made of it. */
export type KeptTensor = NamedTensor & Copies;

export interface KeptWeights {
  readonly tensors: readonly KeptTensor[];
  /** What else the weights file says: texts by their keys. */
  readonly metadata: { readonly [key: string]: string };
}

/** All that another thread needs to finish a run. Plain data, and views of shared memory. */
export interface Kept extends KeptWeights {
  readonly handover: Handover;
}

/** The runtime's tensors for as long as it trains. Call it once, before the first step. */
export function keptTensors(
  runtime: Runtime,
  { earlyStopping }: TrainingSpec,
  commits: Commits,
): readonly KeptTensor[] {
  const states = runtime.plan.layers.flatMap(({ state }) => Object.values(state));
  const changing = new Set(states.map((id) => runtime.tensor(id).data));
  return tensorsOf(runtime).map((tensor) => ({
    ...tensor,
    ...commits.copy(tensor.data, changing.has(tensor.data), earlyStopping?.restoreBest === true),
  }));
}

/** Saves the weights of the last whole step, also in the midst of another one, or of a better epoch. */
export async function saveKept(
  files: RunWriter,
  { tensors, metadata }: KeptWeights,
  commits: Commits,
): Promise<void> {
  // Weights of no step, and such as are not finite, are of no use to anyone: what was saved before is better.
  if (commits.isTorn) return;
  const whole = tensors.map((tensor) => ({
    name: tensor.name,
    shape: tensor.shape,
    data: commits.whole(tensor.data, tensor),
  }));
  if (whole.some(({ data }) => data.some((value) => !Number.isFinite(value)))) return;
  const step = String(commits.keptStep);
  await files.saveWeights(encodeSafetensors(whole, { format: 'netloom', step, ...metadata }));
}

/** Saves the weights as they are in the end, and ends the files. Returns the end with what could not be written. */
export async function finishRun(
  files: RunWriter,
  kept: KeptWeights,
  commits: Commits,
  end: End,
): Promise<End> {
  // Also of a finished run: early stopping may have gone back to earlier weights since the last epoch was saved. But
  // weights of a run that failed before its first epoch was over replace nobody's.
  if (end.reason !== 'failed' || !files.isStaged) await saveKept(files, kept, commits);
  return files.end(end);
}
