/** Memory of runs: the amount that is counted before a run is what the run takes, and too much is refused beforehand. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backend } from '../../engine/kernels/backend.ts';
import { loadBackend } from '../../engine/kernels/wasm/load.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { threadHost } from '../../engine/train/host.ts';
import { runJob } from '../../engine/train/job.ts';
import { type RandomNetwork, randomNetwork } from './randomNetworks.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const factor = Number(process.env.NETLOOM_FUZZ_FACTOR ?? 1);
const seed = Number(process.env.NETLOOM_FUZZ_SEED ?? 1);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netloom-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Buffers of files and of messages to the test runner, which may be on their way when arrays are counted. */
const inFlight = 2 ** 17;

/** Bytes of typed arrays outside of the backend's memory. */
function arrayBytes(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

async function measure(
  { text, threads = 1, files }: Partial<RandomNetwork> & { readonly text: string },
  memoryLimit = 2 ** 31,
) {
  for (const [name, content] of Object.entries(files ?? {})) writeFileSync(join(folder, name), content);
  const output = join(folder, 'run');
  const before = arrayBytes();
  let backend: Backend | undefined;
  let began = 0;
  let arrays = 0;
  let predicted = 0;
  const size = () => backend?.allocate(0).buffer.byteLength ?? 0;
  const emit = (event: TrainingEvent) => {
    if (event.event === 'plan') {
      predicted = event.memoryBytes;
      began = size();
    }
    if (event.event === 'epoch') arrays = arrayBytes() - before;
  };
  const end = await runJob(
    { task: 'train', text, folder, output, threads, memoryLimit },
    {
      openBackend: (count, planBytes) => {
        backend = loadBackend('dist/kernels', count, planBytes);
        return backend;
      },
      ...threadHost,
      emit,
    },
  );
  return { end, predicted, began, backend: size(), arrays, output };
}

describe('the memory that is counted before a run', () => {
  const ratios: number[] = [];
  afterAll(() => {
    if (factor > 1)
      console.log(
        `counted / taken of ${ratios.length} networks: ${Math.min(...ratios)} to ${Math.max(...ratios)}`,
      );
  });

  it.each(Array.from({ length: 12 * factor }, (_, index) => seed * 1000 + index))(
    'is at least what it takes, and at most 1.3 times that: network %i',
    async (number) => {
      const network = randomNetwork(number);
      const { end, predicted, began, backend, arrays, output } = await measure(network);
      expect(end, network.text).toMatchObject({ reason: 'finished' });
      const taken = backend + arrays + statSync(join(output, 'weights.safetensors')).size;
      ratios.push(predicted / taken);
      expect(taken, network.text).toBeLessThanOrEqual(predicted + inFlight);
      expect(predicted / taken, network.text).toBeLessThanOrEqual(1.3);
      expect(backend, 'memory grew while the network trained').toBe(began);
    },
  );
});

const table = (rows: number) => ({
  'table.csv': Array.from({ length: rows }, (_, i) => `${i},1,2,3,${i % 2}`).join('\n'),
});

function network(layers: object, training: object = {}): string {
  return JSON.stringify({
    layers: {
      in: { type: 'input', shape: [4, 1] },
      ...layers,
      out: { type: 'dense', from: 'flat', units: 2 },
    },
    training: {
      data: { type: 'csv', file: 'table.csv', shape: [4, 1], header: 'no', task: 'classification' },
      loss: { type: 'softmaxCrossEntropy', from: 'out' },
      optimizer: 'sgd',
      epochs: 1,
      ...training,
    },
  });
}

const flat = (from: string) => ({ flat: { type: 'flatten', from } });
const far = { type: 'conv1d', from: 'in', padding: 'same', filters: 2, kernelSize: 3, dilation: 100_000_000 };
const wide = { type: 'dense', from: 'first', units: 60_000 };
const mebibyte = 2 ** 20;

describe('a run that needs too much memory', () => {
  it.each([
    {
      name: 'the kernels of a layer with wide windows',
      text: network({ far, ...flat('far') }),
      limit: 512 * mebibyte,
      says: /1\.4\d GiB for working memory of its kernels \(far takes the most\).*Reduce the dilation, padding or channels of far/,
      path: ['layers', 'far'],
    },
    {
      name: 'kernels beyond what the backend can hold at all',
      text: network({ far: { ...far, dilation: 900_000_000 }, ...flat('far') }),
      limit: 2 ** 40,
      says: /network and kernels can have 4\.00 GiB at most/,
      path: ['layers', 'far'],
    },
    {
      name: 'a layer of the network',
      text: network({ first: { type: 'flatten', from: 'in' }, wide, ...flat('wide') }, { batchSize: 512 }),
      limit: 64 * mebibyte,
      says: /for the network \(wide takes the most\).*Make wide smaller or lower "batchSize" \(512\)/,
      path: ['layers', 'wide'],
    },
    {
      name: 'the data',
      text: network(flat('in'), { data: { type: 'points', samples: 1_000_000 } }).replace('[4,1]', '[2]'),
      limit: 9 * mebibyte,
      says: /8\.\d\d MiB for the data.*Use fewer or smaller samples/,
      path: ['training', 'data'],
    },
  ])('is refused with all parts, for $name', async ({ text, limit, says, path }) => {
    const { end, began, backend, arrays } = await measure({ text, files: table(400), threads: 2 }, limit);
    expect(end).toMatchObject({ reason: 'failed', code: 'plan/memory', path });
    expect(end.message).toMatch(says);
    expect(began, 'the run began').toBe(0);
    expect(backend, 'memory was taken').toBeLessThan(mebibyte);
    expect(arrays).toBe(0);
  });

  it('is refused before a generated set is made', async () => {
    const data = { type: 'shapes', size: 128, samples: 200_000, testSamples: 200_000 };
    const text = network(flat('in'), { data }).replace('[4,1]', '[128,128,1]');
    const before = arrayBytes();
    const { end } = await measure({ text });
    expect(end).toMatchObject({ code: 'data/memory', path: ['training', 'data', 'samples'] });
    expect(end.message).toMatch(/the data needs 6\.\d\d GiB of memory, more than the limit of 2\.00 GiB/);
    expect(arrayBytes() - before).toBeLessThan(mebibyte);
  });

  it('can be made to fit by the limit that the message names', async () => {
    const text = network({ far: { ...far, dilation: 1_000_000 }, ...flat('far') });
    const { end } = await measure({ text, files: table(400) }, 8 * mebibyte);
    expect(end.message).toContain('the run needs 15.4 MiB of memory');
    expect((await measure({ text, files: table(4) }, 15.5 * mebibyte)).end.reason).toBe('finished');
  });
});
