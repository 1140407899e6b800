/** Checks that the losses fit the network, and that every layer leads to one; which target of the data each of them takes. */
import * as l10n from '@vscode/l10n';
import { losses as lossTypes } from '../losses/registry.ts';
import type { Path } from '../schema/attributes.ts';
import { nearest } from '../schema/nearest.ts';
import type { ProblemCode } from '../schema/problemCodes.ts';
import type { LayerSpec, LossSpec } from '../spec/document.ts';
import type { Issue } from '../spec/source.ts';
import type { Graph } from './build.ts';
import { afterInputs, outputShape, unknownOutput } from './infer.ts';
import type { TypedGraph } from './typed.ts';

/** The place of a loss's target among those of the data, -1 if it names another one. `index`: that of the loss among the losses. */
export const targetIndex = (
  { target }: LossSpec,
  index: number,
  targets: readonly { readonly name: string }[],
): number =>
  target === undefined
    ? Math.min(index, targets.length - 1)
    : targets.findIndex(({ name }) => name === target);

/** The problems of losses: layers that do not exist, outputs that a loss cannot judge. `isList`: the text has a list of losses. */
export function checkLosses(
  losses: readonly LossSpec[],
  isList: boolean,
  graph: Graph,
  typed: TypedGraph,
): Issue[] {
  return losses.flatMap((loss, index) => {
    const path = isList ? ['training', 'loss', index] : ['training', 'loss'];
    const issue = (code: ProblemCode, message: string, place: Path): Issue => ({
      code,
      severity: 'error',
      message: `loss: ${message}`,
      path: [...path, ...place],
      on: 'value',
    });
    const { layer } = loss.from;
    if (layer.includes('/') && !graph.byName.has(layer)) {
      const message = l10n.t(
        '"{0}" is inside a block. Give the block an output there, and name that: {1}.',
        layer,
        `"${layer.split('/')[0]}.output"`,
      );
      return [issue('block/inside', message, ['from'])];
    }
    if (!graph.byName.has(layer)) {
      const near = nearest(layer, graph.byName.keys());
      const message = near
        ? l10n.t('there is no layer "{0}". Did you mean "{1}"?', layer, near)
        : l10n.t('there is no layer "{0}". Name the layer whose output the loss is computed from.', layer);
      return [issue('graph/unknown-layer', message, ['from'])];
    }
    const noOutput = unknownOutput(loss.from, typed.byName);
    if (noOutput !== undefined) return [issue('graph/unknown-output', noOutput, ['from'])];
    const source = typed.byName.get(layer);
    const prediction = source && outputShape(source, loss.from.output);
    if (!prediction) return [];
    const inferred = lossTypes.get(loss.type).infer(loss.attributes, prediction, undefined);
    if (!('problem' in inferred)) return [];
    const { code, message, place } = inferred.problem;
    return [issue(code, afterInputs(message, [loss.from]), place)];
  });
}

/** Layers whose output is not used, in a network that has a training section. */
export const findUnused = (
  network: { readonly layers: readonly LayerSpec[] },
  losses: readonly LossSpec[],
): Issue[] =>
  findUnread(network, new Set(losses.map((loss) => loss.from.layer))).map(({ layer, ...issue }) => ({
    ...issue,
    layer: layer!,
    message: l10n.t(
      '{0} is read by no layer and no loss, so it learns nothing. Connect it, give it a loss, or remove it.',
      layer!,
    ),
  }));

/** Layers that no layer reads and that are not in `given`. */
export function findUnread(
  { layers }: { readonly layers: readonly LayerSpec[] },
  given: ReadonlySet<string>,
): Issue[] {
  const read = new Set<string>();
  for (const { from } of layers) for (const { layer } of from) read.add(layer);
  return layers
    .filter(({ name, valid }) => valid && !read.has(name) && !given.has(name))
    .map(({ name, path }) => ({
      code: 'graph/unused',
      severity: 'warning',
      message: l10n.t('{0} is read by no layer and no output of the block. Connect it or remove it.', name),
      layer: name,
      path,
      on: 'key',
    }));
}
