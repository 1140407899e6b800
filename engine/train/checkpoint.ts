/** Weights of an earlier run: read from its files and put into a runtime. */

import * as l10n from '@vscode/l10n';
import { decodeSafetensors, type SafetensorsFile } from '../export/safetensors.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { Warning } from '../protocol/events/fields.ts';
import { nodeFs } from '../runs/fs.ts';
import { weightsPath } from '../runs/layout.ts';
import { readWeightsFile } from '../runs/reader.ts';
import { ProblemError } from '../schema/problem.ts';
import { shapeText } from '../schema/text.ts';
import { tensorsOf } from './kept.ts';
import { type Provenance, provenanceKey, readProvenance } from './provenance.ts';

export interface SavedWeights {
  readonly tensors: SafetensorsFile['tensors'];
  /** Undefined for weights of another program or version. */
  readonly trainedOn: Provenance | undefined;
}

/**
 * Reads what `saveKept` wrote, at most `memoryLimit` bytes. `renamed`: names of layers now, by those with which they were saved.
 * Throws ProblemError when there are no weights or they are damaged.
 */
export async function readWeights(
  folder: string,
  memoryLimit: number,
  renamed: { readonly [layer: string]: string } = {},
): Promise<SavedWeights> {
  const path = weightsPath(folder);
  const bytes = await readWeightsFile(folder, memoryLimit);
  if (!bytes) throw new ProblemError('weights/missing', await whyMissing(folder), []);
  try {
    const { tensors, metadata } = decodeSafetensors(bytes);
    refuseNotFinite(tensors);
    const now = (name: string): string => {
      const dot = name.lastIndexOf('.');
      const layer = name.slice(0, dot);
      return (Object.hasOwn(renamed, layer) ? renamed[layer] : layer) + name.slice(dot);
    };
    const named = new Map([...tensors].map(([name, tensor]) => [now(name), tensor]));
    return { tensors: named, trainedOn: readProvenance(metadata.get(provenanceKey)) };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw new ProblemError(
      'weights/damaged',
      l10n.t('{0}: {1}. Train the network again.', path, error.message),
      [],
    );
  }
}

/** No run of ours saves such weights, and every score of them would be without meaning. */
function refuseNotFinite(tensors: SavedWeights['tensors']): void {
  for (const [name, { data }] of tensors)
    if (!data.every(Number.isFinite))
      throw new ProblemError('weights/damaged', l10n.t('"{0}" contains NaN or infinity', name), []);
}

/** A person may have named the folder. */
async function whyMissing(folder: string): Promise<string> {
  const found = await nodeFs.look(folder);
  if (!found) return l10n.t('there is no folder {0}. Name the folder of a run.', folder);
  if (found.kind === 'file') return l10n.t('{0} is a file. Name the folder of a run.', folder);
  return l10n.t(
    'there are no trained weights yet (looked for {0}). Train the network first.',
    weightsPath(folder),
  );
}

/** Names of tensors that a message lists. */
const mostNamed = 6;

/**
 * Fills the runtime's parameters, and warns of saved parameters that the network does not have. Throws ProblemError when the
 * weights belong to another network.
 */
export function restoreWeights({ tensors }: SavedWeights, runtime: Runtime): readonly Warning[] {
  const unused = new Set(tensors.keys());
  for (const { name, shape, data } of tensorsOf(runtime)) {
    unused.delete(name);
    const found = tensors.get(name);
    const layer = name.slice(0, name.lastIndexOf('.'));
    if (found?.shape.join() !== shape.join())
      throw new ProblemError(
        'weights/other-network',
        l10n.t(
          '{0}: the saved weights {1}, but the network needs {2}. The network has changed since; train it again.',
          name,
          found ? l10n.t('are {0}', shapeText(found.shape)) : l10n.t('do not contain it'),
          shapeText(shape),
        ),
        ['layers', layer],
      );
    data.set(found.data);
  }
  if (unused.size === 0) return [];
  const names = [...unused];
  const listed = [...names.slice(0, mostNamed), ...(names.length > mostNamed ? ['…'] : [])].join(', ');
  return [
    {
      code: 'weights/unused',
      message: l10n.t(
        'The saved weights contain parameters that the network does not have ({0}), so it has changed since. They are not used; train it again.',
        listed,
      ),
      path: [],
    },
  ];
}

/** Fills the parameters of some layers that have them in the same shapes; returns the layers that took all of theirs. */
export function keepWeights(
  { tensors }: SavedWeights,
  runtime: Runtime,
  layers: readonly string[],
): readonly string[] {
  const all = tensorsOf(runtime).map((tensor) => ({
    ...tensor,
    layer: tensor.name.slice(0, tensor.name.lastIndexOf('.')),
    saved: tensors.get(tensor.name),
  }));
  return layers.filter((name) => {
    const filled = all.filter(({ layer }) => layer === name);
    if (filled.length === 0 || filled.some(({ shape, saved }) => saved?.shape.join() !== shape.join()))
      return false;
    for (const { data, saved } of filled) data.set(saved!.data);
    return true;
  });
}
