/**
 * Probes measure activations and gradients when each value is complete, or all small ones together when the gradients are complete.
 * All working memory is allocated once; a measurement is converted to plain statistics only when it is requested.
 */
import { align, doublesOn } from '../kernels/backend.ts';
import {
  type Kernels,
  type Measurement,
  type Measuring,
  measurementBytes,
  momentCount,
} from '../kernels/kernels.ts';
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
  /** Elements of each layer's output in the last measured step, where samples differ in length. */
  readonly #realElements: Float64Array;
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
  readonly #measuresAtOnce: boolean;
  /** Whether anything is measured before the step ends. */
  #isBusy: boolean;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#plan = runtime.plan;
    this.#kernels = runtime.backend.kernels;
    const { layers } = runtime.plan;
    this.deadUnits = new DeadUnits(runtime);
    this.#own = layers.map((layer) => new OwnProbe(layer.layer.definition, sizedOf(layer), runtime.backend));
    const records = doublesOn(runtime.backend, sumCount * (layers.length + 1));
    const record = (index: number) => records.subarray(sumCount * index, sumCount * (index + 1));
    this.#outputs = layers.map((_, index) => watch(runtime, index, !this.#own[index].isEmpty, record(index)));
    this.#realElements = new Float64Array(layers.length);
    this.#measuresAtOnce = this.#outputs.some(({ isMeasuredAtOnce }) => isMeasuredAtOnce);
    this.#isBusy = this.#measuresAtOnce;
    this.#update = new UpdateProbe(
      runtime,
      this.#outputs.flatMap(({ atEnd }) => atEnd),
    );
    this.#detail = new DetailProbe(runtime);
    const indices = new Map(layers.map(({ layer }, index) => [layer.name, index]));
    const readers: number[][] = layers.map(() => []);
    for (const [index, { layer }] of layers.entries())
      for (const { layer: name } of layer.from) readers[indices.get(name)!].push(index);
    this.#readers = readers;
    this.#span = record(layers.length).subarray(0, momentCount);
  }

  /** Prepares for a step on `batch` samples. */
  begin(batch: number): void {
    this.#batch = batch;
  }

  /** Measures the next step in detail, if it is probed. Until `endDetail`. */
  beginDetail(): void {
    this.#detailed = true;
    this.#isBusy = true;
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
    this.#isBusy = this.#measuresAtOnce;
    return this.#detail.read();
  }

  /** Details show the gradients themselves. */
  get sparesRectified(): boolean {
    return !this.#detailed;
  }

  #lookAt(after: DetailMoment, index: number, spans: readonly Span[] = []): void {
    if (!this.#detailed) return;
    this.#runtime.backend.afterKernels?.();
    this.#detail.look(after, index, spans);
  }

  #lookAtAll(after: DetailMoment): void {
    if (this.#detailed) for (const index of this.#outputs.keys()) this.#detail.look(after, index, []);
  }

  // These three are small, so that they are compiled into the loops over steps: in tiny networks, no layer needs anything here.
  activation(index: number): void {
    if (this.#isBusy) this.#measureActivation(index);
  }

  gradient(index: number): void {
    if (this.#isBusy) this.#measureGradient(index);
  }

  afterBackward(index: number): void {
    if (this.#isBusy) this.#measureAfterBackward(index);
  }

  #isIdle({ isMeasuredAtOnce }: WatchedOutput): boolean {
    return !isMeasuredAtOnce && !this.#detailed;
  }

  #measureActivation(index: number): void {
    const watched = this.#outputs[index];
    if (this.#isIdle(watched)) return;
    watched.activation?.(this.#batch);
    const spans = watched.output.spans(this.#batch);
    if (watched.output.isPadded) this.#momentsOfSpans(spans, watched);
    this.#own[index].measure('forward', this.#runtime.passes[index], spans);
    this.#lookAt('forward', index, spans);
  }

  #momentsOfSpans(spans: readonly Span[], { output, low, high, moments }: WatchedOutput): void {
    emptyMoments(moments);
    for (const { offset, count } of spans) {
      this.#kernels.moments(count, output.values, offset, low, high, this.#span);
      addMoments(moments, this.#span);
    }
  }

  #measureGradient(index: number): void {
    const watched = this.#outputs[index];
    if (this.#isIdle(watched)) return;
    watched.gradient?.(this.#batch);
    if (!watched.output.isPadded && !this.#detailed) return;
    const spans = watched.output.spans(this.#batch);
    if (watched.output.isPadded) this.#squaresOfSpans(spans, index);
    this.#lookAt('gradient', index, spans);
  }

  #squaresOfSpans(spans: readonly Span[], index: number): void {
    const { output, squares } = this.#outputs[index];
    squares[0] = 0;
    this.#realElements[index] = 0;
    for (const { offset, count } of spans) {
      squares[0] += this.#kernels.sumOfSquares(count, output.gradient, offset);
      this.#realElements[index] += count;
    }
  }

  #measureAfterBackward(index: number): void {
    if (this.#own[index].isEmpty && !this.#detailed) return;
    const { output } = this.#outputs[index];
    const spans = output.spans(this.#batch);
    this.#own[index].measure('backward', this.#runtime.passes[index], spans);
    this.#lookAt('backward', index, spans);
  }

  /** Call this when the gradients of the loss are complete, before penalties and clipping. Measures everything that lasts until then. */
  lossGradients(): void {
    this.#update.lossGradients(this.#batch);
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
      norm: hasParameters ? this.#update.gradientNorm(index) : Math.sqrt(this.#squaresOf(index)),
      norms: this.#update.gradientNorms(index),
      clippedNorm: hasParameters ? this.#update.clippedNorm(index) : undefined,
      outputRms: this.#outputRms(index),
      readersRms:
        readers.length === 0 ? undefined : Math.max(...readers.map((reader) => this.#outputRms(reader))),
    };
  }

  /** The sum of squares of the gradient of a layer's output. */
  #squaresOf(index: number): number {
    return this.#outputs[this.#runtime.rectifiers[index] ?? index].squares[0];
  }

  #outputRms(index: number): number {
    const { output } = this.#outputs[index];
    const elements = output.isPadded ? this.#realElements[index] : this.#batch * output.size;
    return Math.sqrt(this.#squaresOf(index) / Math.max(1, elements));
  }
}

/** The output of one layer, as the probe sees it. */
interface WatchedOutput {
  readonly output: LayerOutput;
  /** Whether something is measured before the step ends, other than details. */
  readonly isMeasuredAtOnce: boolean;
  /** Saturation bounds: values beyond them count as saturated. */
  readonly low: number;
  readonly high: number;
  /** In the order of `momentAt`. */
  readonly moments: Float64Array;
  /** [1]: sum of squares of the gradient, unless another layer does this one's work. */
  readonly squares: Float64Array;
  /** Measure the values and the gradient as soon as they are complete. Absent if they last, or contain padding. */
  readonly activation?: Measuring;
  readonly gradient?: Measuring | undefined;
  /** Those that one call takes at the end of the step, because the values last until then. */
  readonly atEnd: readonly Measurement[];
}

/** Of each layer: its moments, and the sum of squares of its gradient. */
const sumCount = momentCount + 1;

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
    align(8 * sumCount * (layers.length + 1)) +
      2 * layers.length * align(measurementBytes) +
      updateProbeBytes(parameters),
  );
}

const sizedOf = ({ layer: { spec, inputShapes, inferred } }: LayerPlan): SizedLayer => ({
  attributes: spec.attributes,
  inputs: inputShapes,
  output: inferred.output,
});

function watch(runtime: Runtime, index: number, hasOwn: boolean, sums: Float64Array): WatchedOutput {
  const { lasts, backward, layer } = runtime.plan.layers[index];
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } =
    layer.definition.saturationBounds?.(layer.spec.attributes) ?? {};
  const [moments, squares] = [sums.subarray(0, momentCount), sums.subarray(momentCount)];
  const output = new LayerOutput(runtime, index);
  const { isPadded, size: perSample, values, gradient } = output;
  const isMeasuredAtOnce = hasOwn || isPadded || !lasts;
  const watched = { output, isMeasuredAtOnce, low, high, moments, squares };
  const hasGradient = backward !== undefined && runtime.rectifiers[index] === undefined;
  if (isPadded) return { ...watched, atEnd: [] };
  const ofValues: Measurement = { what: 'moments', x: values, perSample, low, high, out: moments };
  const ofGradient: Measurement = { what: 'squares', x: gradient, perSample, out: squares };
  if (lasts) return { ...watched, atEnd: hasGradient ? [ofValues, ofGradient] : [ofValues] };
  const { kernels } = runtime.backend;
  return {
    ...watched,
    activation: kernels.prepare([ofValues]),
    gradient: hasGradient ? kernels.prepare([ofGradient]) : undefined,
    atEnd: [],
  };
}
