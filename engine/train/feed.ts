/** Feeds batches of a split into a runtime's input and target buffers. */
import type { BatchBuffers, Dataset, Split } from '../data/define.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { Model } from './model.ts';

export class Feed {
  readonly #buffers: BatchBuffers;
  /** Class indices that are spread into one-hot vectors after each fill. */
  readonly #spread: readonly {
    readonly from: Int32Array;
    readonly to: Float32Array | Float64Array;
    readonly perSample: number;
    readonly classes: number;
  }[];

  constructor(model: Model, runtime: Runtime, dataset: Dataset) {
    const { plan } = model;
    const inputs = dataset.inputs.map((_, field) => {
      const used = model.inputs.find((input) => input.field === field);
      return runtime.tensor(plan.layers[used?.layer ?? 0].output).data;
    });
    const spread: {
      from: Int32Array;
      to: Float32Array | Float64Array;
      perSample: number;
      classes: number;
    }[] = [];
    const targets = dataset.targets.map((field, index): BatchBuffers['targets'][number] => {
      const loss = model.targets.findIndex((target) => target.field === index);
      const perSample = field.shape.reduce((product, size) => product * size, 1);
      // A target no loss uses still needs a place to be written.
      if (loss < 0) return new Float64Array(perSample * plan.batchSize);
      const to = runtime.tensor(plan.losses[loss].target).data;
      if (!model.targets[loss].oneHot) return to;
      const from = new Int32Array(perSample * plan.batchSize);
      spread.push({ from, to, perSample, classes: field.classes ?? 1 });
      return from;
    });
    this.#spread = spread;
    this.#buffers = { inputs, targets, ...(dataset.ragged ? { lengths: runtime.lengths } : {}) };
  }

  load(split: Split, indices: Int32Array, count: number): void {
    split.fill(indices, count, this.#buffers);
    for (const { from, to, perSample, classes } of this.#spread) {
      to.fill(0);
      for (let i = 0; i < count * perSample; i++) to[i * classes + from[i]] = 1;
    }
  }
}
