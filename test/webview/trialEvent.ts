/** A trial of a fix, as an event. */
import type { TrainingEvent } from '../../engine/protocol/events.ts';

const course = {
  steps: 40,
  curve: [
    { step: 20, loss: 2 },
    { step: 40, loss: 1.5 },
  ],
  testCurve: [{ step: 40, loss: 1.6 }],
  train: { loss: 1.5 },
  test: { loss: 1.6 },
  evidence: { value: 0.9, limit: 0.5 },
};
export const trial = {
  event: 'trial',
  ...{ code: 'relu/dead', layer: 'relu1', message: 'relu1: 90 % of the units are dead.', helps: true },
  fix: { title: 'Use leaky ReLU', edit: { kind: 'setAttribute', layer: 'relu1', attribute: 'x', value: 1 } },
  before: course,
  after: course,
  verdict: 'The finding is cleared.',
} as unknown as Extract<TrainingEvent, { event: 'trial' }>;
