/**
 * The layout of parameters: all trained ones are contiguous, so that an optimizer processes them, their gradients and its slots
 * in one call. Parameters that no update changes are contiguous too.
 */
import type { TypedGraph, TypedLayer } from '../graph/typed.ts';
import { align } from '../kernels/backend.ts';
import { sizeOf } from '../layers/define.ts';
import { type BufferTable, float } from './bufferTable.ts';
import type { BufferId, BufferKind, Plan, PlannedLoss } from './plan.ts';

type Named = { readonly [name: string]: BufferId };

export interface ParameterLayout {
  /** Layers that need a backward step. */
  readonly reached: ReadonlySet<string>;
  readonly update: Plan['update'];
  readonly previous: Plan['previous'];
  /** Adds a layer's parameters, as parts of the flat buffers. */
  parameters(layer: TypedLayer): Named;
  /** Likewise their gradients. */
  gradients(layer: TypedLayer): Named;
}

/** Without names of `slots`, nothing is trained. */
export function layoutParameters(
  graph: TypedGraph,
  table: BufferTable,
  losses: readonly PlannedLoss[],
  slots: readonly string[] | undefined,
): ParameterLayout {
  const trains = slots !== undefined && losses.length > 0;
  const reached = trains ? layersReachedByGradient(graph, losses) : new Set<string>();
  const trained = new FlatRange(table.floatBytes);
  const fixed = new FlatRange(table.floatBytes);
  for (const layer of graph.layers)
    if (sharedWith(layer) === undefined)
      (reached.has(layer.name) && isTrainable(layer) ? trained : fixed).addLayer(layer);
  const add = (name: string, kind: BufferKind, { length }: FlatRange): BufferId =>
    table.add(name, kind, float([length], false));
  const update =
    trained.length === 0 || slots === undefined
      ? undefined
      : {
          parameters: add('parameters', 'parameter', trained),
          gradients: add('gradients', 'gradient', trained),
          slots: slots.map((name) => add(name, 'slot', trained)),
        };
  const previous = update && add('previous parameters', 'probe', trained);
  const fixedParameters = fixed.length > 0 ? add('fixed parameters', 'parameter', fixed) : undefined;
  const fixedGradients =
    fixed.length > 0 && reached.size > 0
      ? add('gradients of fixed parameters', 'gradient', fixed)
      : undefined;

  /** Views of a layer's parameters, or of their gradients, in the one of two flat buffers that contains its range. */
  const place = (
    layer: TypedLayer,
    kind: BufferKind,
    ofTrained: BufferId | undefined,
    ofFixed: BufferId | undefined,
  ): Named => {
    const { name, inferred } = layer;
    const owner = sharedWith(layer) ?? name;
    const [range, whole] = trained.has(owner) ? [trained, ofTrained] : [fixed, ofFixed];
    if (whole === undefined) return {};
    return Object.fromEntries(
      Object.entries(inferred.parameters ?? {}).map(([parameter, { shape }]) => [
        parameter,
        table.add(`${name}.${parameter}`, kind, float(shape, false), {
          buffer: whole,
          offset: range.offsetOf(owner, parameter),
        }),
      ]),
    );
  };
  return {
    reached,
    update,
    previous,
    parameters: (layer) => place(layer, 'parameter', update?.parameters, fixedParameters),
    gradients: (layer) => place(layer, 'gradient', update?.gradients, fixedGradients),
  };
}

/** The number of trained values of a layer, without those that it shares. */
export const ownParameterCount = (layer: TypedLayer): number =>
  sharedWith(layer) === undefined ? parameterCount(layer) : 0;

const parameterCount = ({ inferred }: TypedLayer): number =>
  Object.values(inferred.parameters ?? {}).reduce((sum, { shape }) => sum + sizeOf(shape), 0);

const isTrainable = ({ spec }: TypedLayer): boolean => spec.common.trainable;

const sharedWith = ({ spec }: TypedLayer): string | undefined => spec.common.shares;

/** Layers that lead to a loss and have, or follow, something trained: those that need a backward step. */
function layersReachedByGradient(graph: TypedGraph, losses: readonly PlannedLoss[]): Set<string> {
  const needs = new Set<string>();
  for (const layer of graph.layers) {
    const trainsItself = parameterCount(layer) > 0 && isTrainable(layer);
    if (trainsItself || layer.from.some((ref) => needs.has(ref.layer))) needs.add(layer.name);
  }
  const leads = new Set(losses.map((loss) => loss.spec.from.layer));
  for (const layer of [...graph.layers].reverse())
    if (leads.has(layer.name)) for (const ref of layer.from) leads.add(ref.layer);
  return new Set([...needs].filter((name) => leads.has(name)));
}

/** Parameters one after the other, each aligned. */
class FlatRange {
  /** In elements. */
  length = 0;
  readonly #offsets = new Map<string, number>();
  readonly #layers = new Set<string>();
  constructor(readonly floatBytes: number) {}

  addLayer(layer: TypedLayer): void {
    for (const [name, { shape }] of Object.entries(layer.inferred.parameters ?? {})) {
      this.#offsets.set(`${layer.name}.${name}`, this.length);
      this.length += align(sizeOf(shape) * this.floatBytes) / this.floatBytes;
      this.#layers.add(layer.name);
    }
  }

  has(layer: string): boolean {
    return this.#layers.has(layer);
  }

  /** In bytes. */
  offsetOf(layer: string, parameter: string): number {
    return (this.#offsets.get(`${layer}.${parameter}`) ?? 0) * this.floatBytes;
  }
}
