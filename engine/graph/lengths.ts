/** Follows the lengths of sequences through a network: after each layer, which axis is time and how many of its steps are real. */
import * as l10n from '@vscode/l10n';
import { type Problem, problem, type Shape } from '../layers/define.ts';
import type { OutputRef } from '../spec/document.ts';
import type { TypedGraph } from './typed.ts';

/** The time axis of one output. */
export interface TimeAxis {
  /** Index into the shape of one sample. */
  readonly axis: number;
  /** Real steps for a sequence of 0, 1, 2 … steps in the data. Outputs of equal lengths share one table. */
  readonly steps: Int32Array;
}

/** The time axes of all layers whose main output has one, by the layer's name. */
export type TimeAxes = ReadonlyMap<string, TimeAxis>;

export interface TimeProblem {
  readonly layer: string;
  readonly problem: Problem;
}

/** `ragged` names the input layers whose samples differ in length; their time axis is the first. */
export function followTime(graph: TypedGraph, ragged: ReadonlySet<string>): TimeAxes | TimeProblem {
  const times = new Map<string, TimeAxis>();
  const tables: Int32Array[] = [];
  const shared = (steps: Int32Array): Int32Array => {
    const known = tables.find((table) => sameSteps(table, steps));
    if (!known) tables.push(steps);
    return known ?? steps;
  };
  for (const { name, definition, spec, from, inputShapes, inferred } of graph.layers) {
    if (ragged.has(name)) {
      const steps = Int32Array.from({ length: inferred.output[0] + 1 }, (_, length) => length);
      times.set(name, { axis: 0, steps: shared(steps) });
      continue;
    }
    const inputs = from.map((ref) => timeOf(times, ref));
    const first = inputs.find((time) => time !== undefined);
    if (!first) continue;
    const other = inputs.findIndex((time) => time !== undefined && time.steps !== first.steps);
    if (other >= 0) return { layer: name, problem: unequal(from[inputs.indexOf(first)], from[other]) };
    const flow = definition.time(
      spec.attributes,
      inputShapes,
      inputs.map((time) => time?.axis),
      inferred,
    );
    if (flow === 'dropped') continue;
    if ('problem' in flow) return { layer: name, problem: flow.problem };
    const steps = flow.steps
      ? shared(first.steps.map((length) => flow.steps?.(length) ?? length))
      : first.steps;
    times.set(name, { axis: flow.axis, steps });
  }
  return times;
}

/** The time axis of the output that a reference names. Extra outputs, such as final states, have none. */
export const timeOf = (times: TimeAxes, { layer, output }: OutputRef): TimeAxis | undefined =>
  output === undefined ? times.get(layer) : undefined;

/**
 * The reason why a loss cannot judge a prediction whose samples differ in length: it can leave padding out only along the first
 * axis.
 */
export function lossTimeProblem(time: TimeAxis | undefined, prediction: Shape): Problem | undefined {
  if (!time || (time.axis === 0 && prediction.length >= 2)) return undefined;
  return problem(
    'time/loss',
    l10n.t(
      'its output [{0}] is judged by a loss, and the sequences of the data differ in length: time must be the first of at least two axes, found it as axis {1}. Put a permute or a reshape after it.',
      prediction.join(', '),
      time.axis + 1,
    ),
  ).problem;
}

const sameSteps = (a: Int32Array, b: Int32Array): boolean =>
  a.length === b.length && a.every((steps, length) => steps === b[length]);

const unequal = (first: OutputRef, second: OutputRef): Problem =>
  problem(
    'time/lengths',
    l10n.t(
      'reads {0} and {1}, in which the sequences of the data have different lengths. Give both the same layers that shorten or lengthen time, or use sequences of one length.',
      first.layer,
      second.layer,
    ),
  ).problem;
