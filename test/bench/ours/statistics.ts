/**
 * The cost of measuring, in processor time: compares steps with and without probes, and the training loop with one that never
 * measures.
 */

import type { Dataset } from '../../../engine/data/define.ts';
import type { Backend } from '../../../engine/kernels/backend.ts';
import type { TrainingEvent } from '../../../engine/protocol/events.ts';
import { threadHost } from '../../../engine/train/host.ts';
import { train } from '../../../engine/train/loop.ts';
import { assemble, readNetwork } from '../../../engine/train/open.ts';
import { Training, type TrainingParts } from '../../../engine/train/training.ts';
import { processorTime, timesOfThread } from '../../processorTime.ts';
import { type Network, networks, sizeOf } from '../networks.ts';
import { Model, openBackend, textOf } from './model.ts';
import { type Comparison, compare, comparisonOf, median, type Turn, turn } from './time.ts';

/** The cost for one network. Each entry compares with steps that do not measure. */
export interface StatisticsCost {
  readonly network: string;
  /** The training loop at the usual cadence: probes, details, events and pauses. */
  readonly usual: Comparison;
  /** The search for dead units at every step. */
  readonly watch: Comparison;
  /** The same if all units are dead, so that each is examined in every sample. */
  readonly allDead: Comparison;
  /** Every probe at every step. */
  readonly everyStep: Comparison;
}

/** Share of throughput that is lost at the usual cadence. */
export const lostThroughput = ({ usual, watch }: StatisticsCost): number =>
  1 - 1 / (usual.ratio * watch.ratio);

export async function measureStatistics(name: string, seconds: number): Promise<StatisticsCost> {
  const network = networks[name];
  const backend = await openBackend(1, true, textOf(network));
  return {
    network: name,
    everyStep: everyStepCost(network, backend, seconds),
    allDead: watchCost(network, backend, seconds, true),
    watch: watchCost(network, backend, seconds, false),
    usual: await usualCost(network, backend, seconds),
  };
}

/** The median of several processes for each comparison. */
export function mediansOf(costs: readonly StatisticsCost[]): StatisticsCost {
  const of = (read: (cost: StatisticsCost) => Comparison): Comparison => ({
    ratio: median(costs.map((cost) => read(cost).ratio)),
    quartiles: [
      median(costs.map((cost) => read(cost).quartiles[0])),
      median(costs.map((cost) => read(cost).quartiles[1])),
    ],
  });
  return {
    network: costs[0].network,
    usual: of(({ usual }) => usual),
    watch: of(({ watch }) => watch),
    allDead: of(({ allDead }) => allDead),
    everyStep: of(({ everyStep }) => everyStep),
  };
}

/** Milliseconds of a portion of steps: short, so that other load affects both sides of a comparison. */
const portionMilliseconds = 0.5;

/** Compares two kinds of steps on one model. */
function compareSteps(plain: () => void, measured: () => void, seconds: number): Comparison {
  turn(measured, 300);
  const calls = Math.ceil(portionMilliseconds / turn(plain, 300));
  return compare(plain, measured, calls, 1000 * seconds);
}

/** The cost of detecting dead units, which happens at every step, independently of the clock. */
function watchCost(network: Network, backend: Backend, seconds: number, dead: boolean): Comparison {
  const model = new Model(textOf(network), backend);
  if (dead) model.kill();
  const { deadUnits } = model.probe;
  // Where no unit can die, training examines nothing, and the comparison would show only the work of counting steps here.
  if (!deadUnits.watch) return { ratio: 1, quartiles: [1, 1] };
  let steps = 0;
  const watched = () => {
    // A short epoch: marks are cleared in every eighth step.
    if (steps++ % 8 === 0) deadUnits.beginPass();
    model.step(undefined, deadUnits.watch);
  };
  return compareSteps(() => void model.step(), watched, seconds);
}

function everyStepCost(network: Network, backend: Backend, seconds: number): Comparison {
  const model = new Model(textOf(network), backend);
  // Without reading the values: that happens only for reports, at most ten times a second, and is part of `usual`.
  return compareSteps(
    () => void model.step(),
    () => void model.step(model.probe),
    seconds,
  );
}

/**
 * Epochs of a portion each, in turns with those of a training that never measures. Turns that report something are rare and
 * long, so they are counted apart from the others: each kind has a median of its own, by its share of the time.
 */
async function usualCost(network: Network, backend: Backend, seconds: number): Promise<Comparison> {
  const model = new Model(textOf(network), backend);
  const steps = Math.ceil(portionMilliseconds / turn(() => void model.step(), 300));
  const data = sameBatch(network, steps);
  const parts = () => assemble(readNetwork(textOf(network), { epochs: 1e9 }), data, {}, backend);
  const [plain, usual] = [new Epochs(parts(), false), new Epochs(parts(), true)];
  for (const epochs of [plain, usual]) while (epochs.clock < warmUpMilliseconds) await epochs.next();
  const turns = new Map<string, Turn[]>();
  const end = usual.clock + 1000 * seconds;
  while (usual.clock < end) {
    const before = await plain.next();
    usual.seen.clear();
    const other = [await usual.next(), await usual.next()] as const;
    const kind = [...usual.seen].sort().join();
    turns.set(kind, [...(turns.get(kind) ?? []), { one: [before, await plain.next()], other }]);
  }
  return summaryOf([...turns.values()]);
}

/** A comparison from turns of several kinds. */
function summaryOf(kinds: readonly (readonly Turn[])[]): Comparison {
  const all = kinds.reduce((sum, { length }) => sum + length, 0);
  const each = kinds.map((turns) => ({ share: turns.length / all, ...comparisonOf(turns) }));
  const mean = (read: (one: Comparison) => number) =>
    each.reduce((sum, one) => sum + one.share * read(one), 0);
  return {
    ratio: mean(({ ratio }) => ratio),
    quartiles: [mean(({ quartiles: [low] }) => low), mean(({ quartiles: [, high] }) => high)],
  };
}

const warmUpMilliseconds = 1500;

/** A training without a diagnosis, whose looks depend on the length of an epoch. */
class Unexamined extends Training {
  override get nextIsLook(): boolean {
    return false;
  }
}

/**
 * The epochs of an endless training. Its clock is its own processor time, so ten reports a second are
 * as many as on a machine that has nothing else to do. If it does not measure, its clock does not advance: then it is never time
 * to probe, to report or to pause.
 */
class Epochs {
  /** Milliseconds of processor time so far. */
  clock = 0;
  /** The kinds of events other than those of epochs, and pauses. */
  readonly seen = new Set<string>();
  readonly #events: AsyncGenerator<TrainingEvent>;
  #resumed = 0;

  constructor(parts: TrainingParts, measures: boolean) {
    this.#events = train(new Unexamined(parts), {
      now: () => {
        // Both sides read this clock, because that takes much longer than reading the clock of a run.
        const elapsed = processorTime() - this.#resumed;
        return measures ? this.clock + elapsed : 0;
      },
      yield: () => {
        this.seen.add('pause');
        return threadHost.yield();
      },
    });
  }

  /** Processor time of the next epoch. */
  async next(): Promise<number> {
    const began = timesOfThread().computed;
    this.#resumed = processorTime();
    for (let event = ''; event !== 'epoch'; ) {
      event = (await this.#events.next()).value.event;
      if (event !== 'epoch') this.seen.add(event);
    }
    const took = timesOfThread().computed - began;
    this.clock += took;
    return took;
  }
}

/** Data that takes almost no time to load. */
function sameBatch({ batch, input, loss }: Network, steps: number): Dataset {
  const values = Float32Array.from({ length: batch * sizeOf(input) }, (_, i) => Math.sin(12.9898 * i));
  const classes = loss === 'softmaxCrossEntropy';
  return {
    inputs: [{ name: 'x', shape: input }],
    targets: [
      classes
        ? { name: 'class', shape: [], type: 'int', classes: 10 }
        : { name: 'value', shape: [1], type: 'float' },
    ],
    train: {
      size: batch * steps,
      fill(_indices, count, { inputs, targets }) {
        inputs[0].set(values);
        for (let i = 0; i < count; i++) targets[0][i] = i % (classes ? 10 : 2);
      },
    },
  };
}
