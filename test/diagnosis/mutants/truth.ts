/**
 * Whether a mutant is faulty, by measurement: it must learn clearly less than its original, whatever the seed. Trainings are
 * the same in every run, so their results are kept in a folder and only the diagnosis is repeated: that of the first seed.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../../engine/diagnose/define.ts';
import type { EpochResults } from '../../../engine/diagnose/look.ts';
import { networkTotal } from '../../../engine/graph/summary.ts';
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
  /** Operations of all forward passes over the training samples. */
  readonly work: number;
}

export const seeds = [1, 2, 3];

/** A mutant must lose this share of what its original has learned. */
const leastLoss = 0.2;
/** Originals that learn less than this share of the task have nothing to lose. */
const leastLearned = 0.3;

/** Originals whose training takes more operations are left out, so that a measurement takes minutes. */
const mostWork = 3e9;

export async function run({ folder, text, change }: Network, seed: number): Promise<Run> {
  const backend = loadBackend('dist/kernels');
  const found: Finding[] = [];
  const epochs: EpochResults[] = [];
  let restored: number | undefined;
  let baseline: Scores = { loss: Number.NaN };
  let work = 0;
  try {
    const { network, dataset } = await openData(text, {
      folder,
      changes: { seed },
    });
    const changed = change?.(dataset, new Random(1)) ?? dataset;
    const training = new Training(assemble(network, changed, {}, backend));
    baseline = training.baseline;
    work = networkTotal(network.analysis).flops * changed.train.size * network.training.epochs;
    for await (const event of train(training, { now: () => 0, yield: () => Promise.resolve() })) {
      if (event.event === 'finding') found.push(event as Finding);
      if (event.event === 'epoch') epochs.push(event);
      if (event.event === 'end') restored = event.restoredEpoch;
    }
  } catch (error) {
    if (!(error instanceof TrainingFailure)) throw error;
    return { found, scores: undefined, baseline, work };
  } finally {
    backend.dispose?.();
  }
  const last = epochs.find(({ epoch }) => epoch === restored) ?? epochs[epochs.length - 1];
  return { found, scores: last?.test ?? last?.train, baseline, work };
}

/** Scores of one seed, from the folder if they have been measured before. */
async function scoresOf(network: Network, seed: number, cache: string): Promise<Omit<Run, 'found'>> {
  const key = JSON.stringify([network.name, network.text, seed]);
  const file = path.join(cache, `${createHash('sha256').update(key).digest('hex').slice(0, 24)}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const { found, ...measured } = await run(network, seed);
  mkdirSync(cache, { recursive: true });
  writeFileSync(file, JSON.stringify(measured));
  return measured;
}

/** What an original has learned in each seed: 0 by guessing, 1 by perfect predictions. `names` are the scores that it is computed from. */
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

function shareOf({ scores, baseline }: Omit<Run, 'found'>, names: readonly string[]): number {
  if (!scores) return 0;
  const shares = names.map((name) => {
    const [now, guess] = [scores[name], baseline[name]];
    return metricOf(name)?.higherIsBetter ? (now - guess) / (1 - guess) : 1 - now / guess;
  });
  const mean = meanOf(shares);
  return Number.isFinite(mean) ? mean : 0;
}

const meanOf = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;

/** What the original has learned; undefined if it is too little to compare with. */
export async function originalOf(network: Network, cache: string): Promise<Learned | undefined> {
  const shares: number[] = [];
  let names: readonly string[] = [];
  for (const seed of seeds) {
    const scores = await scoresOf(network, seed, cache);
    if (scores.work > mostWork) return undefined;
    if (names.length === 0) names = scoresToJudge(scores.scores ?? { loss: Number.NaN });
    shares.push(shareOf(scores, names));
    if (!(shares[shares.length - 1] >= leastLearned)) return undefined;
  }
  return { shares, names };
}

/**
 * Whether the best run of a mutant is worse than the worst run of its original, and the mean is clearly lower. `first`: its run with the
 * first seed.
 */
export async function isFaulty(
  mutant: Network,
  first: Run,
  original: Learned,
  cache: string,
): Promise<boolean> {
  const least = Math.min(...original.shares);
  const shares = [shareOf(first, original.names)];
  for (const seed of seeds.slice(1)) {
    if (shares.some((share) => share >= least)) return false;
    shares.push(shareOf(await scoresOf(mutant, seed, cache), original.names));
  }
  return Math.max(...shares) < least && meanOf(shares) < (1 - leastLoss) * meanOf(original.shares);
}
