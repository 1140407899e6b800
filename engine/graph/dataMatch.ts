/** Matches what samples consist of with the inputs and losses of a network. It is known before the first sample is read for generated data. */
import * as l10n from '@vscode/l10n';
import { distinctClasses } from '../data/classNames.ts';
import type { DataFields, Field, InputField } from '../data/define.ts';
import { listed } from '../data/table.ts';
import { fieldsOf } from '../data/written.ts';
import { type Problem, sizeOf } from '../layers/define.ts';
import type { LossDefinition, LossInferred, TargetSpec } from '../losses/define.ts';
import { losses as lossRegistry } from '../losses/registry.ts';
import { type Fix, ProblemError } from '../schema/problem.ts';
import { counted, shapeText } from '../schema/text.ts';
import type { LossSpec } from '../spec/document.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import { oneForEachSample } from './fixes/oneForEach.ts';
import { outputsFix } from './fixes/outputs.ts';
import { checkIndices } from './indices.ts';
import { inputLayers, isInput } from './inputs.ts';
import { followTime, lossTimeProblem, type TimeAxes, timeOf } from './lengths.ts';
import { targetIndex } from './losses.ts';
import type { Analysis, TypedGraph, TypedLayer } from './typed.ts';

type Target = DataFields['targets'][number];

export interface InputMatch {
  /** Index of an input layer. */
  readonly layer: number;
  /** Index of the data's input that it reads. */
  readonly field: number;
}

export interface TargetMatch {
  readonly loss: {
    readonly spec: LossSpec;
    readonly definition: LossDefinition;
    readonly inferred: LossInferred;
  };
  /** Index of the data's target. */
  readonly field: number;
  readonly oneHot: boolean;
}

export interface DataMatch {
  readonly inputs: readonly InputMatch[];
  /** One for each loss. */
  readonly targets: readonly TargetMatch[];
  /** The time axes, for data whose samples differ in length. */
  readonly times?: TimeAxes;
}

/** `isList`: the text has a list of losses. Throws ProblemError at the first thing that does not fit. */
export function matchData(
  graph: TypedGraph,
  losses: readonly LossSpec[],
  isList: boolean,
  data: DataFields,
): DataMatch {
  const inputs = matchInputs(graph, data);
  checkIndices(graph, inputs, data);
  const targets = losses.map((loss, index) =>
    matchTarget(graph, loss, isList ? ['training', 'loss', index] : ['training', 'loss'], index, data),
  );
  return { inputs, targets, ...(data.ragged ? { times: timesOf(graph, inputs, losses) } : {}) };
}

/**
 * Why a network that can be trained does not fit data whose samples are known before they are read, or data whose input alone is known.
 */
export function dataProblem(
  { spec, graph, lossesAreListed }: Analysis,
  input: InputField | undefined,
): ProblemError<SpecEdit> | undefined {
  if (!spec.training) return undefined;
  const { data, losses } = spec.training;
  const fields = fieldsOf(data);
  if (!fields?.targets) {
    const [reader] = inputLayers(graph);
    return input && reader && shapeProblem(reader, input);
  }
  try {
    matchData(graph, losses, lossesAreListed, fields);
    return undefined;
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}

/** The time axes, for data whose samples differ in length. */
function timesOf(graph: TypedGraph, inputs: readonly InputMatch[], losses: readonly LossSpec[]): TimeAxes {
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

function matchInputs(graph: TypedGraph, data: DataFields): InputMatch[] {
  const layers = graph.layers.flatMap((layer, index) => (isInput(layer) ? [index] : []));
  if (layers.length !== data.inputs.length)
    throw new ProblemError(
      'data/inputs',
      l10n.t(
        'the network has {0} ({1}), but the data has {2} ({3}). Keep as many input layers, and connect the layers that read the others to them. A slice takes a part of an input.',
        counted(layers.length, 'inputLayers'),
        layers.map((index) => graph.layers[index].name).join(', '),
        data.inputs.length,
        data.inputs.map((field) => field.name).join(', '),
      ),
      ['layers'],
    );
  return layers.map((layer, order) => {
    const { name } = graph.layers[layer];
    const byName = data.inputs.findIndex((field) => field.name === name);
    const field = byName >= 0 ? byName : order;
    const misfit = shapeProblem(graph.layers[layer], data.inputs[field]);
    if (misfit) throw misfit;
    return { layer, field };
  });
}

/** For an input layer and the input of the data that it reads. */
function shapeProblem(
  { name, spec, inferred }: TypedLayer,
  found: InputField,
): ProblemError<SpecEdit> | undefined {
  if (inferred.output.join() === found.shape.join()) return undefined;
  return new ProblemError<SpecEdit>(
    'data/shape',
    l10n.t(
      '{0}: shape {1} does not fit the data, in which "{2}" is {3}. Set "shape": [{4}].',
      name,
      shapeText(inferred.output),
      found.name,
      shapeText(found.shape),
      found.shape.join(', '),
    ),
    [...spec.path, 'shape'],
    {
      title: l10n.t('Set "shape" of {0} to [{1}]', name, found.shape.join(', ')),
      edit: { kind: 'setAttribute', layer: name, attribute: 'shape', value: [...found.shape] },
    },
  );
}

function matchTarget(
  graph: TypedGraph,
  loss: LossSpec,
  path: readonly (string | number)[],
  index: number,
  data: DataFields,
): TargetMatch {
  const field = targetIndex(loss, index, data.targets);
  const target = data.targets[field];
  if (!target)
    throw new ProblemError(
      'data/target',
      l10n.t(
        '{0}: the data has no target "{1}". It has {2}.',
        loss.type,
        loss.target ?? '',
        data.targets.map(({ name }) => name).join(', '),
      ),
      [...path, 'target'],
    );
  const layer = graph.byName.get(loss.from.layer) as TypedLayer;
  const prediction =
    loss.from.output === undefined
      ? layer.inferred.output
      : (layer.inferred.extraOutputs?.[loss.from.output] ?? []);
  const definition = lossRegistry.get(loss.type);
  const wanted = withCountedClasses(loss, target);
  const inferred = definition.infer(loss.attributes, prediction, wanted);
  if ('problem' in inferred) {
    const { code, message } = inferred.problem;
    const outputs = prediction.at(-1) ?? 0;
    throw new ProblemError(
      code,
      `${loss.from.layer}: ${message}${classesNote(outputs, wanted, data)}`,
      path,
      code === 'loss/classes'
        ? classesFix(graph, layer, outputs, wanted, data)
        : prediction.length > 1 && wanted.shape.length === 0 && !data.ragged
          ? oneForEachSample(graph, layer.name)
          : undefined,
    );
  }
  const oneHot = checkTarget(loss, inferred.target, wanted, layer, path, graph, data);
  return { loss: { spec: loss, definition, inferred }, field, oneHot };
}

/** The classes by name, for a network with fewer outputs: one of them may be a mistake in the data. */
function classesNote(outputs: number, { classes }: Target, { classNames, classSizes }: DataFields): string {
  if (classes === undefined || classes <= outputs || classNames?.length !== classes) return '';
  const note = ` ${l10n.t('The classes are {0}.', listed(classNames))}`;
  if (!classSizes) return note;
  const fewest = classSizes.reduce((least, size) => Math.min(least, size));
  const rarest = classNames[classSizes.indexOf(fewest)].slice(0, 40);
  return `${note} ${l10n.t('The rarest, "{0}", has {1}.', rarest, counted(fewest, 'samples'))}`;
}

/** None where the network has an output for each class, if names that are spelled differently are one class. */
function classesFix(
  graph: TypedGraph,
  { name }: TypedLayer,
  outputs: number,
  { classes }: Target,
  { classNames }: DataFields,
): Fix<SpecEdit> | undefined {
  if (classes === undefined || (classNames && distinctClasses(classNames) <= outputs)) return undefined;
  return outputsFix(graph, name, classes);
}

/** Whether class indices of the data become one-hot vectors for a loss that compares numbers. */
function checkTarget(
  loss: LossSpec,
  wanted: TargetSpec,
  found: Target,
  layer: TypedLayer,
  path: readonly (string | number)[],
  graph: TypedGraph,
  data: DataFields,
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
          ) + classesNote(wanted.classes ?? 0, found, data),
          layer.spec.path,
          classesFix(graph, layer, wanted.classes ?? 0, found, data),
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
