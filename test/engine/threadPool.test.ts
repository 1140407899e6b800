/** How the leader of a thread pool treats a worker that is late. */
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { WasmExports } from '../../engine/kernels/wasm/exports.ts';
import { mailboxesFor, WorkerPool } from '../../engine/kernels/wasm/threadPool.ts';

/** A worker that answers late: by as many milliseconds as the test sets or, if it sets none, once the leader sleeps. */
const lateWorker = `
  const { mailboxes, delay } = require('node:worker_threads').workerData;
  const [asked, done, asleep, task, ready, leaderAsleep] = [0, 1, 2, 3, 4, 5];
  const flags = new Int32Array(mailboxes);
  Atomics.store(flags, asleep, 1);
  Atomics.store(flags, ready, 1);
  for (let count = 0; ; count++) {
    Atomics.wait(flags, asked, count);
    if (flags[task] < 0) break;
    do Atomics.wait(delay, 0, delay[0], delay[0] || 1);
    while (delay[0] === 0 && Atomics.load(flags, leaderAsleep) === 0);
    Atomics.store(flags, done, count + 1);
    Atomics.notify(flags, done);
  }`;

/** A pool whose only worker answers late, and whose leader sees each wait take as many milliseconds as the test sets. */
async function poolOnSimulatedClock() {
  const [mailboxes, delay] = [mailboxesFor(1), new Int32Array(new SharedArrayBuffer(4))];
  const wasm = { clear: () => {} } as unknown as WasmExports;
  let now = 0;
  let wait = 0;
  let looks = 0;
  // A wait is what is between two looks.
  const times = {
    now() {
      looks++;
      if (looks % 2 === 0) now += wait;
      return now;
    },
    idle: () => now,
  };
  const pool = new WorkerPool(wasm, mailboxes, 1, 100, times);
  const worker = new Worker(lateWorker, { eval: true, workerData: { mailboxes, delay } });
  const isComplete = () => {
    wait = 0;
    for (let calls = 0; calls < 100; calls++) if (pool.size === 2) return true;
    return false;
  };
  while (!isComplete()) await new Promise((resolve) => setTimeout(resolve, 5));
  return {
    isComplete,
    pass(milliseconds: number): void {
      now += milliseconds;
    },
    /** Works for some time, then waits for the worker. */
    work(worked: number, waited: number): void {
      now += worked;
      wait = waited;
      pool.on(1).clear(0, 0);
      looks = 0;
      pool.finish();
    },
    async end(): Promise<void> {
      pool.dismiss();
      await new Promise((resolve) => worker.on('exit', resolve));
    },
  };
}

describe('the leader of a thread pool', () => {
  it('works alone after a thread was late, until the time wasted is one percent of all time', async () => {
    const pool = await poolOnSimulatedClock();
    pool.work(1, 30);
    expect(pool.isComplete()).toBe(false);
    pool.pass(2990);
    expect(pool.isComplete()).toBe(false);
    pool.pass(11);
    expect(pool.isComplete()).toBe(true);
    pool.work(1, 0.2);
    pool.work(1, 6);
    expect(pool.isComplete()).toBe(true);
    pool.work(1, 6);
    expect(pool.isComplete()).toBe(false);
    pool.pass(1201);
    expect(pool.isComplete()).toBe(true);
    await pool.end();
  });

  it('forgives a thread that is late from time to time', async () => {
    const pool = await poolOnSimulatedClock();
    for (let times = 0; times < 20; times++) {
      pool.work(1, 9);
      // A short wait is no stall, and neither is one that is shorter than the leader's own part.
      pool.work(900, 0.2);
      expect(pool.isComplete()).toBe(true);
    }
    await pool.end();
  });

  it('works alone after many short waits that are longer than its own work', async () => {
    const pool = await poolOnSimulatedClock();
    const round = () => {
      pool.work(0.1, 0.15);
      return pool.isComplete();
    };
    expect(Array.from({ length: 66 }, round)).not.toContain(false);
    expect(round()).toBe(false);
    pool.pass(1006);
    expect(pool.isComplete()).toBe(true);
    await pool.end();
  });

  it('forgives a thread that saves more time than it is late', async () => {
    const pool = await poolOnSimulatedClock();
    for (let times = 0; times < 5; times++) {
      pool.work(1, 9);
      for (let calls = 0; calls < 20; calls++) pool.work(1, 0.1);
      expect(pool.isComplete()).toBe(true);
    }
    await pool.end();
  });

  it('does not count a wait in which the computer slept', async () => {
    const pool = await poolOnSimulatedClock();
    pool.work(1, 8 * 3_600_000);
    expect(pool.isComplete()).toBe(true);
    await pool.end();
  });

  it('does not wait between calls that run together, but has all of them done at the end, also more than the mailbox holds', async () => {
    const [mailboxes, delay] = [mailboxesFor(1), new Int32Array(new SharedArrayBuffer(4))];
    const own: number[] = [];
    const wasm = { clear: (bytes: number) => own.push(bytes) } as unknown as WasmExports;
    const pool = new WorkerPool(wasm, mailboxes, 1, 100);
    const worker = new Worker(lateWorker, { eval: true, workerData: { mailboxes, delay } });
    while (pool.size === 1) await new Promise((resolve) => setTimeout(resolve, 5));
    const [asked, done] = [0, 1];
    const flags = new Int32Array(mailboxes);
    const waiting = () => flags[asked] - Atomics.load(flags, done);
    const most: number[] = [];
    delay[0] = 1;
    pool.together(pool.size, () => {
      expect(pool.size).toBe(2);
      for (let call = 0; call < 100; call++) {
        pool.on(1).clear(call, 0);
        pool.on(0).clear(call, 0);
        pool.finish();
        most.push(waiting());
      }
    });
    expect(own).toEqual(Array.from({ length: 100 }, (_, call) => call));
    expect(Math.max(...most)).toBeGreaterThan(1);
    expect(Math.max(...most)).toBeLessThanOrEqual(32);
    expect(waiting()).toBe(0);
    expect(flags[done]).toBe(100);
    pool.dismiss();
    await new Promise((resolve) => worker.on('exit', resolve));
  });

  it('reports at the next kernel that a thread is lost, also when no part was requested, but not after its dismissal', () => {
    const wasm = { clear: () => {} } as unknown as WasmExports;
    const pool = new WorkerPool(wasm, mailboxesFor(1), 1, 100);
    pool.finish();
    pool.lose();
    expect(() => pool.finish()).toThrow(/worker thread of the engine stopped/);
    expect(() => pool.finish()).toThrow();
    const dismissed = new WorkerPool(wasm, mailboxesFor(1), 1, 100);
    dismissed.dismiss();
    dismissed.lose();
    dismissed.finish();
  });
});
