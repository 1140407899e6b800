/** Makes the output of a network as wide as its target. */
import * as l10n from '@vscode/l10n';
import type { Fix } from '../../schema/problem.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { inferLayer } from '../infer.ts';
import type { TypedGraph, TypedLayer } from '../typed.ts';
import { withWritten } from './tries.ts';

/** Sets the number of outputs of a layer, or of the layer before it that determines this number. */
export function outputsFix(graph: TypedGraph, name: string, size: number): Fix<SpecEdit> | undefined {
  for (let layer = graph.byName.get(name); layer; layer = deciding(graph, layer)) {
    const attribute = isInBlock(layer) ? undefined : sizeAttribute(layer, size);
    if (attribute === undefined) continue;
    return {
      title: l10n.t('Set "{0}" of "{1}" to {2}', attribute, layer.name, size),
      edit: { kind: 'setAttribute', layer: layer.name, attribute, value: size },
    };
  }
  return undefined;
}

/** Its size would be another one in all uses of the block. */
const isInBlock = ({ spec }: TypedLayer): boolean => spec.path[0] === 'blocks';

/** The layer before this one that determines the shape of the output, if this one keeps shapes. */
function deciding(
  { byName }: TypedGraph,
  { from, inputShapes, inferred }: TypedLayer,
): TypedLayer | undefined {
  const [input] = inputShapes;
  const isKept = from.length === 1 && input?.join() === inferred.output.join();
  return isKept && from[0].output === undefined ? byName.get(from[0].layer) : undefined;
}

/** The attribute with which the last axis gets the size and no other axis changes. */
function sizeAttribute(
  { definition, spec, inputShapes, inferred }: TypedLayer,
  size: number,
): string | undefined {
  const wanted = [...inferred.output.slice(0, -1), size].join();
  return Object.keys(definition.attributes).find((name) => {
    const attributes = withWritten(definition, spec.attributes, { [name]: size });
    const found = attributes && inferLayer(definition, { ...spec, attributes }, inputShapes);
    return found && !('problem' in found) && found.output.join() === wanted;
  });
}
