/** The record of a run is bounded and redraws what was reported. */
import assert from 'node:assert/strict';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { RunRecord } from '../../extension/training/runRecord.ts';
import { tiny } from './support.ts';

const step = (number: number): TrainingEvent => ({
  event: 'step',
  step: number,
  epoch: 1,
  loss: 1,
  metrics: {},
  samplesPerSecond: 1,
  points: [{ step: number, loss: number, metrics: {} }],
});

const stats = (number: number): TrainingEvent => ({ event: 'stats', step: number, layers: {} });

describe('The record of a run', () => {
  it('keeps every point of the curve in one event', () => {
    const record = new RunRecord(tiny(1));
    for (let number = 1; number <= 3000; number++) record.add(step(number));
    const [event, ...others] = record.events;
    assert.deepEqual(others, []);
    assert(event.event === 'step' && event.step === 3000);
    assert.deepEqual(
      event.points.map((point) => point.step),
      Array.from({ length: 3000 }, (_, index) => index + 1),
    );
  });

  it('stays small however long the run, and keeps both ends of the curve', () => {
    const record = new RunRecord(tiny(1));
    for (let number = 1; number <= 100_000; number++) record.add(step(number));
    const [event] = record.events;
    assert(event.event === 'step');
    assert(event.points.length <= 20_000 && event.points.length >= 9000, `${event.points.length} points`);
    assert.equal(event.points[0].step, 1);
    assert((event.points.at(-1)?.step ?? 0) > 99_000);
  });

  it('keeps only the last statistics', () => {
    const record = new RunRecord(tiny(1));
    for (let number = 1; number <= 5; number++) record.add(stats(number));
    assert.deepEqual(record.events, [stats(5)]);
  });
});
