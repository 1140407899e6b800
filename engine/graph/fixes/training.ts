/** Fixes of how a network is trained: losses, metrics, batches. */
import * as l10n from '@vscode/l10n';
import type { Shape } from '../../layers/define.ts';
import { losses } from '../../losses/registry.ts';
import { optimizers } from '../../optimizers/registry.ts';
import type { Json, Path } from '../../schema/attributes.ts';
import type { Fix } from '../../schema/problem.ts';
import type { LossSpec } from '../../spec/document.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import type { Analysis } from '../typed.ts';
import { type Fixer, type Fixers, valueAt } from './define.ts';
import { fittingData, isComplete } from './fittingData.ts';

const remove = (path: Path): SpecEdit => ({ kind: 'removeAt', path: [...path] });

/** Removes a list of the wrong length: it does not show which values are meant. */
const removeFix: Fixer = ({ path }) => ({
  title: l10n.t('Remove "{0}"', String(path.at(-1))),
  edit: remove(path),
});

const metricFix: Fixer = ({ path }, subject) => {
  const metrics = valueAt(subject, path.slice(0, -1));
  const isLast = Array.isArray(metrics) && metrics.length === 1;
  // Without a list, the metrics are those that suit the loss.
  return { title: l10n.t('Remove this metric'), edit: remove(isLast ? path.slice(0, -1) : path) };
};

/** A batch size that is known to work with batch normalization. */
const batchSize = 8;

const batchFix: Fixer = ({ path }) => ({
  title: l10n.t('Set "{0}" to {1}', 'batchSize', batchSize),
  edit: { kind: 'replaceAt', path: [...path], value: batchSize },
});

/**
 * Adds a section "training" to a network without one. Each output of the network gets the first loss that can judge it, and data
 * that need no file and fit where any do. Undefined if no output is known.
 */
export function startTraining({ spec, graph }: Pick<Analysis, 'spec' | 'graph'>): Fix<SpecEdit> | undefined {
  const read = new Set(spec.layers.flatMap(({ from }) => from.map(({ layer }) => layer)));
  const judged = graph.layers
    .filter(({ name, from }) => !read.has(name) && from.length > 0)
    .flatMap(({ name, inferred }) => lossFor(name, inferred.output) ?? []);
  const data = fittingData(graph, judged);
  const optimizer = [...optimizers].find(isComplete)?.type;
  if (judged.length === 0 || data === undefined || optimizer === undefined) return undefined;
  const losses = judged.map(({ type, from }): Json => ({ type, from: from.layer }));
  const value = { data, loss: losses.length === 1 ? losses[0] : losses, optimizer: { type: optimizer } };
  return {
    title: l10n.t('Add a "{0}" section', 'training'),
    edit: { kind: 'setTraining', path: [], value },
  };
}

function lossFor(layer: string, prediction: Shape): LossSpec | undefined {
  for (const kind of losses) {
    const reading = losses.read(kind.type);
    if ('problems' in reading) continue;
    const isOne = prediction.at(-1) === 1 && kind.reads(reading.value.attributes).predictions === 'scores';
    if (!isOne && !('problem' in kind.infer(reading.value.attributes, prediction, undefined)))
      return { ...reading.value, from: { layer }, weight: 1, target: undefined };
  }
  return undefined;
}

export const trainingFixers: Fixers = {
  'training/one-row': batchFix,
  'loss/class-weights': removeFix,
  'loss/positive-weights': removeFix,
  'metric/misfit': metricFix,
};
