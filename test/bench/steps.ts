/** Whole training steps: all contenders take turns, round after round. */
import { type Contender, contenders, type Hosts, Process, Refusal } from './contenders.ts';
import { type Network, operationsOf } from './networks.ts';
import { median } from './ours/time.ts';
import { writeTask } from './task.ts';

export interface StepResult {
  readonly contender: string;
  /** Why there are no numbers. */
  readonly refusal?: string;
  /** Median over rounds. */
  readonly milliseconds?: number;
  /** Median over rounds of this contender's time, divided by that of Netloom on one thread in the same round. */
  readonly ratio?: number;
  /** The most memory, in MB. */
  readonly memory?: number;
  /** Largest relative difference of the first losses from those of Netloom; absent if the contender computes only something similar. */
  readonly lossDifference?: number;
  /** It is too slow for rounds, so its first steps were timed. */
  readonly rough?: true;
}

export interface NetworkResult {
  readonly network: string;
  readonly operations: number;
  readonly results: readonly StepResult[];
}

/** Milliseconds of a contender's turn. */
const turnMilliseconds = 150;
/** A contender slower than this takes part in no rounds. */
const roundsLimit = 2500;
/** All contenders together may take this long for a network, but there are some rounds in any case. */
const roundsBudget = 45_000;
const fewestRounds = 3;
/** The most milliseconds that one contender may take for one network before its rounds. */
const patience = 20_000;
const firstSteps = 4;

interface Running {
  readonly contender: Contender;
  readonly process: Process;
  readonly losses: readonly number[];
  /** The time of the last of the first steps. */
  readonly milliseconds: number;
  memory: number;
  readonly times: number[];
  readonly ratios: number[];
}

export async function measureSteps(
  name: string,
  network: Network,
  chosen: readonly Contender[],
  hosts: Hosts,
  rounds: number,
): Promise<NetworkResult> {
  const task = writeTask('dist/bench', name, network);
  const running: Running[] = [];
  const refusals = new Map<Contender, string>();
  for (const contender of chosen)
    try {
      running.push(await begin(contender, task, hosts));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusals.set(contender, error.message);
    }
  const inRounds = running.filter(({ milliseconds }) => milliseconds <= roundsLimit);
  const affordable = Math.max(fewestRounds, Math.floor(roundsBudget / roundTime(inRounds)));
  for (let round = 0; round < Math.min(rounds, affordable); round++) await goRound(inRounds, round);
  for (const { process } of running) process.end();
  const reference = running.find(({ contender }) => contender === contenders[0]);
  return {
    network: name,
    operations: operationsOf(network),
    results: chosen.map((contender) => {
      const found = running.find((one) => one.contender === contender);
      if (!found) return { contender: contender.name, refusal: refusals.get(contender) ?? '' };
      return resultOf(found, reference);
    }),
  };
}

/** Starts a process and runs its first steps, as many as `patience` allows. */
async function begin(contender: Contender, task: string, hosts: Hosts): Promise<Running> {
  const process = new Process(contender, task, hosts);
  const losses: number[] = [];
  let [memory, milliseconds, spent] = [0, 0, 0];
  while (losses.length < firstSteps && spent + milliseconds < patience) {
    const answer = await process.run(1, patience);
    ({ memory, milliseconds } = answer);
    spent += milliseconds;
    losses.push(answer.loss);
  }
  return { contender, process, losses, milliseconds, memory, times: [], ratios: [] };
}

/** Milliseconds of a round, including the steps that warm up caches before each turn. */
const roundTime = (running: readonly Running[]): number =>
  running.reduce((sum, { milliseconds }) => sum + Math.max(1.25 * turnMilliseconds, 2 * milliseconds), 0);

async function goRound(running: readonly Running[], round: number): Promise<void> {
  const took = new Map<Running, number>();
  // The order is rotated, so that no contender always follows the same one.
  const order = running.map((_, index) => running[(index + round) % running.length]);
  for (const one of order) {
    const guess = one.times.at(-1) ?? one.milliseconds;
    const steps = Math.max(1, Math.round(turnMilliseconds / guess));
    // Some steps warm up the caches after the turns of the others.
    await one.process.run(Math.ceil(steps / 4), patience);
    const answer = await one.process.run(steps, patience);
    one.memory = answer.memory;
    one.times.push(answer.milliseconds / steps);
    took.set(one, answer.milliseconds / steps);
  }
  const ours = running.find(({ contender }) => contender === contenders[0]);
  const base = ours && took.get(ours);
  if (base !== undefined) for (const [one, time] of took) one.ratios.push(time / base);
}

function resultOf(one: Running, reference: Running | undefined): StepResult {
  const { contender, times, ratios, memory } = one;
  const rough = times.length === 0;
  const milliseconds = rough ? one.milliseconds : median(times);
  const ratio = rough && reference ? milliseconds / median(reference.times) : ratios.length && median(ratios);
  const difference = reference && !contender.near ? differenceOf(one.losses, reference.losses) : undefined;
  return {
    contender: contender.name,
    milliseconds,
    memory,
    ...(ratio ? { ratio } : {}),
    ...(difference === undefined ? {} : { lossDifference: difference }),
    ...(rough ? { rough } : {}),
  };
}

const differenceOf = (losses: readonly number[], others: readonly number[]): number =>
  Math.max(...losses.map((loss, index) => Math.abs(loss / others[index] - 1)));
