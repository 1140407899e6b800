/** Graph → TypedGraph: the shapes that flow, layer by layer. Goes on past a broken layer; what reads it stays unsaid. */
import * as l10n from '@vscode/l10n';
import type { Inferred, LayerDefinition, Problem, Shape } from '../layers/define.ts';
import { layers as layerTypes } from '../layers/registry.ts';
import { nearest } from '../schema/nearest.ts';
import { shapeText } from '../schema/text.ts';
import type { LayerSpec, OutputRef } from '../spec/document.ts';
import { printReference } from '../spec/reference.ts';
import type { Issue } from '../spec/source.ts';
import { type Graph, inputPath } from './build.ts';
import type { TypedGraph, TypedLayer } from './typed.ts';

/** Elements of one tensor of one sample. Beyond it 32-bit offsets and every memory end. */
export const maximumElements = 2 ** 31 - 1;

export function inferShapes(graph: Graph): { readonly typed: TypedGraph; readonly issues: readonly Issue[] } {
  const byName = new Map<string, TypedLayer>();
  const issues: Issue[] = [];
  for (const spec of graph.order) {
    if (graph.broken.has(spec.name)) continue;
    const unknownOutputs = checkOutputs(spec, byName);
    issues.push(...unknownOutputs);
    const inputShapes = unknownOutputs.length > 0 ? undefined : shapesOf(spec.from, byName);
    if (!inputShapes) continue;
    const definition = layerTypes.get(spec.type);
    const inferred = inferLayer(definition, spec, inputShapes);
    if ('problem' in inferred) issues.push(shapeIssue(spec, inferred.problem));
    else byName.set(spec.name, { name: spec.name, spec, definition, from: spec.from, inputShapes, inferred });
  }
  issues.push(...checkSharing(graph, byName));
  return { typed: { layers: [...byName.values()], byName }, issues };
}

/** The shape of a layer's output; undefined when it is not known or there is no such output. */
export function outputShape(layer: TypedLayer, output: string | undefined): Shape | undefined {
  if (output === undefined) return layer.inferred.output;
  const extra = layer.inferred.extraOutputs ?? {};
  return Object.hasOwn(extra, output) ? extra[output] : undefined;
}

function shapesOf(from: readonly OutputRef[], byName: ReadonlyMap<string, TypedLayer>): Shape[] | undefined {
  const shapes = from.map(({ layer, output }) => {
    const source = byName.get(layer);
    return source && outputShape(source, output);
  });
  return shapes.every((shape) => shape !== undefined) ? shapes : undefined;
}

/**
 * What the layer says of these inputs, or why it cannot work on them. Sizes are checked here for all layers:
 * numbers beyond 2⁵³ no longer count exactly, so no layer's own arithmetic is trusted past the limit.
 */
export function inferLayer(
  definition: LayerDefinition,
  spec: Pick<LayerSpec, 'attributes'>,
  inputShapes: readonly Shape[],
): Inferred | { readonly problem: Problem } {
  try {
    const inferred = definition.infer(spec.attributes, inputShapes);
    return 'problem' in inferred ? inferred : (sizeProblem(inferred) ?? inferred);
  } catch (reason) {
    const message = l10n.t(
      'internal error: its shape could not be inferred ({0}). Please report this.',
      reason instanceof Error ? reason.message : String(reason),
    );
    return { problem: { code: 'internal/infer', message, place: [] } };
  }
}

function sizeProblem(inferred: Inferred): { readonly problem: Problem } | undefined {
  const tensors: (readonly [name: string, shape: Shape])[] = [
    [l10n.t('its output'), inferred.output],
    ...[inferred.extraOutputs ?? {}].flatMap(Object.entries<Shape>),
    ...[inferred.parameters, inferred.saved, inferred.scratch, inferred.state].flatMap((specs) =>
      Object.entries(specs ?? {}).map(([name, { shape }]) => [name, shape] as const),
    ),
  ];
  for (const [name, shape] of tensors) {
    if (!shape.every((size) => Number.isInteger(size) && size >= 0) || shape.includes(0))
      return {
        problem: {
          code: 'shape/empty',
          place: [],
          message: l10n.t(
            '{0} would be empty ({1}). Enlarge the input or shrink what the layer takes away.',
            name,
            shapeText(shape),
          ),
        },
      };
    if (shape.reduce((product, size) => product * size, 1) > maximumElements)
      return {
        problem: {
          code: 'shape/too-large',
          place: [],
          message: l10n.t(
            '{0} would have {1} numbers; one tensor has at most {2}. Use smaller sizes.',
            name,
            shapeText(shape),
            maximumElements,
          ),
        },
      };
  }
  return undefined;
}

function shapeIssue(spec: LayerSpec, problem: Problem): Issue {
  const path = ['layers', spec.name];
  const attribute = problem.place.length === 0 ? undefined : String(problem.place[0]);
  return {
    code: problem.code,
    severity: 'error',
    message: `${spec.name}: ${afterInputs(problem.message, spec.from)}`,
    layer: spec.name,
    ...(attribute === undefined ? {} : { attribute }),
    path: [...path, ...problem.place],
    on: attribute === undefined ? 'key' : 'value',
  };
}

/** Says at the end of the first sentence where the input comes from. */
export function afterInputs(message: string, from: readonly OutputRef[]): string {
  if (from.length === 0) return message;
  const place = l10n.t('(after {0})', from.map(printReference).join(', '));
  const end = message.search(/[.。](?=\s|$)/);
  return end < 0 ? `${message} ${place}.` : `${message.slice(0, end)} ${place}${message.slice(end)}`;
}

function checkOutputs(spec: LayerSpec, byName: ReadonlyMap<string, TypedLayer>): Issue[] {
  return spec.from.flatMap((reference, index) => {
    const message = unknownOutput(reference, byName);
    if (message === undefined) return [];
    return [
      {
        code: 'graph/unknown-output',
        severity: 'error',
        message: `${spec.name}: ${message}`,
        layer: spec.name,
        attribute: 'from',
        path: inputPath(spec, index),
        on: 'value',
      },
    ];
  });
}

/** Why a reference to an extra output leads nowhere, if its layer is known at all. */
export function unknownOutput(
  { layer, output }: OutputRef,
  byName: ReadonlyMap<string, TypedLayer>,
): string | undefined {
  const source = byName.get(layer);
  if (!source || output === undefined || outputShape(source, output)) return undefined;
  const outputs = Object.keys(source.inferred.extraOutputs ?? {});
  const near = nearest(output, outputs);
  if (near) return l10n.t('{0} has no output "{1}". Did you mean "{2}"?', layer, output, `${layer}.${near}`);
  return outputs.length > 0
    ? l10n.t('{0} has no output "{1}". It has {2}.', layer, output, outputs.join(', '))
    : l10n.t('{0} has no output "{1}", only its main one. Write "{0}".', layer, output);
}

/** A layer that uses another's parameters must need the same ones, in the same shapes. */
function checkSharing({ order, byName: specs }: Graph, byName: ReadonlyMap<string, TypedLayer>): Issue[] {
  return order.flatMap((spec) => {
    if (spec.common.shares === undefined) return [];
    const message = sharingProblem(spec, spec.common.shares, specs, byName);
    if (message === undefined) return [];
    return [
      {
        code: 'graph/shares',
        severity: 'error',
        message: `${spec.name}: ${message}`,
        layer: spec.name,
        attribute: 'shares',
        path: ['layers', spec.name, 'shares'],
        on: 'value',
      },
    ];
  });
}

function sharingProblem(
  spec: LayerSpec,
  ownerName: string,
  specs: ReadonlyMap<string, LayerSpec>,
  byName: ReadonlyMap<string, TypedLayer>,
): string | undefined {
  const ownerSpec = specs.get(ownerName);
  if (!ownerSpec) {
    const near = nearest(ownerName, specs.keys());
    return near
      ? l10n.t('there is no layer "{0}" to share with. Did you mean "{1}"?', ownerName, near)
      : l10n.t('there is no layer "{0}" to share with.', ownerName);
  }
  if (ownerName === spec.name) return l10n.t('a layer cannot share with itself. Remove "shares".');
  if (ownerSpec.common.shares !== undefined)
    return l10n.t(
      '{0} itself uses the parameters of {1}. Share with {1}.',
      ownerName,
      ownerSpec.common.shares,
    );
  const layer = byName.get(spec.name);
  const owner = byName.get(ownerName);
  if (!layer || !owner) return undefined;
  const mine = parametersText(layer);
  const theirs = parametersText(owner);
  if (theirs === '') return l10n.t('{0} has no parameters to share.', ownerName);
  return mine === theirs
    ? undefined
    : l10n.t(
        'needs the parameters {0}, but {1} has {2}. Give both the same type, sizes and input.',
        mine === '' ? l10n.t('(none)') : mine,
        ownerName,
        theirs,
      );
}

const parametersText = ({ inferred }: TypedLayer): string =>
  Object.entries(inferred.parameters ?? {})
    .map(([name, { shape }]) => `${name} ${shapeText(shape)}`)
    .join(', ');
