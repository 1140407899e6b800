/** Checks indices into tables: data is refused before the first step if a table has fewer rows than the data needs. */

import * as l10n from '@vscode/l10n';
import type { DataFields } from '../data/define.ts';
import { ProblemError } from '../schema/problem.ts';
import type { TypedGraph } from './typed.ts';

interface Bound {
  readonly below: number;
  /** The data's input that they come from. */
  readonly field: string;
}

/** `inputs`: the field of the data that each input layer reads. Throws ProblemError at the first layer that is too small. */
export function checkIndices(
  graph: TypedGraph,
  inputs: readonly { readonly layer: number; readonly field: number }[],
  data: DataFields,
): void {
  const bounds = new Map<string, Bound>();
  for (const { layer, field } of inputs) {
    const { indicesBelow, name } = data.inputs[field];
    if (indicesBelow !== undefined)
      bounds.set(graph.layers[layer].name, { below: indicesBelow, field: name });
  }
  for (const { name, definition, spec, from } of graph.layers) {
    const largest = from
      .flatMap(({ layer, output }) => (output === undefined ? (bounds.get(layer) ?? []) : []))
      .reduce<Bound | undefined>((most, one) => (most && most.below >= one.below ? most : one), undefined);
    if (!largest) continue;
    if (definition.keepsValues) bounds.set(name, largest);
    const { indexLimit } = definition;
    const limit = indexLimit === undefined ? undefined : Number(spec.attributes[indexLimit]);
    if (indexLimit === undefined || limit === undefined || limit >= largest.below) continue;
    throw new ProblemError(
      'data/id',
      l10n.t(
        '{0}: {1} is {2}, but the data\'s "{3}" has {4} symbols, numbered from 0 to {5}. Set "{1}": {4}.',
        name,
        indexLimit,
        limit,
        largest.field,
        largest.below,
        largest.below - 1,
      ),
      [...spec.path, indexLimit],
    );
  }
}
