import assert from 'node:assert/strict';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { RunHistory } from '../../extension/training/history.ts';
import { tiny } from './support.ts';

const step = (number: number): TrainingEvent => ({
  event: 'step',
  step: number,
  epoch: 1,
  loss: 1,
  metrics: {},
  samplesPerSecond: 1,
  points: [],
});

const stats = (number: number): TrainingEvent => ({ event: 'stats', step: number, layers: {} });

describe('The history of a run', () => {
  it('stays small however long the run, and keeps both ends of the curve', () => {
    const history = new RunHistory(tiny(1));
    for (let number = 1; number <= 50_000; number++) history.add(step(number));
    const steps = history.events.map((event) => (event.event === 'step' ? event.step : 0));
    assert(steps.length <= 2000 && steps.length >= 1000, `${steps.length} points`);
    assert.equal(steps[0], 1);
    assert.equal(history.last('step')?.step, 50_000);
    assert.deepEqual(
      steps,
      [...steps].sort((a, b) => a - b),
    );
  });

  it('keeps the last statistics only', () => {
    const history = new RunHistory(tiny(1));
    for (let number = 1; number <= 5; number++) history.add(stats(number));
    assert.deepEqual(history.events, [stats(5)]);
  });
});
