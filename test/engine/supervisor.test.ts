/** The end of an engine's thread, as its supervisor reports it. */
import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { Supervisor } from '../../engine/process/supervisor.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { Commits } from '../../engine/train/commits.ts';

/** What Node reports of a thread, one after another. */
class ReportedThread extends EventEmitter {
  ref(): void {}
  postMessage(): void {}
  async terminate(): Promise<number> {
    return 1;
  }
}

test('a thread that fails counts as ended when it has, with the steps that it completes until then', async () => {
  const commits = new Commits();
  const thread = new ReportedThread();
  const steps: number[] = [];
  const emit = (event: TrainingEvent) => {
    if (event.event === 'step') steps.push(event.step);
  };
  const supervisor = new Supervisor({ worker: thread as unknown as Worker, commits }, { emit });
  let isOver = false;
  const run = supervisor.run({ job: { task: 'train', folder: '/', text: '{}', epochs: 1 } }).then((end) => {
    isOver = true;
    return end;
  });
  commits.completed(90);
  thread.emit('error', new RangeError('Invalid typed array length: 1099511627776'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isOver).toBe(false);
  commits.completed(92);
  thread.emit('message', { name: 'events', body: [{ event: 'step', step: 92 }] });
  thread.emit('exit', 1);
  expect(await run).toMatchObject({ reason: 'failed', step: 92, code: 'engine/memory' });
  expect(steps).toEqual([92]);
});
