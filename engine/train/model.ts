/**
 * From spec and data to a plan that is ready to run: matches inputs and targets, and refuses what does not fit or is too large.
 */

import * as l10n from '@vscode/l10n';
import type { Dataset, Field } from '../data/define.ts';
import { outputsFix } from '../graph/fixes/outputs.ts';
import { isInput } from '../graph/inputs.ts';
import { followTime, lossTimeProblem, type TimeAxes, timeOf } from '../graph/lengths.ts';
import type { Analysis, TypedGraph, TypedLayer } from '../graph/typed.ts';
import { type Problem, sizeOf } from '../layers/define.ts';
import type { TargetSpec } from '../losses/define.ts';
import { losses as lossRegistry } from '../losses/registry.ts';
import { optimizers } from '../optimizers/registry.ts';
import { compile } from '../plan/compile.ts';
import type { Float, Plan, PlannedLoss } from '../plan/plan.ts';
import { type Fix, ProblemError } from '../schema/problem.ts';
import { counted, shapeText } from '../schema/text.ts';
import type { LossSpec, TrainingSpec } from '../spec/document.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import { checkIndices } from './indices.ts';
import { checkMetrics } from './scores.ts';

type Target = Dataset['targets'][number];

export interface Model {
  readonly plan: Plan;
  /** Index of the data's input field for each input layer, in the order of the plan's inputs. */
  readonly inputs: readonly { readonly layer: number; readonly field: number }[];
  /** For each loss: the data's target field. */
  readonly targets: readonly { readonly field: number; readonly oneHot: boolean }[];
}

export interface ModelOptions {
  readonly float: Float;
}

export function buildModel(
  analysis: Analysis,
  training: TrainingSpec,
  dataset: Dataset,
  options: ModelOptions,
): Model {
  const { graph } = analysis;
  const inputs = matchInputs(graph, dataset);
  checkIndices(graph, inputs, dataset);
  const matched = training.losses.map((loss, index) =>
    matchTarget(graph, loss, index, training.losses.length, dataset),
  );
  const optimizer = optimizers.get(training.optimizer.type);
  const plan = compile(graph, {
    batchSize: training.batchSize,
    float: options.float,
    losses: matched.map(({ planned }) => planned),
    slots: optimizer.slots(training.optimizer.attributes),
    ...(dataset.ragged ? { times: timesOf(graph, inputs, training.losses) } : {}),
  });
  checkMetrics(plan, training);
  return { plan, inputs, targets: matched.map(({ field, oneHot }) => ({ field, oneHot })) };
}

/** The time axes, for data whose samples differ in length. */
function timesOf(graph: TypedGraph, inputs: Model['inputs'], losses: readonly LossSpec[]): TimeAxes {
  const times = followTime(graph, new Set(inputs.map(({ layer }) => graph.layers[layer].name)));
  if ('problem' in times) throw timeError(times.layer, times.problem);
  for (const { from } of losses) {
    const wrong = lossTimeProblem(timeOf(times, from), graph.byName.get(from.layer)?.inferred.output ?? []);
    if (wrong) throw timeError(from.layer, wrong);
  }
  return times;
}

const timeError = (layer: string, { code, message }: Problem): ProblemError =>
  new ProblemError(code, `${layer}: ${message}`, ['layers', layer]);

function matchInputs(graph: TypedGraph, dataset: Dataset): Model['inputs'] {
  const layers = graph.layers.flatMap((layer, index) => (isInput(layer) ? [index] : []));
  if (layers.length !== dataset.inputs.length)
    throw new ProblemError(
      'data/inputs',
      l10n.t(
        'the network has {0} ({1}), but the data has {2} ({3}). Keep as many input layers, and connect the layers that read the others to them. A slice takes a part of an input.',
        counted(layers.length, 'inputLayers'),
        layers.map((index) => graph.layers[index].name).join(', '),
        dataset.inputs.length,
        dataset.inputs.map((field) => field.name).join(', '),
      ),
      ['layers'],
    );
  return layers.map((layer, order) => {
    const { name, inferred } = graph.layers[layer];
    const byName = dataset.inputs.findIndex((field) => field.name === name);
    const field = byName >= 0 ? byName : order;
    const found = dataset.inputs[field];
    if (inferred.output.join() !== found.shape.join())
      throw new ProblemError(
        'data/shape',
        l10n.t(
          '{0}: shape {1} does not fit the data, in which "{2}" is {3}. Set "shape": [{4}].',
          name,
          shapeText(inferred.output),
          found.name,
          shapeText(found.shape),
          found.shape.join(', '),
        ),
        ['layers', name, 'shape'],
        {
          title: l10n.t('Set "shape" of {0} to [{1}]', name, found.shape.join(', ')),
          edit: { kind: 'setAttribute', layer: name, attribute: 'shape', value: [...found.shape] },
        } satisfies Fix<SpecEdit>,
      );
    return { layer, field };
  });
}

interface MatchedTarget {
  readonly planned: PlannedLoss;
  readonly field: number;
  readonly oneHot: boolean;
}

function matchTarget(
  graph: TypedGraph,
  loss: LossSpec,
  index: number,
  count: number,
  dataset: Dataset,
): MatchedTarget {
  const path = count > 1 ? ['training', 'loss', index] : ['training', 'loss'];
  const field =
    loss.target === undefined
      ? Math.min(index, dataset.targets.length - 1)
      : dataset.targets.findIndex(({ name }) => name === loss.target);
  const target = dataset.targets[field];
  if (!target)
    throw new ProblemError(
      'data/target',
      l10n.t(
        '{0}: the data has no target "{1}". It has {2}.',
        loss.type,
        loss.target ?? '',
        dataset.targets.map(({ name }) => name).join(', '),
      ),
      [...path, 'target'],
    );
  const layer = graph.byName.get(loss.from.layer) as TypedLayer;
  const prediction =
    loss.from.output === undefined
      ? layer.inferred.output
      : (layer.inferred.extraOutputs?.[loss.from.output] ?? []);
  const definition = lossRegistry.get(loss.type);
  const counted = withCountedClasses(loss, target);
  const inferred = definition.infer(loss.attributes, prediction, counted);
  if ('problem' in inferred)
    throw new ProblemError(
      inferred.problem.code,
      `${loss.from.layer}: ${inferred.problem.message}`,
      path,
      inferred.problem.code === 'loss/classes'
        ? outputsFix(graph, loss.from.layer, counted.classes ?? 0)
        : undefined,
    );
  const oneHot = checkTarget(loss, inferred.target, counted, layer, path, graph);
  return { planned: { spec: loss, definition, inferred }, field, oneHot };
}

/** Whether class indices of the data become one-hot vectors for a loss that compares numbers. */
function checkTarget(
  loss: LossSpec,
  wanted: TargetSpec,
  found: Target,
  layer: TypedLayer,
  path: readonly (string | number)[],
  graph: TypedGraph,
): boolean {
  const { classes } = found;
  if (wanted.type === 'int') {
    const fits = found.type === 'int' && sizeOf(found.shape) === sizeOf(wanted.shape);
    if (fits && (classes === undefined || wanted.classes === undefined || classes <= wanted.classes))
      return false;
    throw fits
      ? new ProblemError(
          'data/classes',
          l10n.t(
            '{0}: has {1}, but the data has {2}. Set "units": {3}.',
            layer.name,
            counted(wanted.classes ?? 0, 'outputs'),
            counted(classes ?? 0, 'classes'),
            classes ?? 0,
          ),
          ['layers', layer.name],
          classes === undefined ? undefined : outputsFix(graph, layer.name, classes),
        )
      : mismatch(loss, wanted, found, path);
  }
  if (
    found.type === 'int' &&
    classes !== undefined &&
    sizeOf(wanted.shape) === sizeOf(found.shape) * classes &&
    classes > 1
  )
    return true;
  if (sizeOf(found.shape) === sizeOf(wanted.shape)) return false;
  throw mismatch(loss, wanted, found, path);
}

/** A last class that the loss ignores needs no output. */
function withCountedClasses({ attributes }: LossSpec, target: Target): Target {
  const { classes } = target;
  return classes !== undefined && attributes.ignoreIndex === classes - 1
    ? { ...target, classes: classes - 1 }
    : target;
}

function mismatch(
  loss: LossSpec,
  wanted: TargetSpec,
  found: Field & TargetSpec,
  path: readonly (string | number)[],
): ProblemError {
  const kind = ({ type, shape, classes }: TargetSpec) =>
    type === 'int'
      ? l10n.t('class indices of shape {0} below {1}', shapeText(shape), classes ?? '?')
      : l10n.t('numbers of shape {0}', shapeText(shape));
  return new ProblemError(
    'data/target-shape',
    l10n.t(
      "{0} on {1} expects {2} as its target, but the data's {3} are {4}. Change the last layer or the loss.",
      loss.type,
      loss.from.layer,
      kind(wanted),
      found.name,
      kind(found),
    ),
    path,
  );
}
