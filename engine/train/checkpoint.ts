/** Weights on disk: what a run keeps, written so that a crash or a full disk never destroys what was there. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
  SafetensorsError,
  type SafetensorsFile,
} from '../export/safetensors.ts';
import type { Runtime } from '../plan/runtime.ts';
import { RunError } from '../schema/runError.ts';
import { showShape } from './model.ts';
import { type Provenance, provenanceKey, readProvenance, writeProvenance } from './provenance.ts';

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

export async function saveWeights(
  folder: string,
  runtime: Runtime,
  step: number,
  trainedOn: Provenance,
): Promise<void> {
  const tensors = tensorsOf(runtime);
  // Weights that are not finite are of no use to anyone: what was saved before is better.
  if (tensors.some(({ data }) => data.some((value) => !Number.isFinite(value)))) return;
  await writeWhole(
    join(folder, weightsFile),
    encodeSafetensors(tensors, {
      format: 'netloom',
      step: String(step),
      [provenanceKey]: writeProvenance(trainedOn),
    }),
  );
}

export interface SavedWeights {
  readonly tensors: SafetensorsFile['tensors'];
  /** Undefined for weights of another program or version. */
  readonly trainedOn: Provenance | undefined;
}

/** Reads what `saveWeights` wrote. Throws RunError when there are no weights or they are damaged. */
export async function readWeights(folder: string): Promise<SavedWeights> {
  const path = join(folder, weightsFile);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch {
    throw new RunError(
      'weights/missing',
      l10n.t('there are no trained weights yet (looked for {0}). Train the network first.', path),
      [],
    );
  }
  try {
    const { tensors, metadata } = decodeSafetensors(bytes);
    return { tensors, trainedOn: readProvenance(metadata.get(provenanceKey)) };
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    throw new RunError(
      'weights/damaged',
      l10n.t('{0}: {1}. Train the network again.', path, error.message),
      [],
    );
  }
}

/** Fills the runtime's parameters. Throws RunError when the weights belong to another network. */
export function restoreWeights({ tensors }: SavedWeights, runtime: Runtime): void {
  for (const { name, shape, data } of tensorsOf(runtime)) {
    const found = tensors.get(name);
    const layer = name.slice(0, name.lastIndexOf('.'));
    if (found?.shape.join() !== shape.join())
      throw new RunError(
        'weights/other-network',
        l10n.t(
          '{0}: the saved weights {1}, but the network needs {2}. The network has changed since; train it again.',
          name,
          found ? l10n.t('are {0}', showShape(found.shape)) : l10n.t('do not hold it'),
          showShape(shape),
        ),
        ['layers', layer],
      );
    data.set(found.data);
  }
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
