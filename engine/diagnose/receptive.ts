/** How much of a picture each cell of a layer depends on: its receptive field. */
import type { TypedGraph, TypedLayer } from '../graph/typed.ts';
import { hasWeights } from './network.ts';

/** Of a layer's cells, along the longer side. */
export interface Field {
  /** Cells of the picture that one cell of the layer depends on. */
  readonly size: number;
  /** Cells of the picture from one cell of the layer to the next. */
  readonly step: number;
}

const isPicture = (shape: readonly number[]): boolean => shape.length === 3;

/**
 * The receptive field of each layer whose output is a picture, as in [Araujo et al., 2019](https://doi.org/10.23915/distill.00021). A picture that is
 * made of numbers which depend on weights depends on all of the input. So does, for simplicity, one that a layer has made at least twice as large.
 */
export function fieldsIn({ layers }: TypedGraph): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  const learned = new Set<string>();
  for (const layer of layers) {
    if (hasWeights(layer) || layer.from.some((ref) => learned.has(ref.layer))) learned.add(layer.name);
    if (!isPicture(layer.inferred.output)) continue;
    const before = layer.from.flatMap((ref) => fields.get(ref.layer) ?? []);
    if (before.length > 0 && !enlarges(layer)) {
      const widest = before.reduce((most, one) => (one.size > most.size ? one : most));
      fields.set(layer.name, behind(layer, widest));
    } else {
      const isAll = learned.has(layer.name) || before.length > 0;
      fields.set(layer.name, { size: isAll ? Number.POSITIVE_INFINITY : 1, step: 1 });
    }
  }
  return fields;
}

/**
 * How many steps of the input one step of a layer depends on, and how many there are. Undefined unless only windows over time and layers that treat
 * each step alone are between them.
 */
export function stepsReadBy(
  { byName }: TypedGraph,
  layer: TypedLayer | undefined,
): { readonly read: number; readonly all: number } | undefined {
  const windows: TypedLayer[] = [];
  let at = layer;
  for (; at && at.from.length > 0; at = byName.get(at.from[0].layer)) {
    const { from, inferred, definition, spec } = at;
    const hasWindow = (spec.attributes.kernelSize ?? spec.attributes.poolSize) !== undefined;
    const isStepwise =
      definition.elementwise ||
      (definition.category !== 'attention' && definition.ignoresOrder?.(spec.attributes));
    if (from.length > 1 || inferred.output.length !== 2 || !(hasWindow || isStepwise)) return undefined;
    windows.unshift(at);
  }
  const start: Field = { size: 1, step: 1 };
  return (
    at && { read: windows.reduce((field, one) => behind(one, field), start).size, all: at.inferred.output[0] }
  );
}

const enlarges = ({ inputShapes: [before], inferred: { output } }: TypedLayer): boolean =>
  before !== undefined && isPicture(before) && Math.max(output[0] / before[0], output[1] / before[1]) >= 2;

function behind({ spec: { attributes, common } }: TypedLayer, { size, step }: Field): Field {
  const { kernelSize, poolSize, stride, dilation }: typeof attributes = common.bypass ? {} : attributes;
  const window = longest(kernelSize ?? poolSize ?? 1);
  return {
    size: size + (window - 1) * longest(dilation ?? 1) * step,
    step: step * longest(stride ?? poolSize ?? 1),
  };
}

/** Of a number for both sides, or of one for each. */
export const longest = (value: unknown): number =>
  Array.isArray(value) ? Math.max(...value.map(Number)) : Number(value);
