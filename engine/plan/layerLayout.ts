/** The buffers of every layer, in the order of the graph: its own, and those that it shares with its neighbours. */
import { type TimeAxes, type TimeAxis, timeOf } from '../graph/lengths.ts';
import type { TypedGraph, TypedLayer } from '../graph/typed.ts';
import type { Shape } from '../layers/define.ts';
import type { OutputRef } from '../spec/document.ts';
import { type BufferTable, float } from './bufferTable.ts';
import type { ParameterLayout } from './parameterLayout.ts';
import type { BufferId, BufferKind, LayerPlan, LossPlan, PlannedLoss, PlannedTime } from './plan.ts';
import { fuseActivations, fuseReLUs, type Sharing, shareOutputs } from './sharing.ts';

export const keyOf = ({ layer, output }: OutputRef): string =>
  output === undefined ? layer : `${layer}.${output}`;

/** Buffers by the output that they hold, or hold the gradient of. */
type ByOutput = Map<string, BufferId>;

export class LayerLayout {
  readonly layers: readonly LayerPlan[];
  readonly losses: readonly LossPlan[];
  /** As in `Plan`. */
  readonly lengths: readonly Int32Array[];
  readonly #table: BufferTable;
  readonly #parameters: ParameterLayout;
  readonly #times: TimeAxes;
  readonly #outputs: ByOutput = new Map();
  readonly #gradients: ByOutput = new Map();

  constructor(
    graph: TypedGraph,
    table: BufferTable,
    parameters: ParameterLayout,
    losses: readonly PlannedLoss[],
    times: TimeAxes,
  ) {
    this.#table = table;
    this.#parameters = parameters;
    this.#times = times;
    this.lengths = [...new Set([...times.values()].map(({ steps }) => steps))];
    const sharing = shareOutputs(graph, losses);
    const fusions = fuseActivations(graph, sharing);
    const rectified = fuseReLUs(graph, losses, sharing);
    this.layers = graph.layers.map((layer) => {
      const shares = sharing.get(layer.name);
      const plan: LayerPlan = {
        ...this.#forward(layer, shares),
        view: shares === 'view',
        fuses: fusions.get(layer.name),
        rectifies: rectified.get(layer.name),
      };
      if (!parameters.reached.has(layer.name)) return plan;
      return { ...plan, backward: this.#backward(layer, shares) };
    });
    this.losses = losses.map((loss, index) => this.#loss(loss, index));
  }

  #forward(layer: TypedLayer, shares: Sharing | undefined): Omit<LayerPlan, 'view' | 'fuses' | 'rectifies'> {
    const { name, inferred, from } = layer;
    const table = this.#table;
    const inputs = from.map((ref) => this.#outputs.get(keyOf(ref)) as BufferId);
    const output = this.#ownOrShared(layer, 'output', 'output', shares, inputs[0]);
    this.#outputs.set(name, output);
    const extraOutputs = this.#addExtra(layer, '', 'output', this.#outputs);
    return {
      layer,
      inputs,
      output,
      lasts: table.lasts(output),
      extraOutputs,
      parameters: this.#parameters.parameters(layer),
      saved: table.addAll(name, 'saved', inferred.saved),
      scratch: table.addAll(name, 'scratch', inferred.scratch),
      state: table.addAll(name, 'state', inferred.state),
      inputTime: this.#planTime(
        from.map((ref) => timeOf(this.#times, ref)).find((time) => time !== undefined),
      ),
      outputTime: this.#planTime(this.#times.get(name)),
    };
  }

  #backward(layer: TypedLayer, shares: Sharing | undefined): NonNullable<LayerPlan['backward']> {
    const gradInputs = layer.from.map((ref) => this.#gradients.get(keyOf(ref)));
    const gradOutput = this.#ownOrShared(layer, 'gradOutput', 'gradOutput', shares, gradInputs[0]);
    this.#gradients.set(layer.name, gradOutput);
    return {
      gradInputs,
      gradOutput,
      gradExtraOutputs: this.#addExtra(layer, 'grad.', 'gradOutput', this.#gradients),
      gradParameters: this.#parameters.gradients(layer),
    };
  }

  /** A layer's own buffer, or the one of its input that it shares. In place, the values of the input would not last. */
  #ownOrShared(
    { name, inferred }: TypedLayer,
    what: string,
    kind: BufferKind,
    shares: Sharing | undefined,
    input: BufferId | undefined,
  ): BufferId {
    if (shares === 'inPlace' && input !== undefined && !this.#table.lasts(input)) return input;
    const within =
      shares === 'view' && input !== undefined ? { buffer: this.#table.owner(input), offset: 0 } : undefined;
    return this.#table.add(`${name}.${what}`, kind, float(inferred.output, true), within);
  }

  #addExtra(
    { name, inferred }: TypedLayer,
    prefix: string,
    kind: BufferKind,
    byOutput: ByOutput,
  ): { [output: string]: BufferId } {
    return Object.fromEntries(
      Object.entries<Shape>(inferred.extraOutputs ?? {}).map(([output, shape]) => {
        const id = this.#table.add(`${name}.${prefix}${output}`, kind, float(shape, true));
        byOutput.set(`${name}.${output}`, id);
        return [output, id];
      }),
    );
  }

  #loss(loss: PlannedLoss, index: number): LossPlan {
    const { spec, inferred } = loss;
    const from = keyOf(spec.from);
    const { shape, type } = inferred.target;
    return {
      ...loss,
      prediction: this.#outputs.get(from) as BufferId,
      gradPrediction: this.#gradients.get(from),
      target: this.#table.add(`target ${index + 1}`, 'target', { shape, batched: true, type }),
      saved: this.#table.addAll(`loss ${index + 1}`, 'saved', inferred.saved),
      lengths: this.#planTime(timeOf(this.#times, spec.from))?.lengths,
    };
  }

  #planTime(time: TimeAxis | undefined): PlannedTime | undefined {
    return time && { axis: time.axis, lengths: this.lengths.indexOf(time.steps) };
  }
}
