/** Runs in a temporary folder: a writer with events to write, and the complete content of the disk. */
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { Fs } from '../../engine/runs/fs.ts';
import type { Life } from '../../engine/runs/life.ts';
import type { RunTarget } from '../../engine/runs/target.ts';
import { RunWriter } from '../../engine/runs/writer.ts';

export type EventOf<E extends TrainingEvent['event']> = Extract<TrainingEvent, { event: E }>;

export const plan: EventOf<'plan'> = {
  event: 'plan',
  parameters: 42,
  memoryBytes: 1000,
  backend: 'reference',
  trainSamples: 200,
  testSamples: 50,
  batchSize: 20,
  stepsPerEpoch: 10,
  epochs: 3,
};

export const step = (at: number): EventOf<'step'> => ({
  event: 'step',
  step: at,
  epoch: Math.ceil(at / 10),
  loss: 1 / at,
  metrics: { accuracy: 0.5 },
  samplesPerSecond: 1000,
  points: [],
});

export const epoch = (at: number): EventOf<'epoch'> => ({
  event: 'epoch',
  epoch: at,
  step: at * 10,
  train: { loss: 1 / at },
  seconds: 0.1,
});

export const stats = (at: number, layers = 1): EventOf<'stats'> => {
  const activation = { mean: 0.5, std: 1, min: -1, max: 1, zeroFraction: 0 };
  const names = Array.from({ length: layers }, (_, index) => `layer${index}`);
  return {
    event: 'stats',
    step: at,
    layers: Object.fromEntries(names.map((name) => [name, activation])),
  };
};

export const end = (reason: EventOf<'end'>['reason'], at: number): EventOf<'end'> => ({
  event: 'end',
  reason,
  step: at,
});

export const text = '{ "layers": {} }';

export interface Started {
  readonly writer: RunWriter;
  /** The warnings so far. */
  readonly warnings: EventOf<'warning'>[];
}

export async function begin(
  target: RunTarget,
  seams: { fs?: Fs; life?: Life; now?: () => number } = {},
): Promise<Started> {
  const warnings: EventOf<'warning'>[] = [];
  const network = 'network' in target ? target.network : 'net.nn.json';
  const writer = await RunWriter.begin(
    { target, network, text, seed: 1 },
    { warn: (warning) => warnings.push(warning), ...seams },
  );
  return { writer, warnings };
}

/** Everything below a folder: the content of files, the targets of links, and folders. */
export function snapshot(folder: string): { readonly [path: string]: string } {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    entries.map((name) => {
      const path = join(folder, name);
      const stats = lstatSync(path);
      if (stats.isSymbolicLink()) return [name, `-> ${relative(folder, readlinkSync(path))}`];
      return [name, stats.isFile() ? readFileSync(path, 'latin1') : 'folder'];
    }),
  );
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'netloom-runs-'));
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });
