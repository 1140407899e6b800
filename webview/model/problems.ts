/** Where each problem is told: beside the field that can fix it or, when there is none, in a list. Never in both. */
import type { Diagnostic } from '../../engine/spec/document.ts';
import { commonLayerAttributes } from '../../engine/spec/layerAttributes.ts';
import { trainingAttributes } from '../../engine/spec/training.ts';
import { inputSlots, type LayerView } from './network.ts';

export interface Told {
  /** What is wrong with a field, by the field's name. */
  readonly beside: ReadonlyMap<string, string>;
  readonly listed: readonly Diagnostic[];
}

function tell(problems: readonly Diagnostic[], fieldOf: (problem: Diagnostic) => string | undefined): Told {
  const beside = new Map<string, string>();
  const listed: Diagnostic[] = [];
  for (const problem of problems) {
    const field = fieldOf(problem);
    if (field === undefined) listed.push(problem);
    else beside.set(field, [beside.get(field), problem.message].filter(Boolean).join(' '));
  }
  return { beside, listed };
}

/** In the inspector of a layer, which has a field for each attribute and each input. */
export function tellOfLayer(layer: LayerView): Told {
  const tables = { ...layer.definition?.attributes, ...commonLayerAttributes };
  return tell(layer.problems, (problem) =>
    problem.attribute === 'from'
      ? inputAtFault(layer, problem)
      : problem.attribute !== undefined && Object.hasOwn(tables, problem.attribute)
        ? problem.attribute
        : undefined,
  );
}

/** In the inspector of the network, which has a field for each training setting; layers have theirs elsewhere. */
export const tellOfNetwork = (problems: readonly Diagnostic[]): Told =>
  tell(problems, ({ path: [section, setting] }) =>
    section === 'training' && typeof setting === 'string' && Object.hasOwn(trainingAttributes, setting)
      ? setting
      : undefined,
  );

/** The name of the field for the input at `index`. */
export const inputField = (index: number): string => `from.${index}`;

/** A missing input is chosen at the first free place; other problems stand at the entry of "from" they are about. */
function inputAtFault(layer: LayerView, { code, path }: Diagnostic): string | undefined {
  const slots = inputSlots(layer);
  const free = code === 'graph/missing-input' ? slots.findIndex(({ ref }) => ref === undefined) : -1;
  const entry = typeof path[3] === 'number' ? path[3] : 0;
  const index = free >= 0 ? free : Math.min(entry, slots.length - 1);
  return index >= 0 ? inputField(index) : undefined;
}
