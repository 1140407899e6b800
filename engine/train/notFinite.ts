/** After a step with NaN or infinity: runs the same step again, value by value, to find the first one. */

import * as l10n from '@vscode/l10n';
import type { NotFinite } from '../diagnose/look.ts';
import { notFiniteReason } from '../diagnose/rules/notFinite.ts';
import { doublesOn } from '../kernels/backend.ts';
import { momentAt, momentCount } from '../kernels/kernels.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import type { Runtime } from '../plan/runtime.ts';
import { ProblemError } from '../schema/problem.ts';

/** Thrown when a step met NaN or infinity. */
export class StepFailure extends ProblemError {
  constructor(readonly notFinite: NotFinite) {
    const { layer, what } = notFinite;
    super(
      what === undefined ? 'data/not-finite' : 'train/not-finite',
      `${layer}: ${notFiniteReason(notFinite)}`,
      what === undefined ? ['training', 'data'] : ['layers', layer],
    );
  }
}

/** Nothing was updated since, so the step computes the same values as the first time. */
export function explainNotFinite(runtime: Runtime, batch: number, step: number): StepFailure {
  const { layers } = runtime.plan;
  const record = doublesOn(runtime.backend, momentCount);
  const isBad = (values: FloatArray, count: number): boolean => {
    runtime.backend.kernels.moments(
      count,
      values,
      0,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      record,
    );
    return record[momentAt.notFinite] > 0;
  };
  let first: { readonly layer: number; readonly what: string } | undefined;
  const look = (layer: number, what: string, values: FloatArray, count = values.length) => {
    if (!first && isBad(values, count)) first = { layer, what };
  };
  const inUse = (shape: readonly number[]) => shape.slice(1).reduce((product, size) => product * size, batch);
  const probe = {
    activation: (layer: number) => {
      const { parameters, output } = runtime.passes[layer];
      for (const [name, { data }] of Object.entries(parameters)) look(layer, name, data);
      look(layer, l10n.t('output'), output.data, inUse(output.shape));
    },
    gradient: (layer: number) => {
      const { gradOutput } = runtime.passes[layer];
      look(layer, l10n.t('gradient of its output'), gradOutput.data, inUse(gradOutput.shape));
    },
  };
  runtime.forward(batch, true, step, probe);
  if (!first) runtime.backward(true, probe);
  for (let layer = layers.length - 1; layer >= 0 && !first; layer--)
    for (const [name, { data }] of Object.entries(runtime.passes[layer].gradParameters))
      look(layer, l10n.t('gradient of {0}', name), data);
  const { layer, what } = first ?? { layer: layers.length - 1, what: l10n.t('loss') };
  const isData = layers[layer].inputs.length === 0;
  return new StepFailure({ layer: layers[layer].layer.name, what: isData ? undefined : what, step });
}
