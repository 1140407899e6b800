/** Reported before the first step: the network, the data, and the memory that training needs. */
import { count, fields, list, number, optional, type Read, text } from '../../schema/reader.ts';
import { defineEvent } from './define.ts';
import { scores, warnings } from './fields.ts';

/** The memory of a run in addition to the program itself, in bytes. */
const memoryParts = fields({
  /** Parameters, gradients, values of a batch, statistics. */
  network: number,
  /** Working memory of the kernels. */
  kernels: number,
  data: number,
  /** Copies of the weights: from before a step, of the best epoch, and the file while it is written. */
  weights: number,
  /** Sums of the metrics, and the order of the samples. */
  bookkeeping: number,
});

export type MemoryParts = Read<typeof memoryParts>;

export const plan = defineEvent({
  parameters: count,
  /** The sum of `memory`. In runs of earlier versions, `memory` is absent and this counts the network alone. */
  memoryBytes: number,
  memory: optional(memoryParts),
  backend: text,
  trainSamples: count,
  testSamples: count,
  batchSize: count,
  stepsPerEpoch: count,
  epochs: count,
  /** Scores of predictions that ignore the input, on the data that epochs are evaluated on. */
  baseline: optional(scores),
  /** Layers that began with the weights of an earlier run. */
  continued: optional(list(text)),
  warnings: optional(warnings),
});
