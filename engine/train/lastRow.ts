/** Warns of a last batch with a single sample, if a layer needs a variance over the batch. */
import * as l10n from '@vscode/l10n';
import { layersNeedingBatches } from '../graph/batches.ts';
import type { TypedGraph } from '../graph/typed.ts';
import type { Warning } from '../protocol/events.ts';

export function lastRowWarnings(graph: TypedGraph, batchSize: number, samples: number): Warning[] {
  if (samples % batchSize !== 1) return [];
  return layersNeedingBatches(graph).map(({ name }) => ({
    code: 'training/last-row',
    message: l10n.t(
      '{0}: the last batch of each epoch has one sample ({1} samples, "batchSize" {2}), and one value has no variance. That batch is normalized by the running statistics. Choose another "batchSize" to treat all samples the same way.',
      name,
      samples,
      batchSize,
    ),
    path: ['layers', name],
  }));
}
