/** Determines where each problem is shown: beside the field that can fix it or, if there is none, in a list, but never in both. */
import type { AttributeTable, Path } from '../../engine/schema/attributes.ts';
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
    else addTo(beside, field, problem.message);
  }
  return { beside, listed };
}

const addTo = (beside: Map<string, string>, field: string, message: string): void =>
  void beside.set(field, [beside.get(field), message].filter(Boolean).join(' '));

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
  place(problems, ({ path: [section, setting, ...within] }) =>
    section === 'training' && typeof setting === 'string' && Object.hasOwn(trainingAttributes, setting)
      ? setting === 'loss'
        ? lossAtFault(within)
        : setting
      : undefined,
  );

/** "loss" if it is not a single loss; otherwise the place of the loss and its attribute. */
function lossAtFault([first, second = 'type']: Path): string {
  if (first === undefined) return 'loss';
  return typeof first === 'number' ? `${lossPrefix(first)}${second}` : `${lossPrefix(0)}${first}`;
}

const lossPrefix = (index: number): string => `loss.${index}.`;

/** The problems of one loss by attribute. What has no field belongs to the type. */
export function problemsOfLoss(
  ofNetwork: PlacedProblems['beside'],
  index: number,
  fields: AttributeTable,
): PlacedProblems['beside'] {
  const prefix = lossPrefix(index);
  const found = new Map<string, string>();
  for (const [field, message] of ofNetwork) {
    if (!field.startsWith(prefix)) continue;
    const name = field.slice(prefix.length);
    addTo(found, Object.hasOwn(fields, name) ? name : 'type', message);
  }
  return found;
}

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
