/** Determines where each problem is shown: beside the field that can fix it or, if there is none, in a list, but never in both. */
import type { Diagnostic } from '../../engine/spec/document.ts';
import { commonLayerAttributes } from '../../engine/spec/layerAttributes.ts';
import { trainingAttributes } from '../../engine/spec/training.ts';
import { inputSlots, type LayerView } from './network.ts';

export interface PlacedProblems {
  /** Problems by the name of their field. */
  readonly beside: ReadonlyMap<string, string>;
  readonly listed: readonly Diagnostic[];
}

function place(
  problems: readonly Diagnostic[],
  fieldOf: (problem: Diagnostic) => string | undefined,
): PlacedProblems {
  const beside = new Map<string, string>();
  const listed: Diagnostic[] = [];
  for (const problem of problems) {
    const field = fieldOf(problem);
    if (field === undefined) listed.push(problem);
    else beside.set(field, [beside.get(field), problem.message].filter(Boolean).join(' '));
  }
  return { beside, listed };
}

/** For the inspector of a layer, which has a field for each attribute and each input. */
export function problemsOfLayer(layer: LayerView): PlacedProblems {
  const tables = { ...layer.definition?.attributes, ...commonLayerAttributes };
  return place(layer.problems, (problem) =>
    problem.attribute === 'from'
      ? inputAtFault(layer, problem)
      : problem.attribute !== undefined && Object.hasOwn(tables, problem.attribute)
        ? problem.attribute
        : undefined,
  );
}

/** For the inspector of the network, which has a field for each training setting. Problems of layers are shown elsewhere. */
export const problemsOfNetwork = (problems: readonly Diagnostic[]): PlacedProblems =>
  place(problems, ({ path: [section, setting, entry] }) =>
    section === 'training' && typeof setting === 'string' && Object.hasOwn(trainingAttributes, setting)
      ? setting === 'loss' && typeof entry === 'number'
        ? lossField(entry)
        : setting
      : undefined,
  );

/** The name of the field for one of several losses. */
export const lossField = (index: number): string => `loss.${index}`;

/** The name of the field for the input at `index`. */
export const inputField = (index: number): string => `from.${index}`;

/** A missing input is shown at the first free input; other problems at their entry of "from". */
function inputAtFault(layer: LayerView, { code, path }: Diagnostic): string | undefined {
  const slots = inputSlots(layer);
  const free = code === 'graph/missing-input' ? slots.findIndex(({ ref }) => ref === undefined) : -1;
  const entry = typeof path[3] === 'number' ? path[3] : 0;
  const index = free >= 0 ? free : Math.min(entry, slots.length - 1);
  return index >= 0 ? inputField(index) : undefined;
}
