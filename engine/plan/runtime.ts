/**
 * Runs a plan: allocates its arena, creates every view and pass object once, and then runs steps without allocating.
 * Uses layers and losses only through their contracts.
 */

import type { TypedLayer } from '../graph/typed.ts';
import { targetOf } from '../initializers/define.ts';
import { initializers } from '../initializers/registry.ts';
import type { Backend } from '../kernels/backend.ts';
import { purposeOf, Random } from '../kernels/random.ts';
import type { FloatArray, IntTensor, Tensor } from '../kernels/tensor.ts';
import type { BackwardPass } from '../layers/define.ts';
import type { LossPass } from '../losses/define.ts';
import { type Mutable, mapValues } from '../schema/objects.ts';
import { ProblemError } from '../schema/problem.ts';
import { dissolvedName } from '../spec/reference.ts';
import type { BufferId, Fusion, LayerPlan, LossPlan, Plan, PlanBuffer } from './plan.ts';

/** Called with a layer's index when its value is complete, and before it changes, on steps that are probed. */
export interface Probe {
  activation(layer: number): void;
  gradient(layer: number): void;
  /** After the layer's backward, while its saved buffers hold. */
  afterBackward?(layer: number): void;
  /**
   * Whether the step may do without the gradients of ReLUs that have a rectifier. They have the same sum of squares as the gradient of
   * the rectifier.
   */
  readonly sparesRectified?: boolean;
}

/**
 * Called on every step, whether probed or not, with a layer's index when its activation is complete, and before it changes. Where the next layer
 * does the work of a ReLU, the ReLU's output still holds its input: its positive values are right, all others are not 0 yet.
 */
export interface Watch {
  activation(layer: number, batch: number): void;
}

/** A fusion with the pass of the layer that computes both, its own output, and that of the layer that it computes, too. */
interface Fused extends Fusion {
  readonly pass: Mutable<BackwardPass>;
  readonly own: Tensor;
  readonly fused: Tensor;
}

export class Runtime {
  readonly tensors: readonly Tensor[];
  readonly passes: readonly BackwardPass[];
  readonly lossPasses: readonly LossPass[];
  /** Real time steps of each sample in the data, where samples differ in length: filled before a batch runs. */
  readonly lengths: Int32Array;
  /** The same after layers that change lengths: one array for each entry of the plan's `lengths`. */
  readonly #lengths: readonly Int32Array[];
  /**
   * For each layer with trained or frozen parameters: whether its backward may overwrite their gradients; otherwise they are
   * zeroed.
   */
  readonly #overwritesParameters: readonly boolean[];
  readonly #zeroed: readonly FloatArray[];
  /** Layers that compute the next one on steps without probes. */
  readonly #fusions: readonly Fused[];
  /** By layer: whether another one computes it on these steps. */
  readonly #skips: readonly boolean[];
  /** By layer: the one that may do its work, forward if it is not probed, and backward. */
  readonly rectifiers: readonly (number | undefined)[];
  readonly #rectifying: readonly Mutable<BackwardPass>[];
  /** Whether every layer does its own work in the current step. */
  #isSeparate = false;
  readonly #randoms: readonly Random[];
  readonly #purposes: readonly number[];
  /**
   * For the samples of the last forward pass: the sum of each loss over what counts, and its weight, see `LossDefinition.total`.
   */
  readonly lossSums: Float64Array;
  readonly totals: Float64Array;
  /** The divisor of the gradients of each loss. */
  #divisors: Float64Array;

  constructor(
    readonly plan: Plan,
    readonly backend: Backend,
    readonly seed: number,
  ) {
    const arena = backend.allocate(plan.bytes);
    const { base } = arena;
    // The types of views distinguish shared memory; for layers, both are the same.
    const buffer = arena.buffer as ArrayBuffer;
    const FloatView = plan.float === 'float64' ? Float64Array : Float32Array;
    const viewOf = ({ type, offset, length }: PlanBuffer): FloatArray | Int32Array =>
      type === 'int'
        ? new Int32Array(buffer, base + offset, length)
        : new FloatView(buffer, base + offset, length);
    // The tensor of an int buffer is returned only where the contract says int.
    this.tensors = plan.buffers.map((spec) => ({ shape: spec.shape, data: viewOf(spec) as FloatArray }));
    this.lengths = new Int32Array(plan.batchSize);
    this.#lengths = plan.lengths.map(() => new Int32Array(plan.batchSize));
    this.#randoms = plan.layers.map(() => new Random(seed));
    this.#purposes = plan.layers.map(({ layer }) => purposeOf(dissolvedName(layer.name)));
    this.passes = plan.layers.map((layer, index) => this.#layerPass(layer, index));
    this.lossPasses = plan.losses.map((loss) => this.#lossPass(loss));
    this.lossSums = new Float64Array(plan.losses.length);
    this.totals = new Float64Array(plan.losses.length);
    this.#divisors = this.totals;
    const shared = new Set(plan.layers.map(({ layer }) => layer.spec.common.shares));
    this.#overwritesParameters = plan.layers.map(
      ({ layer: { name, spec, definition } }) =>
        definition.overwrites === true && spec.common.shares === undefined && !shared.has(name),
    );
    this.#zeroed = this.passes
      .filter((_, index) => !this.#overwritesParameters[index])
      .flatMap(({ gradParameters }) => Object.values(gradParameters).map(({ data }) => data));
    const rectifying = plan.layers.filter(({ rectifies, inputTime }) => {
      // In padding, such a layer does nothing, so not the work of the one before it either.
      if (rectifies === undefined || inputTime) return false;
      const { input, output, gradInput, gradOutput } = this.passes[rectifies];
      return input === output && gradInput === gradOutput;
    });
    this.#rectifying = rectifying.map((layer) => this.passes[plan.layers.indexOf(layer)]);
    const rectifiers = new Map(rectifying.map((layer) => [layer.rectifies, plan.layers.indexOf(layer)]));
    this.rectifiers = plan.layers.map((_, index) => rectifiers.get(index));
    const { fusible } = backend.kernels;
    this.#fusions = plan.layers.flatMap(({ fuses, output }, index): Fused[] => {
      if (!fuses || !fusible.includes(fuses.activation) || rectifiers.has(fuses.follower)) return [];
      const fused = this.tensors[plan.layers[fuses.follower].output];
      return [{ ...fuses, pass: this.passes[index], own: this.tensors[output], fused }];
    });
    const followers = new Set(this.#fusions.map(({ follower }) => follower));
    this.#skips = plan.layers.map((_, index) => followers.has(index) || rectifiers.has(index));
    for (const step of plan.steps)
      if (step.op === 'backward')
        (this.passes[step.index] as Mutable<BackwardPass>).accumulateInput = step.accumulate;
    this.#initialize();
  }

  tensor(id: BufferId): Tensor {
    return this.tensors[id];
  }

  /**
   * Where samples of a layer's output differ in length: the axis of one sample's shape that is time, and the real steps of
   * each sample of the batch that ran last. Undefined where all of the output is real.
   */
  timeOf(layer: number): { readonly axis: number; readonly lengths: Int32Array } | undefined {
    const time = this.plan.layers[layer].outputTime;
    return time && { axis: time.axis, lengths: this.#lengths[time.lengths] };
  }

  #named(ids: { readonly [name: string]: BufferId }): { [name: string]: Tensor } {
    return mapValues(ids, (id) => this.tensors[id]);
  }

  #layerPass(plan: LayerPlan, index: number): BackwardPass {
    const { layer, backward } = plan;
    const inputs = plan.inputs.map((id) => this.tensors[id]);
    const gradInputs =
      backward?.gradInputs.map((id) => (id === undefined ? undefined : this.tensors[id])) ?? [];
    const output = this.tensors[plan.output];
    return {
      attributes: layer.spec.attributes as BackwardPass['attributes'],
      batch: this.plan.batchSize,
      training: false,
      kernels: this.backend.kernels,
      random: this.#randoms[index],
      lengths: plan.inputTime && this.#lengths[plan.inputTime.lengths],
      timeAxis: plan.inputTime?.axis ?? 0,
      inputs,
      input: inputs[0],
      output,
      extraOutputs: this.#named(plan.extraOutputs),
      parameters: this.#named(plan.parameters),
      saved: this.#named(plan.saved),
      scratch: this.#named(plan.scratch),
      state: this.#named(plan.state),
      constants: layer.inferred.constants ?? {},
      accumulateInput: true,
      accumulateParameters: true,
      gradInputs,
      gradInput: gradInputs[0],
      gradOutput: backward ? this.tensors[backward.gradOutput] : output,
      gradExtraOutputs: this.#named(backward?.gradExtraOutputs ?? {}),
      gradParameters: this.#named(backward?.gradParameters ?? {}),
    };
  }

  #lossPass(loss: LossPlan): LossPass {
    return {
      attributes: loss.spec.attributes as LossPass['attributes'],
      batch: this.plan.batchSize,
      kernels: this.backend.kernels,
      prediction: this.tensors[loss.prediction],
      target: this.tensors[loss.target] as Tensor | IntTensor,
      gradPrediction: undefined,
      scale: 0,
      saved: this.#named(loss.saved),
      constants: loss.inferred.constants ?? {},
      lengths: loss.lengths === undefined ? undefined : this.#lengths[loss.lengths],
    };
  }

  #initialize(): void {
    for (const { layer, parameters, state } of this.plan.layers) {
      // A layer that shares parameters leaves them as their owner draws them.
      if (layer.spec.common.shares === undefined)
        for (const [name, spec] of Object.entries(layer.inferred.parameters ?? {})) {
          const { type, attributes } = spec.initializer;
          const random = new Random(this.seed, purposeOf(`${dissolvedName(layer.name)}.${name}`));
          const { data } = this.tensors[parameters[name]];
          initializers.get(type).fill(data, targetOf(spec), random, attributes);
        }
      for (const [name, spec] of Object.entries(layer.inferred.state ?? {}))
        this.tensors[state[name]].data.fill(spec.initial);
    }
  }

  /** Whether a layer carries its rows' sequences from batch to batch. */
  get carriesSequences(): boolean {
    return this.plan.layers.some(({ layer }) =>
      Object.values(layer.inferred.state ?? {}).some((spec) => spec.carriesSequence),
    );
  }

  /** Resets the sequences that are carried over: another pass over the data begins. */
  beginSequences(): void {
    for (const { layer, state } of this.plan.layers)
      for (const [name, spec] of Object.entries(layer.inferred.state ?? {}))
        if (spec.carriesSequence) this.tensors[state[name]].data.fill(spec.initial);
  }

  /**
   * Sets everything in a pass that changes from step to step, for every layer and loss. A layer whose forward does not run, because
   * it is fused or a view, has a backward nevertheless, which must not use the previous step.
   */
  #begin(batch: number, training: boolean, counter: number, probe: Probe | undefined): void {
    for (let index = 0; index < this.passes.length; index++) {
      const pass = this.passes[index] as Mutable<BackwardPass>;
      pass.batch = batch;
      pass.training = training;
      if (training) this.#randoms[index].reset(this.seed, this.#purposes[index], counter);
    }
    for (const { pass, activation, own, fused } of this.#fusions) {
      pass.activation = probe ? undefined : activation;
      pass.output = probe ? own : fused;
    }
    this.#isSeparate = probe !== undefined && probe.sparesRectified !== true;
    for (const pass of this.#rectifying) pass.rectify = !this.#isSeparate;
    this.beginLosses(batch);
  }

  /** From now on the losses judge the first `batch` samples of the buffers, as long as these are. */
  beginLosses(batch: number): void {
    for (const pass of this.lossPasses) (pass as Mutable<LossPass>).batch = batch;
    this.plan.lengths.forEach((steps, index) => {
      for (let n = 0; n < batch; n++) this.#lengths[index][n] = steps[this.lengths[n]];
    });
  }

  /** Runs all layers forward on the first `batch` samples of the input buffers. `counter` addresses the random draws of this step. */
  forward(batch: number, training: boolean, counter: number, probe?: Probe, watch?: Watch): void {
    const { steps, layers } = this.plan;
    this.#begin(batch, training, counter, probe);
    for (const step of steps) {
      if (step.op === 'forward') {
        if (!probe && this.#skips[step.index]) continue;
        this.#forward(layers[step.index].layer, this.passes[step.index]);
      } else if (step.op === 'probeActivation') {
        watch?.activation(step.index, batch);
        probe?.activation(step.index);
      } else break;
    }
    // Losses and scores follow.
    this.backend.afterKernels?.();
  }

  #forward({ name, definition }: TypedLayer, pass: BackwardPass): void {
    try {
      definition.forward(pass);
    } catch (error) {
      // An error of a layer names an attribute; a failure below it, such as of a thread, has no place.
      if (!(error instanceof ProblemError) || error.place.length === 0) throw error;
      const { code, message, place } = error;
      throw new ProblemError(code, `${name}: ${message}`, ['layers', name, ...place]);
    }
  }

  /** Adds the totals of the first `batch` samples of the target buffers, which need not have gone forward, to `totals`. */
  addTotals(batch: number, totals: Float64Array): void {
    this.beginLosses(batch);
    this.plan.losses.forEach(({ definition }, index) => {
      totals[index] += definition.total(this.lossPasses[index]);
    });
  }

  /**
   * From now on `backward` gives the gradient of each loss's sum divided by these totals, those of all batches of an update;
   * without them by the total of each batch, for updates of one.
   */
  divideBy(totals: Float64Array | undefined): void {
    this.#divisors = totals ?? this.totals;
  }

  /** The current divisor of the gradients of each loss. */
  get divisors(): Float64Array {
    return this.#divisors;
  }

  /** Computes every loss of the first `batch` samples from the current outputs that they judge: `lossSums` and `totals`. */
  judge(batch: number): void {
    this.beginLosses(batch);
    this.loss();
  }

  /** Computes every loss of the samples that went forward last, without gradients: `lossSums` and `totals`. */
  loss(): void {
    this.plan.losses.forEach((_, index) => {
      this.#loss(index, undefined);
    });
    this.backend.afterKernels?.();
  }

  #loss(index: number, gradient: Tensor | undefined): void {
    const { definition, spec } = this.plan.losses[index];
    const pass = this.lossPasses[index] as Mutable<LossPass>;
    this.totals[index] = definition.total(pass);
    const divisor = this.#divisors[index];
    pass.gradPrediction = gradient;
    pass.scale = divisor > 0 ? spec.weight / divisor : 0;
    this.lossSums[index] = definition.compute(pass);
  }

  /**
   * Computes the losses and every gradient of the samples that went forward last; gradients of parameters are added to the earlier
   * ones unless this is the `first` batch of an update.
   */
  backward(first: boolean, probe?: Probe): void {
    const { steps, layers, losses } = this.plan;
    if (first) for (const gradient of this.#zeroed) this.backend.kernels.clear(gradient);
    for (const step of steps) {
      if (step.op === 'zero') this.backend.kernels.clear(this.tensors[step.buffer].data);
      else if (step.op === 'loss') this.#loss(step.index, this.#gradPrediction(losses[step.index]));
      else if (step.op === 'probeGradient') probe?.gradient(step.index);
      else if (step.op === 'backward') {
        if (!this.#isSeparate && this.rectifiers[step.index] !== undefined) continue;
        const pass = this.passes[step.index] as Mutable<BackwardPass>;
        pass.accumulateParameters = !(first && this.#overwritesParameters[step.index]);
        layers[step.index].layer.definition.backward(pass);
        probe?.afterBackward?.(step.index);
      }
    }
    // Penalties, checks and clipping follow.
    this.backend.afterKernels?.();
  }

  #gradPrediction({ gradPrediction }: LossPlan): Tensor | undefined {
    return gradPrediction === undefined ? undefined : this.tensors[gradPrediction];
  }

  /**
   * The losses that were computed last, each divided like its gradient, weighted and summed. A loss without elements that count is
   * 0.
   */
  get meanLoss(): number {
    return this.plan.losses.reduce((sum, { spec }, index) => {
      const divisor = this.#divisors[index];
      return divisor > 0 ? sum + (spec.weight * this.lossSums[index]) / divisor : sum;
    }, 0);
  }
}
