/**
 * The courses of one search: a network as it is and with alternatives, with two seeds. Their length and number are limited by steps and
 * arithmetic, never by the clock.
 */
import * as l10n from '@vscode/l10n';
import type { SpecFix } from '../diagnose/fixes.ts';
import { networkTotal } from '../graph/summary.ts';
import { ProblemError } from '../schema/problem.ts';
import { type Network, readNetwork } from '../train/open.ts';
import { type Course, runCourse } from './course.ts';
import { withFix } from './fixed.ts';
import type { CourseSetting } from './hosting.ts';

/** The length of a course: the most steps, and the most operations of forward passes, but not fewer than the fewest steps. */
const most = { steps: 4000, flops: 2e9 };
const fewestSteps = 100;
/** An alternative may make a run longer, by at most this factor. */
const longer = 3;
/** A network for which the fewest steps cost this many times as much is not compared. */
const tooMuch = 10;
/** The most courses. */
const mostCourses = 28;
/** Of these, the last ones are for the second seed: of the network as it is, the smallest change, what underlies it, and the best one. */
const forSecondSeed = 4;

/** The first seed is that of the network or of the job. */
export type SeedIndex = 0 | 1;

export class Courses {
  /** Of the network as it is. */
  readonly #plain: (Course | undefined)[] = [];
  readonly #network: Network;
  #left = mostCourses;

  /** Throws ProblemError for a text with an error, or for a network whose courses would take too long. */
  constructor(
    readonly text: string,
    readonly setting: CourseSetting,
  ) {
    this.#network = readNetwork(text);
    if (fewestSteps * flopsOf(this.#network) > tooMuch * most.flops)
      throw new ProblemError(
        'trial/too-long',
        l10n.t('a step of this network takes too long to train it many times, so nothing was compared.'),
        ['training'],
      );
  }

  /** The network as it is. Each seed is trained once. */
  async plain(seed: SeedIndex = 0): Promise<Course> {
    const course =
      this.#plain[seed] ?? (await this.#train(this.text, this.#network, seed, stepsOf(this.#network)));
    this.#plain[seed] = course;
    return course;
  }

  /** The network with a change, on as many samples as without it, or in as many epochs as a longer run has. Undefined if there were too many. */
  async with(fix: SpecFix, seed: SeedIndex = 0): Promise<Course | undefined> {
    const { steps, isOver, look } = await this.plain();
    // With the second seed, the network as it is may have to be trained, too.
    const reserve = seed === 0 ? forSecondSeed : this.#plain[seed] ? 0 : 1;
    if (this.#left <= reserve) return undefined;
    const text = withFix(this.text, fix);
    const network = readNetwork(text);
    const { batchSize, epochs } = look.training;
    const own = network.training.batchSize;
    const wanted = isOver
      ? longer * epochs * Math.ceil(look.trainSamples / own)
      : Math.ceil((steps * batchSize) / own);
    return this.#train(text, network, seed, Math.min(wanted, longer * stepsOf(network)), fix.title);
  }

  async #train(
    text: string,
    { training }: Network,
    seed: SeedIndex,
    steps: number,
    change?: string,
  ): Promise<Course> {
    this.#left--;
    const doing =
      change === undefined ? l10n.t('Training the network as it is') : l10n.t('Trying: {0}', change);
    const host = this.setting.host(doing, steps);
    const first = host.seed ?? training.seed;
    return runCourse(text, { least: steps, most: steps }, { ...host, seed: first + seed });
  }
}

/** Operations of the forward pass of a batch. */
const flopsOf = ({ analysis, training }: Network): number =>
  Math.max(1, networkTotal(analysis).flops) * training.batchSize;

const stepsOf = (network: Network): number =>
  Math.max(fewestSteps, Math.min(most.steps, Math.floor(most.flops / flopsOf(network))));
