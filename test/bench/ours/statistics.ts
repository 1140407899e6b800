/** The cost of measuring: compares the training loop to one whose clock does not advance, and to one that measures every step. */

import type { Dataset } from '../../../engine/data/define.ts';
import type { Backend } from '../../../engine/kernels/backend.ts';
import type { TrainingEvent } from '../../../engine/protocol/events.ts';
import { threadHost } from '../../../engine/train/host.ts';
import { train } from '../../../engine/train/loop.ts';
import { assemble, readNetwork } from '../../../engine/train/open.ts';
import { Training } from '../../../engine/train/training.ts';
import { type Network, networks, sizeOf } from '../networks.ts';
import { Model, openBackend, textOf } from './model.ts';
import { median, ratios, turn } from './time.ts';

export interface StatisticsCost {
  readonly network: string;
  /** Share of throughput lost: probes, events, pauses, and looking for dead units, at the usual cadence. */
  readonly usual: number;
  /** Time a step takes more in which every unit is looked at to the last sample, as all of them are dead. */
  readonly allDead: number;
  /** Time a step with every probe takes more than one without. */
  readonly everyStep: number;
}

export async function measureStatistics(name: string, rounds: number): Promise<StatisticsCost> {
  const backend = await openBackend(1);
  const network = networks[name];
  const everyStep = everyStepCost(network, backend, rounds);
  const allDead = watchCost(network, backend, rounds, true);
  const watch = watchCost(network, backend, rounds, false);
  return { network: name, usual: watch + (await usualCost(network, backend, rounds)), everyStep, allDead };
}

/** The cost of detecting dead units, which happens at every step, whatever the clock says. */
function watchCost(network: Network, backend: Backend, rounds: number, dead: boolean): number {
  const model = new Model(textOf(network), backend);
  if (dead) model.kill();
  const { deadUnits } = model.probe;
  const watched = () => {
    // A short epoch: units become alive again in every eighth step.
    if (steps++ % 8 === 0) deadUnits.beginPass();
    model.step(undefined, deadUnits);
  };
  let steps = 0;
  return ratios([() => void model.step(), watched], rounds, 150)[1] - 1;
}

function everyStepCost(network: Network, backend: Backend, rounds: number): number {
  const model = new Model(textOf(network), backend);
  // Measured, not read: readings are made only for reports, at most ten times a second, and count at the usual cadence.
  return ratios([() => void model.step(), () => void model.step(model.probe)], rounds, 150)[1] - 1;
}

async function usualCost(network: Network, backend: Backend, rounds: number): Promise<number> {
  const model = new Model(textOf(network), backend);
  const steps = Math.ceil(epochMilliseconds / turn(() => void model.step(), 200));
  // If the clock does not advance, it is never time to probe, to report or to pause.
  const clocks = [() => 0, () => performance.now()];
  const runs = clocks.map((now) => endlessRun(network, backend, steps, now));
  for (const run of runs) await epochOf(run);
  const lost: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const [without, usual] = [await epochOf(runs[0]), await epochOf(runs[1])];
    lost.push(1 - without / usual);
  }
  return median(lost);
}

/** Ten times the interval of events; the last step of an epoch is probed by any clock. */
const epochMilliseconds = 1000;

/** Milliseconds until the next epoch is over. */
async function epochOf(events: AsyncGenerator<TrainingEvent>): Promise<number> {
  const began = performance.now();
  while ((await events.next()).value?.event !== 'epoch');
  return performance.now() - began;
}

function endlessRun(network: Network, backend: Backend, steps: number, now: () => number) {
  const endless = readNetwork(textOf(network), { epochs: 1e9 });
  return train(new Training(assemble(endless, sameBatch(network, steps), {}, backend)), {
    ...threadHost,
    now,
  });
}

/** Data that costs next to nothing to load. */
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
