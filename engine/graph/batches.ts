/** Checks for batches of one sample, which layers with statistics over the batch cannot use. */
import * as l10n from '@vscode/l10n';
import type { TrainingSpec } from '../spec/document.ts';
import type { Issue } from '../spec/source.ts';
import type { TypedGraph, TypedLayer } from './typed.ts';

/** Layers for which a batch of one sample has only one value for each statistic, so that its variance would be 0. */
export const layersNeedingBatches = ({ layers }: TypedGraph): TypedLayer[] =>
  layers.filter(({ inferred }) => inferred.valuesPerStatistic === 1);

/** Refuses to train with batches of one sample if a layer then has nothing to measure. */
export function checkBatches(training: TrainingSpec | undefined, graph: TypedGraph): Issue[] {
  if (training?.batchSize !== 1) return [];
  return layersNeedingBatches(graph).map(({ name, spec }) => ({
    code: 'training/one-row',
    severity: 'error',
    message: l10n.t(
      '{0}: {1} measures the variance over a batch, and with "batchSize" 1 a batch has one value only. Use at least 2, better 8 or more, or replace it with groupNorm or layerNorm.',
      name,
      spec.type,
    ),
    layer: name,
    path: ['training', 'batchSize'],
    on: 'value',
  }));
}
