/** One training step: forward, losses, backward, guard against numbers that are not finite, clip, update. */

import type { FloatArray } from '../kernels/tensor.ts';
import type { OptimizerDefinition, OptimizerPass } from '../optimizers/define.ts';
import { optimizers } from '../optimizers/registry.ts';
import type { Probe, Runtime, Watch } from '../plan/runtime.ts';
import type { Mutable } from '../schema/objects.ts';
import type { TrainingSpec } from '../spec/document.ts';
import type { ClipCounter } from '../stats/clipCounter.ts';
import type { NetworkProbe } from '../stats/probes.ts';
import { clipByNorm, clipByValue } from './clip.ts';
import { Commits } from './commits.ts';
import { explainNotFinite } from './notFinite.ts';

/** Observes a step. It receives the number of samples before the step runs. */
export interface StepProbe extends Probe {
  begin(batch: number): void;
}

export class Trainer {
  readonly #optimizer: OptimizerDefinition;
  readonly #pass: Mutable<OptimizerPass> | undefined;
  readonly #gradients: FloatArray | undefined;
  /** Layers whose weights are penalized, with their weight tensors. */
  readonly #penalized: readonly {
    readonly l1: number;
    readonly l2: number;
    readonly weights: FloatArray;
    readonly gradient: FloatArray;
  }[];
  readonly baseLearningRate: number;
  /** Number of samples in the last batch. */
  #batch = 0;
  /** Updates so far. */
  updates = 0;

  constructor(
    readonly runtime: Runtime,
    readonly training: TrainingSpec,
    /** Encloses every change of kept data, because another thread may end the run. */
    readonly commits = new Commits(),
  ) {
    const { update, buffers, layers } = runtime.plan;
    const { type, attributes } = training.optimizer;
    this.#optimizer = optimizers.get(type);
    this.baseLearningRate = Number(attributes.learningRate);
    this.#gradients = update && runtime.tensor(update.gradients).data;
    this.#pass = update && {
      attributes,
      kernels: runtime.backend.kernels,
      step: 0,
      learningRate: this.baseLearningRate,
      count: buffers[update.parameters].length,
      parameters: runtime.tensor(update.parameters).data,
      gradients: runtime.tensor(update.gradients).data,
      slots: update.slots.map((id) => runtime.tensor(id).data),
    };
    this.#penalized = layers.flatMap(({ layer, backward }, index) => {
      const { l1, l2 } = layer.spec.common;
      if (!backward || !layer.spec.common.trainable || (l1 === 0 && l2 === 0)) return [];
      const { parameters, gradParameters } = runtime.passes[index];
      return Object.entries(parameters)
        .filter(([, tensor]) => tensor.shape.length >= 2)
        .map(([name, tensor]) => ({ l1, l2, weights: tensor.data, gradient: gradParameters[name].data }));
    });
  }

  /**
   * Forward and backward of the loaded batch; gradients are added to those since the last update. Returns the batch's part of
   * the update's mean loss (all of it if the update has one batch, see `Runtime.divideBy`). Throws if the loss is not finite.
   */
  accumulate(batch: number, step: number, first: boolean, probe?: StepProbe, watch?: Watch): number {
    this.#batch = batch;
    this.commits.stepBegins();
    probe?.begin(batch);
    this.runtime.forward(batch, true, step, probe, watch);
    this.runtime.backward(first, probe);
    const loss = this.runtime.meanLoss;
    if (!Number.isFinite(loss)) throw explainNotFinite(this.runtime, batch, step);
    return loss;
  }

  /** Updates the parameters with the gradients since the last update. Throws before any change if a gradient is not finite. */
  update(learningRate: number, step: number, probe?: NetworkProbe, clipping?: ClipCounter): void {
    probe?.lossGradients();
    const gradients = this.#gradients;
    const pass = this.#pass;
    if (!gradients || !pass) return;
    const { kernels } = this.runtime.backend;
    for (const { l1, l2, weights, gradient } of this.#penalized)
      if (l1 === 0) kernels.addScaled(weights.length, 2 * l2, weights, 0, gradient, 0);
      else
        for (let i = 0; i < weights.length; i++)
          gradient[i] += l1 * Math.sign(weights[i]) + 2 * l2 * weights[i];
    const norm = this.#norm(gradients);
    if (!Number.isFinite(norm)) throw explainNotFinite(this.runtime, this.#batch, step);
    if (this.#clips) {
      probe?.beforeClipping();
      const clipped = this.#clip(gradients, norm);
      clipping?.add(clipped);
    }
    probe?.beforeUpdate();
    this.updates++;
    pass.step = this.updates;
    pass.learningRate = learningRate;
    this.commits.enter();
    this.#optimizer.update(pass);
    this.commits.completed(step);
    this.commits.leave();
    probe?.afterUpdate();
    this.runtime.backend.afterKernels?.();
  }

  /** Not finite if any gradient is not. */
  #norm(gradients: FloatArray): number {
    const { kernels, afterKernels } = this.runtime.backend;
    const squares = kernels.sumOfSquares(gradients.length, gradients, 0);
    afterKernels?.();
    return Math.sqrt(squares);
  }

  get #clips(): boolean {
    return this.training.clipNorm !== undefined || this.training.clipValue !== undefined;
  }

  /** Returns whether it changed the gradients. */
  #clip(gradients: FloatArray, norm: number): boolean {
    const { clipNorm, clipValue } = this.training;
    const { kernels } = this.runtime.backend;
    const byValue = clipValue !== undefined && clipByValue(gradients, clipValue);
    if (clipNorm === undefined) return byValue;
    const left = byValue ? this.#norm(gradients) : norm;
    return clipByNorm(kernels, gradients, left, clipNorm) || byValue;
  }

  /** The penalty of the current weights, Σ l1·|w| + l2·w² over all layers with a penalty; undefined if there are none. */
  penalty(): number | undefined {
    if (this.#penalized.length === 0) return undefined;
    const { kernels } = this.runtime.backend;
    let penalty = 0;
    for (const { l1, l2, weights } of this.#penalized) {
      if (l2 !== 0) penalty += l2 * kernels.sumOfSquares(weights.length, weights, 0);
      if (l1 !== 0) for (let i = 0; i < weights.length; i++) penalty += l1 * Math.abs(weights[i]);
    }
    this.runtime.backend.afterKernels?.();
    return penalty;
  }
}
