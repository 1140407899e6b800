/**
 * Probes measure activations and gradients while a step runs, right after each value is complete. All working memory is
 * allocated once; a measurement is converted to plain statistics only when it is requested.
 */
import { align, doublesOn } from '../kernels/backend.ts';
import { type Kernels, momentCount } from '../kernels/kernels.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import type { DetailMoment, SizedLayer, Span } from '../layers/statistic.ts';
import type { LayerPlan, Plan } from '../plan/plan.ts';
import type { Probe, Runtime } from '../plan/runtime.ts';
import { ClipCounter } from './clipCounter.ts';
import { DeadUnits } from './deadUnits.ts';
import type { Measured, NetworkStats } from './define.ts';
import { DetailProbe } from './detailProbe.ts';
import { LayerOutput } from './layerOutput.ts';
import { addMoments, emptyMoments, momentsOf } from './moments.ts';
import { OwnProbe, ownBytes } from './ownProbe.ts';
import { readStatistics } from './registry.ts';
import { UpdateProbe, updateProbeBytes } from './updateProbe.ts';

export class NetworkProbe implements Probe {
  /** Examines every step, also those that are not probed. */
  readonly deadUnits: DeadUnits;
  /** Called after every update. */
  readonly clipping = new ClipCounter();
  readonly #plan: Plan;
  readonly #runtime: Runtime;
  readonly #kernels: Kernels;
  readonly #outputs: readonly WatchedOutput[];
  /** Sum of squares of each layer's gradient with respect to its output, and the number of elements. */
  readonly #gradientSquares: Float64Array;
  readonly #gradientCounts: Float64Array;
  readonly #own: readonly OwnProbe[];
  readonly #update: UpdateProbe;
  readonly #detail: DetailProbe;
  /** By layer: the layers that read its output. */
  readonly #readers: readonly (readonly number[])[];
  /** Moments of one range of elements, in the order of `momentAt`. */
  readonly #span: Float64Array;
  #batch = 0;
  /** The step is measured in detail. */
  #detailed = false;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#plan = runtime.plan;
    this.#kernels = runtime.backend.kernels;
    const { layers } = runtime.plan;
    this.deadUnits = new DeadUnits(runtime);
    const records = doublesOn(runtime.backend, momentCount * (layers.length + 1));
    const record = (index: number) => records.subarray(momentCount * index, momentCount * (index + 1));
    this.#outputs = layers.map((_, index) => watch(runtime, index, record(index)));
    this.#gradientSquares = new Float64Array(layers.length);
    this.#gradientCounts = new Float64Array(layers.length);
    this.#own = layers.map((layer) => new OwnProbe(layer.layer.definition, sizedOf(layer), runtime.backend));
    this.#update = new UpdateProbe(runtime);
    this.#detail = new DetailProbe(runtime);
    const indices = new Map(layers.map(({ layer }, index) => [layer.name, index]));
    const readers: number[][] = layers.map(() => []);
    for (const [index, { layer }] of layers.entries())
      for (const { layer: name } of layer.from) readers[indices.get(name)!].push(index);
    this.#readers = readers;
    this.#span = record(layers.length);
  }

  /** Its state from step to step, by name: part of a training's state. */
  get memory(): ReadonlyMap<string, FloatArray> {
    return new Map([...this.deadUnits.memory, ['clipping', this.clipping.counts]]);
  }

  /** Prepares for a step on `batch` samples. */
  begin(batch: number): void {
    this.#batch = batch;
  }

  /** Measures the next step in detail, if it is probed. Until `endDetail`. */
  beginDetail(): void {
    this.#detailed = true;
    this.#detail.begin();
  }

  /** For the forward pass of the chosen sample. */
  readonly sample: Probe = {
    activation: (index) => this.#detail.look('sample', index, this.#outputs[index].output.spans(1)),
    gradient: () => undefined,
  };

  /** The measurements of the last step that was measured in detail, and of the chosen sample after it. */
  endDetail(): NetworkStats {
    this.#detailed = false;
    return this.#detail.read();
  }

  #lookAt(after: DetailMoment, index: number, spans: readonly Span[] = []): void {
    if (this.#detailed) this.#detail.look(after, index, spans);
  }

  #lookAtAll(after: DetailMoment): void {
    if (this.#detailed) for (const index of this.#outputs.keys()) this.#detail.look(after, index, []);
  }

  activation(index: number): void {
    const { output, low, high, moments } = this.#outputs[index];
    const spans = output.spans(this.#batch);
    if (spans.length === 1)
      this.#kernels.moments(spans[0].count, output.values, spans[0].offset, low, high, moments);
    else this.#momentsOfSpans(spans, this.#outputs[index]);
    if (!this.#own[index].isEmpty) this.#own[index].measure('forward', this.#runtime.passes[index], spans);
    this.#lookAt('forward', index, spans);
  }

  #momentsOfSpans(spans: readonly Span[], { output, low, high, moments }: WatchedOutput): void {
    emptyMoments(moments);
    for (const { offset, count } of spans) {
      this.#kernels.moments(count, output.values, offset, low, high, this.#span);
      addMoments(moments, this.#span);
    }
  }

  gradient(index: number): void {
    const { output } = this.#outputs[index];
    const spans = output.spans(this.#batch);
    let squares = 0;
    let elements = 0;
    for (const { offset, count } of spans) {
      squares += this.#kernels.sumOfSquares(count, output.gradient, offset);
      elements += count;
    }
    this.#gradientSquares[index] = squares;
    this.#gradientCounts[index] = elements;
    this.#lookAt('gradient', index, spans);
  }

  afterBackward(index: number): void {
    if (this.#own[index].isEmpty && !this.#detailed) return;
    const { output } = this.#outputs[index];
    const spans = output.spans(this.#batch);
    this.#own[index].measure('backward', this.#runtime.passes[index], spans);
    this.#lookAt('backward', index, spans);
  }

  /** Call this when the gradients of the loss are complete, before penalties and clipping. */
  lossGradients(): void {
    this.#update.lossGradients();
    this.#lookAtAll('lossGradients');
  }

  /** Call this right before gradients are clipped. */
  beforeClipping(): void {
    this.#update.beforeClipping();
  }

  beforeUpdate(): void {
    this.#update.before();
  }

  afterUpdate(): void {
    this.#update.after();
    this.#lookAtAll('update');
  }

  /** The statistics of the last probed step. */
  read(): NetworkStats {
    return Object.fromEntries(
      this.#plan.layers.map(({ backward, layer: { name } }, index) => [
        name,
        { ...readStatistics(this.#measured(index)), ...this.#own[index].read(backward !== undefined) },
      ]),
    );
  }

  /** The share of dead units in the last whole epoch, by layer; without those whose units cannot die. */
  deadShares(): { readonly [layer: string]: number } {
    const shares = this.#plan.layers.map(({ layer }, index) => [layer.name, this.deadUnits.share(index)]);
    return Object.fromEntries(shares.filter(([, share]) => typeof share === 'number'));
  }

  #measured(index: number): Measured {
    const { backward, layer } = this.#plan.layers[index];
    const update = this.#update.change(index);
    return {
      definition: layer.definition,
      activation: momentsOf(this.#outputs[index].moments),
      deadShare: this.deadUnits.share(index),
      ...(backward ? { gradient: this.#gradientOf(index) } : {}),
      ...(update ? { update: { ...update, clippedShare: this.clipping.share } } : {}),
    };
  }

  #gradientOf(index: number): NonNullable<Measured['gradient']> {
    const hasParameters = Object.keys(this.#plan.layers[index].parameters).length > 0;
    const readers = this.#readers[index].filter((reader) => this.#plan.layers[reader].backward);
    return {
      norm: hasParameters ? this.#update.gradientNorm(index) : Math.sqrt(this.#gradientSquares[index]),
      norms: this.#update.gradientNorms(index),
      clippedNorm: hasParameters ? this.#update.clippedNorm(index) : undefined,
      outputRms: this.#outputRms(index),
      readersRms:
        readers.length === 0 ? undefined : Math.max(...readers.map((reader) => this.#outputRms(reader))),
    };
  }

  #outputRms(index: number): number {
    return Math.sqrt(this.#gradientSquares[index] / Math.max(1, this.#gradientCounts[index]));
  }
}

/** The output of one layer, as the probe sees it. */
interface WatchedOutput {
  readonly output: LayerOutput;
  /** Saturation bounds: values beyond them count as saturated. */
  readonly low: number;
  readonly high: number;
  /** In the order of `momentAt`. */
  readonly moments: Float64Array;
}

/** Bytes of the backend's memory that a probe of this plan takes. */
export function probeBytes({ layers, buffers, float }: Plan): number {
  const unit = float === 'float64' ? 8 : 4;
  const parameters = layers.reduce((sum, layer) => sum + Object.keys(layer.parameters).length, 0);
  const bytes = layers.map((layer) => {
    const units = buffers[layer.output].shape.at(-1) ?? 1;
    const { definition } = layer.layer;
    return (definition.canDie ? align(unit * units) : 0) + ownBytes(definition, sizedOf(layer));
  });
  return bytes.reduce(
    (sum, one) => sum + one,
    align(8 * momentCount * (layers.length + 1)) + updateProbeBytes(parameters),
  );
}

const sizedOf = ({ layer: { spec, inputShapes, inferred } }: LayerPlan): SizedLayer => ({
  attributes: spec.attributes,
  inputs: inputShapes,
  output: inferred.output,
});

function watch(runtime: Runtime, index: number, moments: Float64Array): WatchedOutput {
  const { definition, spec } = runtime.plan.layers[index].layer;
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } =
    definition.saturationBounds?.(spec.attributes) ?? {};
  return { output: new LayerOutput(runtime, index), low, high, moments };
}
