/**
 * Whether a mutant is faulty, by measurement: it must learn clearly less than its original, whatever the seed. Trainings are
 * the same in every run, so their results are kept in a folder and only the diagnosis is repeated.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../../engine/diagnose/define.ts';
import type { EpochResults } from '../../../engine/diagnose/look.ts';
import { Random } from '../../../engine/kernels/random.ts';
import { loadBackend } from '../../../engine/kernels/wasm/load.ts';
import { metrics } from '../../../engine/metrics/registry.ts';
import type { Scores } from '../../../engine/protocol/events.ts';
import { TrainingFailure, train } from '../../../engine/train/loop.ts';
import { assemble, openData } from '../../../engine/train/open.ts';
import { Training } from '../../../engine/train/training.ts';
import type { Mutation } from './define.ts';

/** A network as it is trained: its text, the folder of its data, and what is done to the data. */
export interface Network {
  readonly name: string;
  readonly folder: string;
  readonly text: string;
  readonly change?: Mutation['change'];
}

export interface Run {
  readonly found: readonly Finding[];
  /** The scores at the end on test data, or on training data if there are none; undefined after a failure. */
  readonly scores: Scores | undefined;
  /** Those of predictions that ignore the input. */
  readonly baseline: Scores;
}

export const seeds = [1, 2, 3];

/** A mutant must lose this share of what its original has learned. */
const leastLoss = 0.2;
/** Originals that learn less than this share of the task have nothing to lose. */
export const leastLearned = 0.3;

export async function run({ folder, text, change }: Network, seed?: number): Promise<Run> {
  const backend = loadBackend('dist/kernels');
  const found: Finding[] = [];
  const epochs: EpochResults[] = [];
  let restored: number | undefined;
  let baseline: Scores | undefined;
  try {
    const { network, dataset } = await openData(text, {
      folder,
      ...(seed === undefined ? {} : { changes: { seed } }),
    });
    const changed = change?.(dataset, new Random(1)) ?? dataset;
    const training = new Training(assemble(network, changed, {}, backend));
    baseline = training.baseline;
    for await (const event of train(training, { now: () => 0, yield: () => Promise.resolve() })) {
      if (event.event === 'finding') found.push(event as Finding);
      if (event.event === 'epoch') epochs.push(event);
      if (event.event === 'end') restored = event.restoredEpoch;
    }
  } catch (error) {
    if (!(error instanceof TrainingFailure)) throw error;
    return { found, scores: undefined, baseline: baseline! };
  } finally {
    backend.dispose?.();
  }
  const last = epochs.find(({ epoch }) => epoch === restored) ?? epochs[epochs.length - 1];
  return { found, scores: last?.test ?? last?.train, baseline: baseline! };
}

/**
 * How much of the task is learned in each seed: 0 by guessing, 1 by perfect predictions. `names` are the scores that it is computed from.
 */
async function learned(network: Network, cache: string, names?: readonly string[]): Promise<Learned> {
  const text = JSON.stringify([network.name, network.text, names ?? '']);
  const file = path.join(cache, `${createHash('sha256').update(text).digest('hex').slice(0, 24)}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const shares: number[] = [];
  let judged = names;
  for (const seed of seeds) {
    const { scores, baseline } = await run(network, seed);
    judged ??= scores ? scoresToJudge(scores) : [];
    shares.push(scores ? shareOf(scores, baseline, judged) : 0);
  }
  mkdirSync(cache, { recursive: true });
  const result = {
    shares: shares.map((share) => (Number.isFinite(share) ? share : -1)),
    names: judged ?? [],
  };
  writeFileSync(file, JSON.stringify(result));
  return result;
}

interface Learned {
  readonly shares: readonly number[];
  readonly names: readonly string[];
}

const metricOf = (name: string) => metrics.find(name.slice(name.lastIndexOf('.') + 1));

/** Accuracies if there are any, or else errors of values: scores that do not depend on the loss. */
function scoresToJudge(scores: Scores): readonly string[] {
  const named = Object.keys(scores).filter((name) => /accuracy$/i.test(name));
  const errors = Object.keys(scores).filter((name) => /meanAbsoluteError$/.test(name));
  return named.length > 0 ? named : errors.length > 0 ? errors : ['loss'];
}

function shareOf(scores: Scores, baseline: Scores, names: readonly string[]): number {
  const shares = names.map((name) => {
    const [now, guess] = [scores[name], baseline[name]];
    return metricOf(name)?.higherIsBetter ? (now - guess) / (1 - guess) : 1 - now / guess;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** What the original has learned; undefined if it is too little to compare with. */
export async function originalOf(network: Network, cache: string): Promise<Learned | undefined> {
  const original = await learned(network, cache);
  return Math.min(...original.shares) >= leastLearned ? original : undefined;
}

/** Whether the best run of a mutant is worse than the worst run of its original, and the mean is clearly lower. */
export async function isFaulty(mutant: Network, original: Learned, cache: string): Promise<boolean> {
  const { shares } = await learned(mutant, cache, original.names);
  const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
  return (
    Math.max(...shares) < Math.min(...original.shares) &&
    mean(shares) < (1 - leastLoss) * mean(original.shares)
  );
}
