/**
 * The courses of one search: a network as it is and with alternatives, with two seeds. Their length and number are limited by steps and
 * arithmetic, never by the clock.
 */
import * as l10n from '@vscode/l10n';
import type { SpecFix } from '../diagnose/fixes.ts';
import { networkTotal } from '../graph/summary.ts';
import type { Analysis } from '../graph/typed.ts';
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
/** The most courses of a search, and the most operations of their forward passes together. */
const mostTogether = { courses: 32, flops: 1e11 };
/** To open and to diagnose a network takes as long, for each of its layers, as this many operations. */
const flopsOfLayer = 1e7;
/** Of the courses, the last ones are for the second seed: of the network as it is, and of changes that are to be proven. */
const forSecondSeed = 5;

/** The first seed is that of the network or of the job. */
export type SeedIndex = 0 | 1;

export class Courses {
  /** Of the network as it is. */
  readonly #plain: (Course | undefined)[] = [];
  readonly #network: Network;
  readonly #changed = new Map<string, Course>();
  #left = mostTogether.courses;
  #flops = 0;

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

  /**
   * The network with a change, on as many samples as without it, or in as many epochs as a longer run has. Undefined if there were too many
   * courses, or if they took too many operations. Each change is trained once with each seed.
   */
  async with(fix: SpecFix, seed: SeedIndex = 0): Promise<Course | undefined> {
    const { steps, isOver, failure, look } = await this.plain();
    const text = withFix(this.text, fix);
    const key = `${seed} ${text}`;
    const known = this.#changed.get(key);
    if (known) return known;
    // With the second seed, the network as it is may have to be trained, too.
    const reserve = seed === 0 ? forSecondSeed : this.#plain[seed] ? 0 : 1;
    if (this.#left <= reserve || (seed === 0 && this.#flops > mostTogether.flops)) return undefined;
    const network = readNetwork(text);
    const { batchSize, epochs } = look.training;
    const own = network.training.batchSize;
    const whole = epochs * Math.ceil(look.trainSamples / own);
    const wanted = isOver ? longer * whole : Math.ceil((steps * batchSize) / own);
    const length =
      failure === undefined ? Math.min(wanted, longer * stepsOf(network)) : Math.min(whole, stepsOf(network));
    const course = await this.#train(text, network, seed, length, fix.title);
    this.#changed.set(key, course);
    return course;
  }

  async #train(
    text: string,
    network: Network,
    seed: SeedIndex,
    steps: number,
    change?: string,
  ): Promise<Course> {
    this.#left--;
    const doing =
      change === undefined ? l10n.t('Training the network as it is') : l10n.t('Trying: {0}', change);
    const host = this.setting.host(doing, steps);
    const first = host.seed ?? network.training.seed;
    const course = await runCourse(text, { least: steps, most: steps }, { ...host, seed: first + seed });
    const { layers } = network.analysis.graph;
    this.#flops += course.steps * flopsOf(network) + layers.length * flopsOfLayer;
    return course;
  }
}

/** Operations of the forward pass of a batch. */
/** Operations of one forward pass of one sample, at least one. */
export const workOf = (analysis: Analysis): number => Math.max(1, networkTotal(analysis).flops);

const flopsOf = ({ analysis, training }: Network): number => workOf(analysis) * training.batchSize;

const stepsOf = (network: Network): number =>
  Math.max(fewestSteps, Math.min(most.steps, Math.floor(most.flops / flopsOf(network))));
