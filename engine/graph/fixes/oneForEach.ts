/** Makes a network that gives a result for each cell of its input give one for each sample. */
import * as l10n from '@vscode/l10n';
import { layers as layerTypes } from '../../layers/registry.ts';
import type { Fix } from '../../schema/problem.ts';
import { freshName } from '../../spec/names.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { inferLayer } from '../infer.ts';
import type { TypedGraph, TypedLayer } from '../typed.ts';
import { inOne } from './define.ts';
import { withWritten } from './tries.ts';

/** Puts a layer that joins all cells before the last layer with parameters, which then has as many outputs as before. */
export function oneForEachSample(graph: TypedGraph, name: string): Fix<SpecEdit> | undefined {
  for (let layer = graph.byName.get(name); layer; layer = before(graph, layer)) {
    const { spec, definition, from, inputShapes, inferred } = layer;
    const [input] = inputShapes;
    if (from.length !== 1 || spec.path[0] === 'blocks') return undefined;
    if (inferred.parameters === undefined || Object.keys(inferred.parameters).length === 0) continue;
    for (const bridge of layerTypes)
      for (const written of bridge.bridges?.(input) ?? []) {
        const attributes = withWritten(bridge, {}, written);
        const joined = attributes && inferLayer(bridge, { attributes }, [input]);
        if (!joined || 'problem' in joined || joined.output.length !== 1) continue;
        const found = inferLayer(definition, spec, [joined.output]);
        if ('problem' in found || found.output.join() !== String(inferred.output.at(-1))) continue;
        const added = freshName(bridge.type, (one) => graph.byName.has(one));
        return {
          title: l10n.t('Add {0} before "{1}"', bridge.label, layer.name),
          edit: inOne([
            { kind: 'addLayer', name: added, type: bridge.type, attributes: written, from: [from[0]] },
            { kind: 'connect', from: { layer: added }, to: layer.name, index: 0 },
          ]),
        };
      }
    return undefined;
  }
  return undefined;
}

/** The layer that this one reads, if it keeps the number of cells. */
const before = (
  { byName }: TypedGraph,
  { from, inputShapes, inferred }: TypedLayer,
): TypedLayer | undefined =>
  inputShapes[0]?.slice(0, -1).join() === inferred.output.slice(0, -1).join()
    ? byName.get(from[0].layer)
    : undefined;
