/** Loads batches of a split into a runtime's input and target buffers. */
import type { BatchBuffers, Dataset, Split } from '../data/define.ts';
import { sizeOf } from '../layers/define.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { Model } from './model.ts';

type Floats = Float32Array | Float64Array;

/** Class indices that are spread into one-hot vectors after each fill. */
interface Spread {
  readonly from: Int32Array;
  readonly to: Floats;
  readonly perSample: number;
  readonly classes: number;
}

/** A target that several losses use: read once, then copied to each. */
interface Copy {
  readonly from: Floats | Int32Array;
  readonly to: Floats | Int32Array;
  readonly perSample: number;
}

export class Loader {
  readonly #buffers: BatchBuffers;
  readonly #spreads: readonly Spread[];
  readonly #copies: readonly Copy[];

  constructor(model: Model, runtime: Runtime, dataset: Dataset) {
    const { plan } = model;
    const inputs = dataset.inputs.map((_, field) => {
      const used = model.inputs.find((input) => input.field === field);
      return runtime.tensor(plan.layers[used?.layer ?? 0].output).data;
    });
    const spreads: Spread[] = [];
    const copies: Copy[] = [];
    const targets = dataset.targets.map((field, index): BatchBuffers['targets'][number] => {
      const perSample = sizeOf(field.shape);
      const { classes = 1 } = field;
      const losses = model.targets.flatMap((target, loss) =>
        target.field === index
          ? [{ oneHot: target.oneHot, to: runtime.tensor(plan.losses[loss].target).data }]
          : [],
      );
      const plain = losses.filter(({ oneHot }) => !oneHot).map(({ to }) => to);
      if (losses.length > plain.length) {
        const from = new Int32Array(perSample * plan.batchSize);
        for (const { oneHot, to } of losses)
          if (oneHot) spreads.push({ from, to: to as Floats, perSample, classes });
        for (const to of plain) copies.push({ from, to, perSample });
        return from;
      }
      // A target that no loss uses still needs a buffer.
      const from = plain[0] ?? new Float64Array(perSample * plan.batchSize);
      for (const to of plain.slice(1)) copies.push({ from, to, perSample });
      return from;
    });
    this.#spreads = spreads;
    this.#copies = copies;
    this.#buffers = { inputs, targets, ...(dataset.ragged ? { lengths: runtime.lengths } : {}) };
  }

  load(split: Split, indices: Int32Array, count: number): void {
    split.fill(indices, count, this.#buffers);
    this.#spread(count);
  }

  /** The same, but only for the losses. The contents of the input buffers are undefined afterwards. */
  loadTargets(split: Split, indices: Int32Array, count: number): void {
    if (split.fillTargets) split.fillTargets(indices, count, this.#buffers.targets);
    else split.fill(indices, count, this.#buffers);
    this.#spread(count);
  }

  #spread(count: number): void {
    for (const { from, to, perSample } of this.#copies)
      for (let i = 0; i < count * perSample; i++) to[i] = from[i];
    for (const { from, to, perSample, classes } of this.#spreads) {
      to.fill(0);
      for (let i = 0; i < count * perSample; i++) to[i * classes + from[i]] = 1;
    }
  }
}
