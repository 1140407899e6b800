/** How the leader of a thread pool treats a worker that is late. */
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { WasmExports } from '../../engine/kernels/wasm/exports.ts';
import { mailboxesFor, WorkerPool } from '../../engine/kernels/wasm/threadPool.ts';

/** A worker that answers late, by as many milliseconds as the test sets. */
const lateWorker = `
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

/** Counts calls until the pool is complete again. */
function callsAlone(pool: WorkerPool): number {
  let calls = 0;
  while (pool.size === 1 && calls < 100_000) calls++;
  return calls;
}

describe('the leader of a thread pool', () => {
  it('works alone for a while after a thread was late several times, then together again', async () => {
    const [mailboxes, delay] = [mailboxesFor(1), new Int32Array(new SharedArrayBuffer(4))];
    const wasm = { clear: () => {} } as unknown as WasmExports;
    const pool = new WorkerPool(wasm, mailboxes, 1, 100);
    const worker = new Worker(lateWorker, { eval: true, workerData: { mailboxes, delay } });
    expect(pool.size).toBe(1);
    while (pool.size === 1) await new Promise((resolve) => setTimeout(resolve, 5));
    const work = (milliseconds: number) => {
      delay[0] = milliseconds;
      pool.on(1).clear(0, 0);
      pool.finish();
    };
    const pauses: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (let calls = 0; pool.size === 2 && calls < 100; calls++) work(30);
      pauses.push(callsAlone(pool));
      // Workers in time shorten the next pause a little.
      for (let calls = 0; calls < 20; calls++) work(0);
    }
    expect(pauses[0]).toBeGreaterThan(100);
    expect(pauses[1]).toBeGreaterThan(1.5 * pauses[0]);
    expect(pauses[2]).toBeGreaterThan(1.5 * pauses[1]);
    expect(pauses[2]).toBeLessThan(50_000);
    pool.dismiss();
    await new Promise((resolve) => worker.on('exit', resolve));
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
