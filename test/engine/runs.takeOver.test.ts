/** If the thread of a run has ended, another thread of its process finishes the run, and nothing is lost. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { writeEvent } from '../../engine/protocol/eventText.ts';
import { runFiles } from '../../engine/runs/layout.ts';
import { describeRun, readEvents } from '../../engine/runs/reader.ts';
import type { RunTarget } from '../../engine/runs/target.ts';
import { type Handover, RunWriter } from '../../engine/runs/writer.ts';
import { begin, end, epoch, plan, removeFolder, snapshot, step, temporaryFolder } from './runFiles.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

/** The copy that arrives in another thread. */
const sent = (handover: Handover): Handover => structuredClone(handover);

const takeOver = (handover: Handover) =>
  RunWriter.takeOver(sent(handover), {
    warn: ({ message }) => {
      throw new Error(message);
    },
  });

/** Waits until an event is in the log, which is written while the run continues. */
const written = (event: TrainingEvent) =>
  expect
    .poll(() => Object.values(snapshot(folder)).join('\n'), { timeout: 60_000 })
    .toContain(writeEvent(event));

async function eventsIn(run: string): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of readEvents(run)) events.push(event);
  return events;
}

const targets: readonly (readonly [string, () => RunTarget])[] = [
  ['beside a network', () => ({ folder, network: 'a.nn.json' })],
  ['in a folder that a person named', () => ({ output: join(folder, 'out') })],
];

describe.each(targets)('%s', (_, target) => {
  test('after its first save: the log continues where it ended, and newer weights replace the older ones', async () => {
    const { writer } = await begin(target());
    writer.add(plan);
    writer.add(epoch(1));
    await writer.saveWeights(Buffer.from('first'));
    writer.add(step(15));
    await written(step(15));
    const next = await takeOver(writer.handover);
    expect(next.folder).toBe(writer.folder);
    expect(await next.saveWeights(Buffer.from('last'))).toBe(true);
    const ended = await next.end(end('stopped', 17));
    expect(await eventsIn(ended.folder!)).toEqual([plan, epoch(1), step(15), end('stopped', 17)]);
    expect(readdirSync(ended.folder!).sort()).toEqual(Object.values(runFiles).sort());
    expect(readFileSync(join(ended.folder!, runFiles.weights), 'utf8')).toBe('last');
    expect(await describeRun(ended.folder!)).toMatchObject({
      state: 'stopped',
      epoch: 1,
      step: 17,
      manifest: { state: 'stopped', epoch: 1, step: 17 },
    });
  });

  test('before its first save: its weights are the first', async () => {
    const { writer } = await begin(target());
    writer.add(plan);
    writer.add(step(3));
    await written(step(3));
    const next = await takeOver(writer.handover);
    expect(await next.saveWeights(Buffer.from('only'))).toBe(true);
    const ended = await next.end(end('stopped', 4));
    expect(await eventsIn(ended.folder!)).toEqual([plan, step(3), end('stopped', 4)]);
    expect(readdirSync(ended.folder!).sort()).toEqual(Object.values(runFiles).sort());
  });

  test('that failed before anything happened: nothing is left', async () => {
    const { writer } = await begin(target());
    writer.add(plan);
    await written(plan);
    const next = await takeOver(writer.handover);
    expect(await next.end(end('failed', 0))).toEqual(end('failed', 0));
    const files = Object.keys(snapshot(folder)).filter(
      (name) => !/^\.netloom(?:\/\.gitignore|\/runs(?:\/a)?)?$/.test(name),
    );
    expect(files).toEqual([]);
  });
});
