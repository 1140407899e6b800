/** Configurations on which every recurrent layer is tested. */
import type { ErrorSample, Sample } from '../define.ts';

export const recurrentSamples: readonly Sample[] = [
  { name: 'last step', inputs: [[5, 3]], attributes: { hiddenSize: 4 } },
  { name: 'every step', inputs: [[4, 2]], attributes: { hiddenSize: 3, returnSequences: true } },
  { name: 'one step, one unit', inputs: [[1, 1], [1]], attributes: { hiddenSize: 1, useBias: false } },
  { name: 'a long sequence', inputs: [[25, 2]], attributes: { hiddenSize: 3, returnSequences: true } },
  { name: 'initial state', inputs: [[4, 3], [2]], attributes: { hiddenSize: 2, returnSequences: true } },
  {
    name: 'backwards',
    inputs: [[4, 2]],
    attributes: { hiddenSize: 3, goBackwards: true, returnSequences: true },
  },
  {
    name: 'backwards, sequences of different length',
    inputs: [[4, 2]],
    attributes: { hiddenSize: 3, goBackwards: true, returnSequences: true },
    lengths: [2, 4, 3],
  },
  { name: 'bidirectional', inputs: [[4, 2]], attributes: { hiddenSize: 3, bidirectional: true } },
  ...(['concat', 'sum', 'multiply', 'average'] as const).map((mergeMode) => ({
    name: `bidirectional, every step, ${mergeMode}`,
    inputs: [[3, 2]],
    attributes: { hiddenSize: 2, bidirectional: true, mergeMode, returnSequences: true },
  })),
  {
    name: 'bidirectional, last step, multiply, initial state',
    inputs: [[3, 2], [4]],
    attributes: { hiddenSize: 2, bidirectional: true, mergeMode: 'multiply' },
  },
  {
    name: 'bidirectional, sequences of different length',
    inputs: [[4, 2]],
    attributes: { hiddenSize: 2, bidirectional: true, mergeMode: 'sum', returnSequences: true },
    lengths: [4, 1, 3],
  },
  {
    name: 'sequences of different length',
    inputs: [[5, 2]],
    attributes: { hiddenSize: 3, returnSequences: true },
    lengths: [3, 5, 1],
  },
  {
    name: 'last step of sequences of different length',
    inputs: [[5, 2], [3]],
    attributes: { hiddenSize: 3 },
    lengths: [0, 5, 2],
  },
  { name: 'stateful', inputs: [[3, 2]], attributes: { hiddenSize: 3, stateful: true } },
  { name: 'truncated nowhere', inputs: [[4, 2]], attributes: { hiddenSize: 3, truncate: 4 } },
  {
    name: 'dropout',
    inputs: [[4, 5]],
    attributes: { hiddenSize: 5, inputDropout: 0.4, recurrentDropout: 0.4, returnSequences: true },
  },
  {
    name: 'bidirectional dropout',
    inputs: [[3, 4]],
    attributes: { hiddenSize: 4, bidirectional: true, inputDropout: 0.3, recurrentDropout: 0.3 },
    lengths: [3, 2, 1],
  },
];

export const recurrentErrorSamples: readonly ErrorSample[] = [
  { name: 'a sequence of numbers', inputs: [[5]], attributes: { hiddenSize: 2 }, code: 'shape/rank' },
  { name: 'an image', inputs: [[4, 4, 1]], attributes: { hiddenSize: 2 }, code: 'shape/rank' },
  {
    name: 'an initial state of another width',
    inputs: [[5, 2], [3]],
    attributes: { hiddenSize: 2 },
    code: 'shape/initial-state',
  },
  {
    name: 'an initial state for one of two directions',
    inputs: [[5, 2], [2]],
    attributes: { hiddenSize: 2, bidirectional: true },
    code: 'shape/initial-state',
  },
  {
    name: 'truncation beyond the sequence',
    inputs: [[5, 2]],
    attributes: { hiddenSize: 2, truncate: 6 },
    code: 'shape/truncate',
  },
  {
    name: 'goBackwards in both directions',
    inputs: [[5, 2]],
    attributes: { hiddenSize: 2, bidirectional: true, goBackwards: true },
    code: 'shape/directions',
  },
  {
    name: 'a state carried backwards',
    inputs: [[5, 2]],
    attributes: { hiddenSize: 2, bidirectional: true, stateful: true },
    code: 'shape/stateful',
  },
  {
    name: 'two initial states',
    inputs: [[5, 2], [2]],
    attributes: { hiddenSize: 2, stateful: true },
    code: 'shape/stateful',
  },
];

/** Of layers with gates: a memory without one of these biases. */
export const memoryErrorSamples = (...biases: readonly string[]): readonly ErrorSample[] =>
  biases.map((bias) => ({
    name: `a memory without ${bias}`,
    inputs: [[5, 2]],
    attributes: { hiddenSize: 2, memorySteps: 5, [bias]: false },
    code: 'attribute/range',
  }));
