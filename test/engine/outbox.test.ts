/** Events on their way to a reader that may be slow. */
import { describe, expect, it } from 'vitest';
import { EventBundle } from '../../engine/process/eventBundle.ts';
import { Outbox, withEvent } from '../../engine/process/outbox.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';

const stepEvent = (step: number): TrainingEvent => ({
  event: 'step',
  step,
  epoch: 1,
  loss: 1 / step,
  metrics: {},
  samplesPerSecond: 1,
  points: [{ step, loss: 1 / step, metrics: {} }],
});
const epochEvent = (epoch: number): TrainingEvent => ({
  event: 'epoch',
  epoch,
  step: epoch,
  train: { loss: 1 / epoch },
  seconds: 1,
});
const statsEvent = (step: number): TrainingEvent => ({ event: 'stats', step, layers: {} });

const waitingAfter = (events: readonly TrainingEvent[]): readonly TrainingEvent[] =>
  events.reduce<TrainingEvent[]>((waiting, event) => withEvent(waiting, event), []);

const numbers = Array.from({ length: 10_000 }, (_, index) => index + 1);

describe('events that wait', () => {
  it('are few, however many were reported, and include the newest of each kind', () => {
    const waiting = waitingAfter(numbers.flatMap((n) => [stepEvent(n), statsEvent(n), epochEvent(n)]));
    expect(waiting).toHaveLength(2 + 65);
    expect(waiting.filter(({ event }) => event === 'stats')).toEqual([statsEvent(10_000)]);
    const [step, ...others] = waiting.filter((event) => event.event === 'step');
    expect(others).toEqual([]);
    expect(step).toMatchObject({ step: 10_000 });
    expect(step.points.length).toBeLessThanOrEqual(256);
    expect(step.points.at(-1)?.step).toBe(10_000);
    // The first ones are all events of a short run, and wait while later ones arrive.
    expect(waiting.filter((event) => event.event === 'epoch')).toEqual(
      [...numbers.slice(0, 64), 10_000].map(epochEvent),
    );
  });

  it('keep the shape of the curve: no part of it is without points', () => {
    const [step] = waitingAfter(numbers.map(stepEvent)).filter((event) => event.event === 'step');
    const steps = [0, ...step.points.map((point) => point.step)];
    const gaps = steps.slice(1).map((one, index) => one - steps[index]);
    expect(Math.max(...gaps)).toBeLessThan(1000);
  });

  it('keep the shape of the curve, too, if thousands of points arrive at once', () => {
    const points = Array.from({ length: 200_000 }, (_, index) => ({ step: index + 1, loss: 1, metrics: {} }));
    const [step] = waitingAfter([stepEvent(0), { ...stepEvent(200_000), points } as TrainingEvent]).filter(
      (event) => event.event === 'step',
    );
    const steps = step.points.map((point) => point.step);
    expect(steps.length).toBeGreaterThan(128);
    expect(steps.length).toBeLessThanOrEqual(256);
    expect([steps[0], steps.at(-1)]).toEqual([0, 200_000]);
    const gaps = steps.slice(1).map((one, index) => one - steps[index]);
    expect(Math.max(...gaps)).toBeLessThan(1700);
  });

  it('lose no point if there are few', () => {
    const [step] = waitingAfter(numbers.slice(0, 200).map(stepEvent)).filter(
      (event) => event.event === 'step',
    );
    expect(step.points.map((point) => point.step)).toEqual(numbers.slice(0, 200));
  });

  it('are all epochs of a short run', async () => {
    const sent: TrainingEvent[] = [];
    const outbox = new Outbox(async (events) => sent.push(...events));
    for (const n of numbers.slice(0, 60)) outbox.add(epochEvent(n));
    outbox.flush();
    expect(sent).toEqual(numbers.slice(0, 60).map(epochEvent));
  });

  it('are not sent before the reader has processed the last ones', async () => {
    const sent: (readonly TrainingEvent[])[] = [];
    let dealtWith = () => {};
    const outbox = new Outbox((events) => {
      sent.push(events);
      return new Promise<void>((resolve) => {
        dealtWith = resolve;
      });
    });
    for (const n of numbers.slice(0, 100)) outbox.add(stepEvent(n));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(sent.map((events) => events.length)).toEqual([1]);
    dealtWith();
    await expect.poll(() => sent.length, { timeout: 10_000 }).toBe(2);
    expect(sent[1]).toMatchObject([{ step: 100 }]);
    outbox.add(stepEvent(101));
    outbox.flush();
    expect(sent[2]).toMatchObject([{ step: 101 }]);
  });
});

describe('events for the supervising thread', () => {
  it('are sent at once, except that epochs wait for the next pause or for another event', () => {
    const sent: (readonly TrainingEvent[])[] = [];
    const bundle = new EventBundle((events) => sent.push(events));
    bundle.add(stepEvent(1));
    expect(sent).toEqual([[stepEvent(1)]]);
    bundle.add(epochEvent(1));
    bundle.add(epochEvent(2));
    expect(sent).toHaveLength(1);
    bundle.send();
    expect(sent.slice(1)).toEqual([[epochEvent(1), epochEvent(2)]]);
    bundle.add(epochEvent(3));
    bundle.add(statsEvent(3));
    expect(sent.slice(2)).toEqual([[epochEvent(3), statsEvent(3)]]);
    bundle.send();
    expect(sent).toHaveLength(3);
  });
});
