/** Examples with data train at once; the others say where their data comes from. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBackend } from '../../engine/kernels/wasm/load.ts';
import { runJob } from '../../engine/train/job.ts';
import { train } from '../../engine/train/loop.ts';
import { openTraining } from '../../engine/train/open.ts';

const examples = readdirSync('examples').filter((name) => name.endsWith('.nn.json'));
const ready = ['adding-lstm', 'adding-rnn', 'digits8x8', 'first-network', 'iris', 'shakespeare-lstm'].map(
  (name) => `${name}.nn.json`,
);

const empty = mkdtempSync(join(tmpdir(), 'netloom-'));
afterAll(() => rmSync(empty, { recursive: true, force: true }));

const textOf = (name: string): string => readFileSync(join('examples', name), 'utf8');

/** A clock with which every step takes long enough to become an event. */
function slowHost() {
  let time = 0;
  return {
    now: () => {
      time += 1000;
      return time;
    },
    yield: () => Promise.resolve(),
  };
}

async function firstLosses(name: string, steps: number) {
  const backend = loadBackend('dist/kernels');
  const { training, parts } = await openTraining(textOf(name), { folder: 'examples' }, backend);
  const losses: number[] = [];
  for await (const event of train(training, slowHost())) {
    if (event.event === 'step') losses.push(event.loss);
    if (losses.length === steps) break;
  }
  backend.dispose?.();
  return { dataset: parts.dataset, losses };
}

describe('examples', () => {
  it.each(ready)('%s trains at once', async (name) => {
    const { dataset, losses } = await firstLosses(name, 3);
    expect(losses).toHaveLength(3);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(dataset.warnings ?? []).toEqual([]);
    expect(dataset.test?.size).toBeGreaterThan(0);
  });

  it.each(examples.filter((name) => !ready.includes(name)))(
    '%s says where its data comes from when it is missing',
    async (name) => {
      const end = await runJob(
        { task: 'train', text: textOf(name), folder: empty, output: join(empty, 'out') },
        {
          ...slowHost(),
          openBackend: (threads, planBytes) => loadBackend('dist/kernels', threads, planBytes),
          emit: () => undefined,
        },
      );
      expect(end).toMatchObject({ reason: 'failed', code: 'data/missing' });
      expect(end.message).toMatch(/names its source: .*\d [KM]B.* at https:\/\/\S+ \((?:.*licen[cs]e|CC BY)/);
      expect(readdirSync(empty)).toEqual([]);
    },
  );
});
