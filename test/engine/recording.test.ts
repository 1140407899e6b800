/** A recorded run shows the knowledge of any step, in bounded memory. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { Recording } from '../../engine/replay/recording.ts';
import { RunRecord } from '../../extension/training/runRecord.ts';

const stats = (step: number, mean = step): TrainingEvent => ({
  event: 'stats',
  step,
  layers: { relu1: { mean }, dense: { mean: -mean, gradNorm: 1 / step } },
});
const histogram = { scale: 'linear', low: 0, counts: [1, 2], zeros: 0, notFinite: 0 } as const;
const detail = (step: number): TrainingEvent => ({
  event: 'detail',
  step,
  layers: { relu1: { activationHistogram: { ...histogram, high: step } } },
});
const finding = (step: number, code: string): TrainingEvent => ({
  event: 'finding',
  code,
  layer: 'relu1',
  severity: 'warning',
  step,
  evidence: { value: 1, limit: 0.5 },
  message: `${code} at ${step}`,
  path: ['layers', 'relu1'],
});

/** Events of some kinds, at increasing steps. */
const runs = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 5 }),
      fc.constantFrom<(step: number) => TrainingEvent>(
        stats,
        stats,
        stats,
        detail,
        (step) => finding(step, 'relu/dead'),
        (step) => finding(step, 'loss/plateau'),
      ),
    ),
    { maxLength: 120 },
  )
  .map((made) => {
    let step = 1;
    return made.map(([gap, make]) => {
      step += gap;
      return make(step);
    });
  });

const recorded = (events: readonly TrainingEvent[]): Recording => {
  const recording = new Recording();
  for (const event of events) recording.add(event);
  return recording;
};

const stepOf = (event: TrainingEvent): number => ('step' in event ? event.step : 0);

/** The state of a view that has received all events until a step. */
function playedTo(events: readonly TrainingEvent[], step: number) {
  const record = new RunRecord('');
  const until = events.filter((event) => stepOf(event) <= step);
  for (const event of until) record.add(event);
  return {
    stats: record.last('stats'),
    detail: record.last('detail'),
    findings: record.events.filter(({ event }) => event === 'finding'),
  };
}

describe('a recording', () => {
  test('has at each reading the state of a view that has received the run until then', () => {
    fc.assert(
      fc.property(runs, fc.integer({ min: 0, max: 700 }), (events, asked) => {
        const recording = recorded(events);
        const moment = recording.at(asked);
        const first = recording.steps[0];
        if (!moment) {
          expect(events.some(({ event }) => event === 'stats')).toBe(false);
          return;
        }
        const readings = recording.steps.filter((step) => step <= asked);
        expect(moment.step).toBe(readings.at(-1) ?? first);
        const { stats: last, detail: details, findings } = playedTo(events, moment.step);
        expect(moment.stats).toEqual(last);
        expect(moment.detail).toEqual(details);
        expect(moment.findings).toEqual(findings);
      }),
      { seed: 12, numRuns: 300 },
    );
  });

  test('moves from reading to reading, and stays within the run', () => {
    const recording = recorded([2, 5, 9, 14].map((step) => stats(step)));
    const reached = (step: number, move = 0) => recording.at(step, { move })?.step;
    expect(reached(0)).toBe(2);
    expect(reached(8)).toBe(5);
    expect(reached(5, 1)).toBe(9);
    expect(reached(9, -1)).toBe(5);
    expect(reached(9, -10)).toBe(2);
    expect(reached(2, 10)).toBe(14);
    expect(reached(Number.MAX_SAFE_INTEGER)).toBe(14);
    expect(recording.at(9)).toMatchObject({ index: 2, count: 4, first: 2, last: 14 });
  });

  test('ends where a person began to look at it, although the run continues', () => {
    const recording = recorded([2, 5, 9].map((step) => stats(step)));
    recording.add(stats(14));
    expect(recording.at(9, { end: 9 })).toMatchObject({ step: 9, index: 2, count: 3, last: 9 });
    expect(recording.at(5, { move: 10, end: 9 })?.step).toBe(9);
    expect(recording.at(20, { end: 9 })?.step).toBe(9);
  });

  test('keeps the later reading of a step that was measured twice', () => {
    const recording = recorded([stats(1), stats(7, 1), stats(7, 2)]);
    expect(recording.steps).toEqual([1, 7]);
    expect(recording.at(7)?.stats.layers.relu1).toEqual({ mean: 2 });
  });

  test('without statistics has no moment', () => {
    expect(recorded([finding(3, 'relu/dead')]).at(3)).toBeUndefined();
  });

  test('keeps numbers that are not finite', () => {
    const recording = recorded([stats(1, Number.NaN), stats(2, Number.POSITIVE_INFINITY)]);
    expect(recording.at(1)?.stats.layers.relu1).toEqual({ mean: Number.NaN });
    expect(recording.at(2)?.stats.layers.dense.mean).toBe(Number.NEGATIVE_INFINITY);
  });

  test('is bounded however long the run, and has its first and its last reading and all between evenly', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 3000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 200, max: 5000 }),
        (count, most, characters) => {
          const recording = new Recording({ most, characters });
          const lengths: number[] = [];
          for (let step = 1; step <= count; step++) recording.add(stats(step));
          const { steps } = recording;
          expect(recording.seen).toBe(count);
          expect(steps[0]).toBe(1);
          expect(steps.at(-1)).toBe(count);
          expect(steps.length).toBeLessThanOrEqual(most + 1);
          for (const step of steps) {
            const moment = recording.at(step);
            expect(moment?.stats.step).toBe(step);
            lengths.push(JSON.stringify(moment?.stats).length);
          }
          // One reading is kept whatever its length, and the newest one, too.
          const others = lengths.slice(1, -1).reduce((sum, length) => sum + length, 0);
          expect(others).toBeLessThanOrEqual(characters);
          const gaps = steps.slice(1, -1).map((step, index) => step - steps[index]);
          expect(new Set(gaps).size).toBeLessThanOrEqual(1);
        },
      ),
      { seed: 7, numRuns: 40 },
    );
  });

  test('of a hostile log ignores steps that go back or are no numbers', () => {
    const recording = recorded([stats(5), stats(3), stats(Number.NaN), stats(8)]);
    expect(recording.steps).toEqual([5, 8]);
  });
});
