/** Checks that the metrics in the spec can be computed, whatever the data is. */

import { losses as lossTypes } from '../losses/registry.ts';
import { misfitOfAll, type NamedLoss } from '../metrics/fit.ts';
import type { OutputRef, TrainingSpec } from '../spec/document.ts';
import type { Issue } from '../spec/source.ts';
import { outputShape } from './infer.ts';
import type { TypedGraph } from './typed.ts';

const nameOf = ({ layer, output }: OutputRef): string =>
  output === undefined ? layer : `${layer}.${output}`;

/** The problems of metrics. None if a loss has a problem, which comes first. */
export function checkMetrics({ metrics = [], losses }: TrainingSpec, typed: TypedGraph): Issue[] {
  const judged: NamedLoss[] = [];
  for (const { type, attributes, from } of losses) {
    const source = typed.byName.get(from.layer);
    const prediction = source && outputShape(source, from.output);
    if (!prediction) return [];
    judged.push({
      type,
      from: nameOf(from),
      prediction,
      target: undefined,
      reading: lossTypes.get(type).reads(attributes),
    });
  }
  return metrics.flatMap(({ type }, index) => {
    const message = misfitOfAll(type, judged);
    if (message === undefined) return [];
    return [
      {
        code: 'metric/misfit',
        severity: 'error',
        message,
        path: ['training', 'metrics', index],
        on: 'value',
      },
    ];
  });
}
