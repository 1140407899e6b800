/** Data that need no file and fit a network: found by trying sizes that occur in it. */
import { datasets } from '../../data/registry.ts';
import { fieldsOf } from '../../data/written.ts';
import type { Attribute, Json, Kind } from '../../schema/attributes.ts';
import { isRequired } from '../../schema/attributes.ts';
import { ProblemError } from '../../schema/problem.ts';
import type { LossSpec } from '../../spec/document.ts';
import { matchData } from '../dataMatch.ts';
import { inputLayers } from '../inputs.ts';
import type { TypedGraph } from '../typed.ts';

/** Each pair of attributes is tried with each pair of sizes. */
const mostSizes = 8;

type Setting = readonly [name: string, value: Json];

/** Data without files that these losses can judge the network on; data without files at all if none of them fits. */
export function fittingData(graph: TypedGraph, losses: readonly LossSpec[]): Json | undefined {
  const shapes = [
    ...inputLayers(graph).map(({ inferred }) => inferred.output),
    ...losses.map(({ from }) => graph.byName.get(from.layer)?.inferred.output ?? []),
  ];
  const sizes = [...new Set(shapes.flat())].slice(0, mostSizes);
  const free = [...datasets].filter(isComplete);
  for (const kind of free) {
    const settings = Object.entries(kind.attributes).flatMap(([name, attribute]) =>
      valuesOf(attribute, sizes).map((value): Setting => [name, value]),
    );
    const pairs = settings.flatMap((one, index) =>
      settings.slice(index + 1).flatMap((other) => (one[0] === other[0] ? [] : [[one, other]])),
    );
    const fitting = [[], ...settings.map((one) => [one]), ...pairs].find((some) =>
      fits(graph, losses, kind.type, some),
    );
    if (fitting) return { type: kind.type, ...Object.fromEntries(fitting) };
  }
  return free.length > 0 ? { type: free[0].type } : undefined;
}

/** Whether all its attributes may be absent. */
export const isComplete = ({ attributes }: Kind): boolean => !Object.values(attributes).some(isRequired);

const valuesOf = ({ control }: Attribute<unknown>, sizes: readonly number[]): readonly Json[] => {
  if (control.kind === 'choice') return control.options;
  return control.kind === 'number' && control.integer ? sizes : [];
};

function fits(
  graph: TypedGraph,
  losses: readonly LossSpec[],
  type: string,
  settings: readonly Setting[],
): boolean {
  const reading = datasets.read({ type, ...Object.fromEntries(settings) });
  if ('problems' in reading) return false;
  const fields = fieldsOf(reading.value);
  if (!fields?.targets) return false;
  try {
    matchData(graph, losses, losses.length > 1, fields);
    return true;
  } catch (error) {
    if (error instanceof ProblemError) return false;
    throw error;
  }
}
