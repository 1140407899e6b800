/** What a run keeps: its weights, as views of memory that another thread can save, should the run's own thread be ended. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodeSafetensors, type NamedTensor } from '../export/safetensors.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { TrainingSpec } from '../spec/document.ts';
import type { Commits, Copies } from './commits.ts';

export const weightsFile = 'weights.safetensors';

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

type KeptTensor = NamedTensor & Copies;

/** All that saving needs. Plain data, which can be sent to another thread. */
export interface Kept {
  /** Where the files are. */
  readonly output: string;
  readonly tensors: readonly KeptTensor[];
  /** What else the weights file says: texts by their keys. */
  readonly metadata: { readonly [key: string]: string };
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

/** Saves the weights of the last whole step, also in the midst of another one, or of a better epoch. Throws the system's error. */
export async function saveKept({ output, tensors, metadata }: Kept, commits: Commits): Promise<void> {
  // Weights of no step, and such as are not finite, are of no use to anyone: what was saved before is better.
  if (commits.isTorn) return;
  const whole = tensors.map((tensor) => ({
    name: tensor.name,
    shape: tensor.shape,
    data: commits.whole(tensor.data, tensor),
  }));
  if (whole.some(({ data }) => data.some((value) => !Number.isFinite(value)))) return;
  const step = String(commits.keptStep);
  await writeWhole(
    join(output, weightsFile),
    encodeSafetensors(whole, { format: 'netloom', step, ...metadata }),
  );
}

/**
 * Replaces a file as a whole: writes a temporary file beside it, forces it to disk, and only then takes its
 * name. On any failure the old file is left as it was. Throws the system's error.
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      for (let written = 0; written < bytes.length; )
        written += (await file.write(bytes, written, bytes.length - written)).bytesWritten;
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
