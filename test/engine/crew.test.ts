/** How the leader of a thread pool of threads treats a helper that is late. */
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { LeaderCrew, mailboxesFor } from '../../engine/kernels/wasm/crew.ts';
import type { WasmExports } from '../../engine/kernels/wasm/exports.ts';

/** Answers as a helper does, each time as many milliseconds late as the leader wishes. */
const lateHelper = `
  const { mailboxes, delay } = require('node:worker_threads').workerData;
  const [asked, done, asleep, task, ready] = [0, 1, 2, 3, 4];
  const flags = new Int32Array(mailboxes);
  Atomics.store(flags, asleep, 1);
  Atomics.store(flags, ready, 1);
  for (let count = 0; ; count++) {
    Atomics.wait(flags, asked, count);
    if (flags[task] < 0) break;
    Atomics.wait(delay, 0, delay[0], delay[0]);
    Atomics.store(flags, done, count + 1);
    Atomics.notify(flags, done);
  }`;

/** Looks at the size until the crew is whole again. */
function callsAlone(crew: LeaderCrew): number {
  let calls = 0;
  while (crew.size === 1 && calls < 100_000) calls++;
  return calls;
}

describe('the leader of a thread pool', () => {
  it('works alone for a while after a thread was late several times, then together again', async () => {
    const [mailboxes, delay] = [mailboxesFor(1), new Int32Array(new SharedArrayBuffer(4))];
    const wasm = { clear: () => {} } as unknown as WasmExports;
    const crew = new LeaderCrew(wasm, mailboxes, 1, 100);
    const helper = new Worker(lateHelper, { eval: true, workerData: { mailboxes, delay } });
    expect(crew.size).toBe(1);
    while (crew.size === 1) await new Promise((resolve) => setTimeout(resolve, 5));
    const work = (milliseconds: number) => {
      delay[0] = milliseconds;
      crew.on(1).clear(0, 0);
      crew.finish();
    };
    const pauses: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (let calls = 0; crew.size === 2 && calls < 100; calls++) work(30);
      pauses.push(callsAlone(crew));
      // Helpers in time shorten the next pause a little.
      for (let calls = 0; calls < 20; calls++) work(0);
    }
    expect(pauses[0]).toBeGreaterThan(100);
    expect(pauses[1]).toBeGreaterThan(1.5 * pauses[0]);
    expect(pauses[2]).toBeGreaterThan(1.5 * pauses[1]);
    expect(pauses[2]).toBeLessThan(50_000);
    crew.dismiss();
    await new Promise((resolve) => helper.on('exit', resolve));
  });

  it('reports at the next kernel that a thread is lost, also when nothing was dealt out, but not after its dismissal', () => {
    const wasm = { clear: () => {} } as unknown as WasmExports;
    const crew = new LeaderCrew(wasm, mailboxesFor(1), 1, 100);
    crew.finish();
    crew.lose();
    expect(() => crew.finish()).toThrow(/worker thread of the engine stopped/);
    expect(() => crew.finish()).toThrow();
    const dismissed = new LeaderCrew(wasm, mailboxesFor(1), 1, 100);
    dismissed.dismiss();
    dismissed.lose();
    dismissed.finish();
  });
});
