/** Typed graph → plan: which buffers a network needs, when they live, and in what order the steps run. */
import { type TimeAxes, type TimeAxis, timeOf } from '../graph/lengths.ts';
import type { TypedGraph, TypedLayer } from '../graph/typed.ts';
import { align } from '../kernels/backend.ts';
import { type BufferSpec, type Shape, sizeOf } from '../layers/define.ts';
import type { OutputRef } from '../spec/document.ts';
import { placeBuffers } from './memory.ts';
import type {
  BufferId,
  BufferKind,
  Float,
  LayerPlan,
  LossPlan,
  Plan,
  PlanBuffer,
  PlannedLoss,
  PlannedTime,
  PlanStep,
} from './plan.ts';
import { fuseActivations, shareOutputs } from './sharing.ts';
import { orderSteps, touched } from './steps.ts';

export interface CompileOptions {
  readonly batchSize: number;
  readonly float: Float;
  /** With none, the plan only runs forward. */
  readonly losses: readonly PlannedLoss[];
  /** Names of the optimizer's running values; absent when nothing is trained. */
  readonly slots?: readonly string[];
  /** Where samples differ in length. */
  readonly times?: TimeAxes;
}

/** A buffer before it has a place. */
type Draft = Omit<PlanBuffer, 'offset'> & {
  readonly within?: { readonly buffer: BufferId; readonly offset: number };
};

class BufferTable {
  readonly drafts: Draft[] = [];
  /** The buffer that a buffer lies in: itself, unless it is within another. */
  readonly owner = (id: BufferId): BufferId => this.drafts[id].within?.buffer ?? id;
  constructor(
    readonly batchSize: number,
    readonly floatBytes: number,
  ) {}

  add(name: string, kind: BufferKind, spec: BufferSpec, within?: Draft['within']): BufferId {
    const id = this.drafts.length;
    const shape = spec.batched ? [this.batchSize, ...spec.shape] : spec.shape;
    const length = sizeOf(shape);
    const bytes = length * (spec.type === 'int' ? 4 : this.floatBytes);
    this.drafts.push({
      id,
      name,
      kind,
      type: spec.type,
      shape,
      length,
      bytes,
      ...(within ? { within } : {}),
    });
    return id;
  }

  addAll(
    owner: string,
    kind: BufferKind,
    specs: { readonly [name: string]: BufferSpec } = {},
  ): { [name: string]: BufferId } {
    return Object.fromEntries(
      Object.entries(specs).map(([name, spec]) => [name, this.add(`${owner}.${name}`, kind, spec)]),
    );
  }
}

const float = (shape: Shape, batched: boolean): BufferSpec<'float'> => ({ shape, batched, type: 'float' });

export function compile(graph: TypedGraph, options: CompileOptions): Plan {
  const floatBytes = options.float === 'float64' ? 8 : 4;
  const table = new BufferTable(options.batchSize, floatBytes);
  const trained = options.slots !== undefined && options.losses.length > 0;
  const reached = trained ? layersReachedByGradient(graph, options.losses) : new Set<string>();

  const parameters = new FlatRange(floatBytes);
  const frozen = new FlatRange(floatBytes);
  for (const layer of graph.layers)
    if (!sharesParameters(layer))
      (reached.has(layer.name) && isTrainable(layer) ? parameters : frozen).addLayer(layer);
  const flat =
    parameters.length > 0 && options.slots
      ? table.add('parameters', 'parameter', float([parameters.length], false))
      : undefined;
  const flatGradients =
    flat === undefined ? undefined : table.add('gradients', 'gradient', float([parameters.length], false));
  const slots =
    flat === undefined
      ? []
      : (options.slots ?? []).map((name) => table.add(name, 'slot', float([parameters.length], false)));
  const previous =
    flat === undefined
      ? undefined
      : table.add('previous parameters', 'probe', float([parameters.length], false));
  const flatFrozen =
    frozen.length > 0 ? table.add('fixed parameters', 'parameter', float([frozen.length], false)) : undefined;
  const flatFrozenGradients =
    frozen.length > 0 && reached.size > 0
      ? table.add('gradients of fixed parameters', 'gradient', float([frozen.length], false))
      : undefined;

  const sharing = shareOutputs(graph, options.losses);
  const fusions = fuseActivations(graph, sharing);
  const fused = new Set([...fusions.values()].map(({ follower }) => follower));
  const planned = new Map<string, LayerPlan>();
  const outputs = new Map<string, BufferId>();
  const gradients = new Map<string, BufferId>();
  const times: TimeAxes = options.times ?? new Map();
  const lengths = [...new Set([...times.values()].map(({ steps }) => steps))];
  const planTime = (time: TimeAxis | undefined): PlannedTime | undefined =>
    time && { axis: time.axis, lengths: lengths.indexOf(time.steps) };
  for (const layer of graph.layers) {
    const { name, inferred } = layer;
    const owner = sharesParameters(layer) ?? name;
    const range = parameters.has(owner) ? parameters : frozen;
    const place = (whole: BufferId | undefined, kind: BufferKind): { [name: string]: BufferId } =>
      whole === undefined
        ? {}
        : Object.fromEntries(
            Object.entries(inferred.parameters ?? {}).map(([parameter, spec]) => [
              parameter,
              table.add(`${name}.${parameter}`, kind, float(spec.shape, false), {
                buffer: whole,
                offset: range.offsetOf(owner, parameter),
              }),
            ]),
          );
    const inputs = layer.from.map((ref) => outputs.get(keyOf(ref)) as BufferId);
    const shares = sharing.get(name);
    /** A layer's own buffer, or the one of its input that it shares. */
    const placeOutput = (what: string, kind: BufferKind, input: BufferId | undefined): BufferId =>
      shares === 'inPlace' && input !== undefined
        ? input
        : table.add(
            `${name}.${what}`,
            kind,
            float(inferred.output, true),
            shares === 'view' && input !== undefined ? { buffer: table.owner(input), offset: 0 } : undefined,
          );
    const output = placeOutput('output', 'output', inputs[0]);
    outputs.set(name, output);
    const extra = inferred.extraOutputs ?? {};
    const extraOutputs = table.addAll(
      name,
      'output',
      mapValues(extra, (shape) => float(shape, true)),
    );
    for (const [key, id] of Object.entries(extraOutputs)) outputs.set(`${name}.${key}`, id);

    const plan: LayerPlan = {
      layer,
      inputs,
      output,
      extraOutputs,
      parameters: place(range === parameters ? flat : flatFrozen, 'parameter'),
      saved: table.addAll(name, 'saved', inferred.saved),
      scratch: table.addAll(name, 'scratch', inferred.scratch),
      state: table.addAll(name, 'state', inferred.state),
      inputTime: planTime(layer.from.map((ref) => timeOf(times, ref)).find((time) => time !== undefined)),
      outputTime: planTime(times.get(name)),
      view: shares === 'view',
      fuses: fusions.get(name)?.activation,
      fused: fused.has(name),
    };
    if (!reached.has(name)) {
      planned.set(name, plan);
      continue;
    }
    const gradInputs = layer.from.map((ref) => gradients.get(keyOf(ref)));
    const gradOutput = placeOutput('gradOutput', 'gradOutput', gradInputs[0]);
    gradients.set(name, gradOutput);
    const gradExtraOutputs = Object.fromEntries(
      Object.entries(extra).map(([key, shape]) => [
        key,
        table.add(`${name}.grad.${key}`, 'gradOutput', float(shape, true)),
      ]),
    );
    for (const [key, id] of Object.entries(gradExtraOutputs)) gradients.set(`${name}.${key}`, id);
    planned.set(name, {
      ...plan,
      backward: {
        gradInputs,
        gradOutput,
        gradExtraOutputs,
        gradParameters: place(range === parameters ? flatGradients : flatFrozenGradients, 'gradient'),
      },
    });
  }

  const layers = graph.layers.map((layer) => planned.get(layer.name) as LayerPlan);
  const losses: LossPlan[] = options.losses.map((loss, index) => ({
    ...loss,
    prediction: outputs.get(keyOf(loss.spec.from)) as BufferId,
    gradPrediction: gradients.get(keyOf(loss.spec.from)),
    target: table.add(`target ${index + 1}`, 'target', {
      shape: loss.inferred.target.shape,
      batched: true,
      type: loss.inferred.target.type,
    }),
    saved: table.addAll(`loss ${index + 1}`, 'saved', loss.inferred.saved),
    lengths: planTime(timeOf(times, loss.spec.from))?.lengths,
  }));

  const steps = orderSteps(layers, losses, table.owner);
  const { buffers, bytes } = placeAll(table, layers, losses, steps);
  return {
    float: options.float,
    batchSize: options.batchSize,
    buffers,
    layers,
    losses,
    steps,
    lengths,
    update:
      flat === undefined || flatGradients === undefined
        ? undefined
        : { parameters: flat, gradients: flatGradients, slots },
    previous,
    parameterCount: graph.layers.reduce(
      (sum, layer) => sum + (sharesParameters(layer) ? 0 : parameterCount(layer)),
      0,
    ),
    bytes,
  };
}

export const keyOf = ({ layer, output }: OutputRef): string =>
  output === undefined ? layer : `${layer}.${output}`;

export function parameterCount(layer: TypedLayer): number {
  return Object.values(layer.inferred.parameters ?? {}).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

const isTrainable = (layer: TypedLayer): boolean => layer.spec.common.trainable;

const sharesParameters = (layer: TypedLayer): string | undefined => layer.spec.common.shares;

function mapValues<T, U>(
  record: { readonly [name: string]: T },
  map: (value: T) => U,
): { [name: string]: U } {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

/** Parameters one after the other, each aligned, so that an optimizer walks them in one call. */
class FlatRange {
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

/** Kinds that carry values from one training step to the next, or are filled before it. */
const lasting: ReadonlySet<BufferKind> = new Set([
  'parameter',
  'gradient',
  'slot',
  'state',
  'target',
  'probe',
]);

function placeAll(
  { drafts, owner }: BufferTable,
  layers: readonly LayerPlan[],
  losses: readonly LossPlan[],
  steps: readonly PlanStep[],
): { readonly buffers: readonly PlanBuffer[]; readonly bytes: number } {
  const from = new Array<number>(drafts.length).fill(Number.POSITIVE_INFINITY);
  const to = new Array<number>(drafts.length).fill(-1);
  steps.forEach((step, at) => {
    for (const id of touched(step, layers, losses)) {
      if (id === undefined) continue;
      const place = owner(id);
      from[place] = Math.min(from[place], at);
      to[place] = Math.max(to[place], at);
    }
  });
  const read = new Set(layers.flatMap(({ layer }) => layer.from.map((ref) => ref.layer)));
  // What the data fills before the first step, and what a caller reads after the last, lives throughout.
  const kept = new Set<BufferId>([
    ...layers
      .filter(({ inputs, layer }) => inputs.length === 0 || !read.has(layer.name))
      .map(({ output }) => owner(output)),
    ...losses.map(({ prediction }) => owner(prediction)),
  ]);
  const owners = drafts.filter((draft) => !draft.within);
  const { offsets, bytes } = placeBuffers(
    owners.map((draft) =>
      lasting.has(draft.kind) || kept.has(draft.id) || to[draft.id] < 0
        ? { bytes: draft.bytes, from: 0, to: steps.length }
        : { bytes: draft.bytes, from: from[draft.id], to: to[draft.id] },
    ),
  );
  const offsetOf = new Map(owners.map((draft, index) => [draft.id, offsets[index]]));
  const buffers = drafts.map(({ within, ...draft }) => ({
    ...draft,
    offset: within
      ? (offsetOf.get(within.buffer) as number) + within.offset
      : (offsetOf.get(draft.id) as number),
  }));
  return { buffers, bytes };
}
