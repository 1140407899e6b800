/** Examples whose data comes with them train at once; the others say where theirs comes from. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBackend } from '../../engine/kernels/wasm/load.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { runJob } from '../../engine/train/session.ts';

const examples = readdirSync('examples').filter((name) => name.endsWith('.nn.json'));
const ready = ['adding-lstm', 'adding-rnn', 'digits8x8', 'first-network', 'iris', 'shakespeare-lstm'].map(
  (name) => `${name}.nn.json`,
);

const output = mkdtempSync(join(tmpdir(), 'netloom-'));
afterAll(() => rmSync(output, { recursive: true, force: true }));

/** Trains `steps` steps on a clock that makes every step an event. */
async function train(name: string, folder: string, steps: number) {
  const events: TrainingEvent[] = [];
  let time = 0;
  let stopRequested = false;
  const end = await runJob(
    { task: 'train', text: readFileSync(join('examples', name), 'utf8'), folder, output: join(output, name) },
    {
      openBackend: (threads, planBytes) => loadBackend('dist/kernels', threads, planBytes),
      now: () => {
        time += 1000;
        return time;
      },
      breathe: () => Promise.resolve(),
      get stopRequested() {
        return stopRequested;
      },
      emit(event) {
        events.push(event);
        if (event.event === 'step' && event.step >= steps) stopRequested = true;
      },
    },
  );
  return { events, end };
}

describe('examples', () => {
  it.each(ready)(
    '%s trains at once',
    async (name) => {
      const { events, end } = await train(name, 'examples', 3);
      expect(end.message).toBeUndefined();
      expect(end).toMatchObject({ reason: 'stopped' });
      const losses = events.flatMap((event) => (event.event === 'step' ? [event.loss] : []));
      expect(losses.length).toBeGreaterThan(2);
      expect(losses.every(Number.isFinite)).toBe(true);
      const plan = events.find((event) => event.event === 'plan');
      expect(plan?.warnings).toBeUndefined();
      expect(plan?.testSamples).toBeGreaterThan(0);
    },
    60_000,
  );

  it.each(examples.filter((name) => !ready.includes(name)))(
    '%s says where its data comes from when it is missing',
    async (name) => {
      const { end } = await train(name, output, 1);
      expect(end).toMatchObject({ reason: 'failed', code: 'data/missing' });
      expect(end.message).toMatch(/comes from: .*\d [KM]B.* at https:\/\/\S+ \((?:.*licen[cs]e|CC BY)/);
      expect(existsSync(join(output, name))).toBe(false);
    },
  );
});
