/** The log of a run: bounded however long the run is, and read in bounded time whatever is in it. */
import { appendFileSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { RunFolder } from '../../engine/runs/folder.ts';
import { nodeFs } from '../../engine/runs/fs.ts';
import { RunLog } from '../../engine/runs/log.ts';
import { describeRun, readEvents } from '../../engine/runs/reader.ts';
import { end, epoch, plan, removeFolder, stats, step, temporaryFolder } from './runFiles.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

const logPath = () => join(folder, 'run.jsonl');

async function eventsIn(): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of readEvents(folder)) events.push(event);
  return events;
}

async function newLog(limit: number): Promise<RunLog> {
  const opened = await RunFolder.open(nodeFs, { root: folder, below: [] }, 'aaaaaaaaaaaa');
  const log = await RunLog.create(opened, limit);
  await log.publish();
  return log;
}

describe('a log', () => {
  test('never outgrows its limit; epochs stay complete, curves keep their ends and even spacing', async () => {
    const limit = 40_000;
    const log = await newLog(limit);
    log.add(plan);
    for (let at = 1; at <= 5000; at++) {
      log.add(step(at));
      log.add(stats(at, 3));
      if (at % 50 === 0) {
        log.add(epoch(at / 50));
        await log.flush();
        expect(statSync(logPath()).size).toBeLessThanOrEqual(limit);
      }
    }
    await log.close(end('finished', 5000));
    const events = await eventsIn();
    expect(statSync(logPath()).size).toBeGreaterThan(limit / 4);
    expect(events[0]).toEqual(plan);
    expect(events.at(-1)).toEqual(end('finished', 5000));
    const steps = events.flatMap((event) => (event.event === 'step' ? [event.step] : []));
    expect(events.filter(({ event }) => event === 'epoch')).toEqual(
      Array.from({ length: 100 }, (_, index) => epoch(index + 1)),
    );
    expect([steps[0], steps.at(-1)]).toEqual([1, 5000]);
    const gaps = steps.slice(1, -1).map((at, index) => at - steps[index]);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(4 * Math.min(...gaps));
    expect(events.findLast(({ event }) => event === 'stats')).toEqual(stats(5000, 3));
  });

  test('of large details is bounded too, and keeps the last one, every epoch, and some of the others', async () => {
    const limit = 400_000;
    const log = await newLog(limit);
    const set = { rows: 64, columns: 64, limit: 1, pixels: 'P'.repeat(4096) };
    const detail = (at: number): TrainingEvent => ({
      event: 'detail',
      step: at,
      layers: { layer: { weightPictures: { kernel: set } } },
    });
    log.add(plan);
    for (let at = 1; at <= 500; at++) {
      log.add(detail(at));
      if (at % 10 === 0) {
        log.add(epoch(at / 10));
        await log.flush();
        expect(statSync(logPath()).size).toBeLessThanOrEqual(limit);
      }
    }
    await log.close(end('finished', 500));
    const events = await eventsIn();
    expect(events.filter(({ event }) => event === 'epoch')).toHaveLength(50);
    const details = events.filter(({ event }) => event === 'detail');
    expect(details.length).toBeGreaterThan(20);
    expect(details.at(-1)).toEqual(detail(500));
  });

  test('of epochs alone is bounded too', async () => {
    const limit = 20_000;
    const log = await newLog(limit);
    log.add(plan);
    for (let at = 1; at <= 3000; at++) {
      log.add(epoch(at));
      if (at % 10 === 0) await log.flush();
    }
    await log.close(end('finished', 30_000));
    expect(statSync(logPath()).size).toBeLessThanOrEqual(limit + 200);
    const epochs = (await eventsIn()).flatMap((event) => (event.event === 'epoch' ? [event.epoch] : []));
    expect([epochs[0], epochs.at(-1)]).toEqual([1, 3000]);
    expect(epochs.length).toBeGreaterThan(50);
  });

  test('leaves out a line that is longer than any reader takes', async () => {
    const log = await newLog(8 * 2 ** 20);
    log.add(plan);
    log.add(stats(1, 20_000));
    log.add(stats(2));
    await log.close(end('finished', 2));
    expect((await eventsIn()).map(({ event }) => event)).toEqual(['plan', 'stats', 'end']);
  });

  test('that is cut off at any byte still has its complete lines', async () => {
    const log = await newLog(2 ** 20);
    const reported = [plan, step(1), epoch(1), end('finished', 10)] as const;
    for (const event of reported.slice(0, -1)) log.add(event);
    await log.close(reported[3]);
    const whole = readFileSync(logPath());
    const ends = reported.map(
      (_, index) =>
        Buffer.byteLength(
          reported
            .slice(0, index + 1)
            .map((event) => `${JSON.stringify(event)}\n`)
            .join(''),
        ) - 1,
    );
    for (let size = whole.length; size >= 0; size--) {
      truncateSync(logPath(), size);
      expect(await eventsIn()).toEqual(reported.slice(0, ends.filter((at) => at <= size).length));
    }
  });
});

describe('a reader', () => {
  const line = (event: TrainingEvent) => `${JSON.stringify(event)}\n`;

  test('skips lines that are too long, and finds what is around them', async () => {
    writeFileSync(logPath(), line(plan));
    appendFileSync(logPath(), `${'x'.repeat(3 * 2 ** 20)}\n`);
    appendFileSync(logPath(), line(epoch(3)) + line(end('stopped', 35)));
    expect(await eventsIn()).toEqual([plan, epoch(3), end('stopped', 35)]);
    expect(await describeRun(folder)).toMatchObject({ state: 'stopped', epoch: 3, step: 35 });
  });

  test('reads only the beginning and the end of a huge log', async () => {
    writeFileSync(logPath(), line(plan) + line(step(1)));
    const filler = line(step(2)).repeat(10_000);
    while (statSync(logPath()).size < 20 * 2 ** 20) appendFileSync(logPath(), filler);
    appendFileSync(logPath(), line(end('finished', 9)));
    const events = await eventsIn();
    expect(events[0]).toEqual(plan);
    expect(events[1]).toEqual(step(2));
    expect(events.at(-1)).toEqual(end('finished', 9));
  });

  test.each([
    ['95 MB on one line', 95, '\n'],
    ['30 MB without an end', 30, ''],
  ])('reads no more than its share of %s', async (_, megabytes, tail) => {
    writeFileSync(logPath(), line(plan));
    const chunk = Buffer.alloc(2 ** 20, 'x');
    for (let written = 0; written < megabytes; written++) appendFileSync(logPath(), chunk);
    appendFileSync(logPath(), tail);
    let read = 0;
    const counting = {
      ...nodeFs,
      openToRead: async (path: string) => {
        const file = await nodeFs.openToRead(path);
        return {
          write: (bytes: Uint8Array) => file.write(bytes),
          read: async (into: Uint8Array, position: number) => {
            const count = await file.read(into, position);
            read += count;
            return count;
          },
          entry: () => file.entry(),
          sync: () => file.sync(),
          close: () => file.close(),
        };
      },
    };
    const events = [];
    for await (const event of readEvents(folder, counting)) events.push(event);
    expect(events).toEqual([plan]);
    expect(read).toBeLessThanOrEqual(19 * 2 ** 20);
  });

  test('returns the state of a run: undefined without a log, cut off without an end', async () => {
    expect(await describeRun(folder)).toBeUndefined();
    writeFileSync(logPath(), line(plan) + line(epoch(2)) + line(step(27)));
    expect(await describeRun(folder)).toMatchObject({
      state: 'cut off',
      epoch: 2,
      step: 27,
      manifest: undefined,
    });
    mkdirSync(join(folder, 'other'));
    expect(await describeRun(join(folder, 'other'))).toBeUndefined();
  });
});
