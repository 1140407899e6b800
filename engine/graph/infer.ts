/**
 * Graph → TypedGraph: the shapes that flow, layer by layer. Continues after a broken layer, without reporting problems
 * of its readers.
 */
import * as l10n from '@vscode/l10n';
import type { Inferred, LayerDefinition, Problem, Shape } from '../layers/define.ts';

import { layers as layerTypes } from '../layers/registry.ts';
import { nearest } from '../schema/nearest.ts';
import { shapeText } from '../schema/text.ts';
import type { LayerSpec, OutputRef } from '../spec/document.ts';
import { printReference } from '../spec/reference.ts';
import type { Issue } from '../spec/source.ts';
import { type Graph, inputPath } from './build.ts';
import { passThrough } from './passThrough.ts';
import type { TypedGraph, TypedLayer } from './typed.ts';

/** The most elements of one tensor of one sample; more exceeds 32-bit offsets and any memory. */
const maximumElements = 2 ** 31 - 1;

/** The most shape problems that are reported, because describing them takes time. */
const mostShapeProblems = 1000;

/** Infers the shapes of all layers in order. A layer with a problem, and all that depend on it, are missing in the result. */
export function inferShapes(graph: Graph): { readonly typed: TypedGraph; readonly issues: readonly Issue[] } {
  const byName = new Map<string, TypedLayer>();
  const issues: Issue[] = [];
  for (const spec of graph.order) {
    if (issues.length >= mostShapeProblems) break;
    if (graph.broken.has(spec.name)) continue;
    const before = issues.length;
    checkBypass(spec, issues);
    checkOutputs(spec, byName, issues);
    const from = inputsUsed(spec, spec.from);
    const inputShapes = issues.length > before ? undefined : shapesOf(from, byName);
    if (!inputShapes) continue;
    const earlier = inferredBefore.get(spec);
    if (earlier && sameShapes(earlier.inputShapes, inputShapes)) {
      byName.set(spec.name, earlier);
      continue;
    }
    const definition = definitionOf(spec);
    const inferred = inferLayer(definition, spec, inputShapes);
    if ('problem' in inferred) issues.push(shapeIssue(spec, inferred.problem));
    else {
      const own = spec.borrows && !inferred.parameters ? withoutSharing(spec) : spec;
      const layer = { name: spec.name, spec: own, definition, from, inputShapes, inferred };
      inferredBefore.set(spec, layer);
      byName.set(spec.name, layer);
    }
  }
  issues.push(...checkSharing(graph, byName));
  return { typed: { layers: [...byName.values()], byName }, issues };
}

/** The last results of inference: a layer that is the same object as in an earlier text has the same result for the same inputs. */
const inferredBefore = new WeakMap<LayerSpec, TypedLayer>();

const sameShapes = (a: readonly Shape[], b: readonly Shape[]): boolean =>
  a.length === b.length && a.every((shape, index) => shape === b[index] || sameShape(shape, b[index]));

const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

/** The spec without "shares": a layer without parameters cannot use those of another layer. */
const withoutSharing = (spec: LayerSpec): LayerSpec => ({
  ...spec,
  common: { ...spec.common, shares: undefined },
});

/** The definition that computes a layer: its kind, unless it is bypassed. */
export const definitionOf = ({
  type,
  kind,
  common,
}: Pick<LayerSpec, 'type' | 'kind' | 'common'>): LayerDefinition =>
  common.bypass ? passThrough : (kind ?? layerTypes.get(type));

/** A bypassed layer passes on the first of its inputs. */
export const inputsUsed = <T>({ common }: Pick<LayerSpec, 'common'>, inputs: readonly T[]): readonly T[] =>
  common.bypass ? inputs.slice(0, 1) : inputs;

function checkBypass({ name, from, common, path }: LayerSpec, issues: Issue[]): void {
  if (!common.bypass || from.length > 0) return;
  issues.push({
    code: 'graph/bypass',
    severity: 'error',
    message: l10n.t('{0} has no input that could pass through it. Remove "bypass".', name),
    layer: name,
    attribute: 'bypass',
    path: [...path, 'bypass'],
    on: 'value',
  });
}

/** The shape of a layer's output; undefined if it is not known or there is no such output. */
export function outputShape(layer: TypedLayer, output: string | undefined): Shape | undefined {
  if (output === undefined) return layer.inferred.output;
  const extra = layer.inferred.extraOutputs ?? {};
  return Object.hasOwn(extra, output) ? extra[output] : undefined;
}

function shapesOf(from: readonly OutputRef[], byName: ReadonlyMap<string, TypedLayer>): Shape[] | undefined {
  const shapes: Shape[] = [];
  for (const { layer, output } of from) {
    const source = byName.get(layer);
    const shape = source && outputShape(source, output);
    if (!shape) return undefined;
    shapes.push(shape);
  }
  return shapes;
}

/**
 * What the layer infers from these inputs, or why it cannot work on them. Sizes are checked here for all layers: whole numbers
 * beyond 2⁵³ are not exact, so the arithmetic of layers is not trusted beyond the limit.
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
  const found = shapeProblem(() => l10n.t('its output'), inferred.output);
  if (found) return found;
  for (const name in inferred.extraOutputs) {
    const found = shapeProblem(() => name, inferred.extraOutputs[name]);
    if (found) return found;
  }
  for (const buffers of [inferred.parameters, inferred.saved, inferred.scratch, inferred.state])
    for (const name in buffers) {
      const found = shapeProblem(() => name, buffers[name].shape);
      if (found) return found;
    }
  return undefined;
}

function shapeProblem(nameOf: () => string, shape: Shape): { readonly problem: Problem } | undefined {
  let elements = 1;
  for (const size of shape) elements = Number.isInteger(size) && size > 0 ? elements * size : Number.NaN;
  if (elements <= maximumElements) return undefined;
  return Number.isNaN(elements)
    ? {
        problem: {
          code: 'shape/empty',
          place: [],
          message: l10n.t(
            '{0} would be empty ({1}). Enlarge the input, or reduce what the layer removes.',
            nameOf(),
            shapeText(shape),
          ),
        },
      }
    : {
        problem: {
          code: 'shape/too-large',
          place: [],
          message: l10n.t(
            '{0} would have {1} numbers; one tensor has at most {2}. Use smaller sizes.',
            nameOf(),
            shapeText(shape),
            maximumElements,
          ),
        },
      };
}

function shapeIssue(spec: LayerSpec, problem: Problem): Issue {
  const attribute = problem.place.length === 0 ? undefined : String(problem.place[0]);
  return {
    code: problem.code,
    severity: 'error',
    get message() {
      return `${spec.name}: ${afterInputs(problem.message, spec.from)}`;
    },
    layer: spec.name,
    ...(attribute === undefined ? {} : { attribute }),
    path: [...spec.path, ...problem.place],
    on: attribute === undefined ? 'key' : 'value',
  };
}

/** Adds the source of the input to the end of the first sentence. */
export function afterInputs(message: string, from: readonly OutputRef[]): string {
  if (from.length === 0) return message;
  const place = l10n.t('(after {0})', from.map(printReference).join(', '));
  const end = message.search(/[.。](?=\s|$)/);
  return end < 0 ? `${message} ${place}.` : `${message.slice(0, end)} ${place}${message.slice(end)}`;
}

function checkOutputs(spec: LayerSpec, byName: ReadonlyMap<string, TypedLayer>, issues: Issue[]): void {
  for (let index = 0; index < spec.from.length; index++) {
    const reference = spec.from[index];
    if (reference.output === undefined) continue;
    const source = byName.get(reference.layer);
    if (source && !outputShape(source, reference.output))
      issues.push({
        code: 'graph/unknown-output',
        severity: 'error',
        get message() {
          return `${spec.name}: ${unknownOutput(reference, byName)}`;
        },
        layer: spec.name,
        attribute: 'from',
        path: inputPath(spec, index),
        on: 'value',
      });
  }
}

/** Why a reference to an extra output is invalid, if its layer is known. */
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

/** A layer that uses the parameters of another one must need the same parameters, in the same shapes. */
function checkSharing({ order, byName: specs }: Graph, byName: ReadonlyMap<string, TypedLayer>): Issue[] {
  const issues: Issue[] = [];
  for (const spec of order) {
    // A bypassed layer has no parameters, so it has nothing to share.
    if (spec.common.shares === undefined || spec.common.bypass) continue;
    if (spec.borrows && byName.get(spec.name)?.spec.common.shares === undefined) continue;
    const problem = sharingProblem(spec, spec.common.shares, specs, byName);
    if (problem)
      issues.push({
        code: 'graph/shares',
        severity: 'error',
        get message() {
          return `${spec.name}: ${problem()}`;
        },
        layer: spec.name,
        attribute: 'shares',
        path: [...spec.path, 'shares'],
        on: 'value',
      });
  }
  return issues;
}

/** Why a layer cannot share with the one that it names. The message is made only if it is shown. */
function sharingProblem(
  spec: LayerSpec,
  ownerName: string,
  specs: ReadonlyMap<string, LayerSpec>,
  byName: ReadonlyMap<string, TypedLayer>,
): (() => string) | undefined {
  const ownerSpec = specs.get(ownerName);
  if (!ownerSpec)
    return () => {
      const near = nearest(ownerName, specs.keys());
      return near
        ? l10n.t('there is no layer "{0}" to share with. Did you mean "{1}"?', ownerName, near)
        : l10n.t('there is no layer "{0}" to share with.', ownerName);
    };
  if (ownerName === spec.name) return () => l10n.t('a layer cannot share with itself. Remove "shares".');
  const second = ownerSpec.common.shares;
  if (second !== undefined)
    return () => l10n.t('{0} itself uses the parameters of {1}. Name {1} instead.', ownerName, second);
  const layer = byName.get(spec.name);
  const owner = byName.get(ownerName);
  if (!layer || !owner) return undefined;
  const mine = parametersText(layer);
  const theirs = parametersText(owner);
  if (theirs === '') return () => l10n.t('{0} has no parameters to share.', ownerName);
  return mine === theirs
    ? undefined
    : () =>
        l10n.t(
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
