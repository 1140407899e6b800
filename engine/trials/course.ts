/**
 * A course: a training of limited length, from the first step, on the whole training data. The number of steps does not depend
 * on the clock, and nothing is written. Two courses that start from the same seed can be compared number by number.
 */
import type { Split } from '../data/define.ts';
import { spread } from '../data/spread.ts';
import type { Evidence, Finding } from '../diagnose/define.ts';
import type { SpecFix } from '../diagnose/fixes.ts';
import type { LimitSettings } from '../diagnose/limits.ts';
import type { DataLook } from '../diagnose/look.ts';
import type { Analysis } from '../graph/typed.ts';
import type { Backend } from '../kernels/backend.ts';
import type { Scores } from '../protocol/events.ts';
import { evaluateSplit } from '../train/evaluate.ts';
import type { LoopHost } from '../train/host.ts';
import { StepFailure } from '../train/notFinite.ts';
import { openTraining } from '../train/open.ts';
import { predictionsIn } from '../train/targets.ts';
import type { Training } from '../train/training.ts';

/** The most points of a curve. */
const mostPoints = 100;
/** The most samples of a split from which the last scores are computed: enough for two digits. */
const mostScored = 2000;
/** Steps between two reports of progress. */
const reportEvery = 20;

export interface Point {
  readonly step: number;
  readonly loss: number;
}

export interface Course {
  readonly analysis: Analysis;
  /** Steps that were run: fewer than requested if the training ended or failed earlier. */
  readonly steps: number;
  /** The training has ended normally. */
  readonly isOver: boolean;
  /** Mean training loss of windows of steps. */
  readonly curve: readonly Point[];
  /** Test loss after each epoch. */
  readonly testCurve: readonly Point[];
  /** Scores of the weights after the last step, or of those that early stopping restores. The loss is NaN after a failure. */
  readonly train: Scores;
  readonly test?: Scores;
  /** Samples that these scores are computed from. */
  readonly scored: { readonly train: number; readonly test?: number };
  /** Predictions of the first loss that count in these samples: a sequence or a picture can have one for each of its places. */
  readonly predictions: { readonly train: number; readonly test?: number };
  /** The scores of predictions that ignore the input, on the evaluation data. */
  readonly baseline: Scores;
  readonly findings: readonly Finding[];
  /** The network, its data, and what guessing reaches. */
  readonly look: DataLook;
  /** Why it ended before its last step. */
  readonly failure?: string;
  /** The number that a rule measured in a layer, within its limit or beyond it. */
  evidenceOf(code: string, layer: string | undefined): Evidence | undefined;
  /**
   * Whether a rule detected a finding at the end, at least as severe, even if it is not reported as the effect of another one.
   */
  isSeen(finding: Pick<Finding, 'code' | 'layer' | 'severity'>): boolean;
  /** Every fix of one of the findings, the best first. */
  fixesOf(finding: Finding): readonly SpecFix[];
}

/**
 * The length of a course: `least` steps, then until `isEnough`, but at most `most` steps and not beyond the end of the
 * training.
 */
export interface Length {
  readonly least: number;
  readonly most: number;
  isEnough?(findings: readonly Finding[]): boolean;
}

/**
 * A fix may make a training longer. Findings that appear only at its end are then checked there, but at most after this many
 * times as many steps.
 */
const longer = 5;

/** The length of the course with the fix of a finding: `least` steps, as without it, so that both can be compared. */
export const lengthWithFix = ({ step }: Finding, { steps, isOver }: Course, least: number): Length =>
  isOver && step === steps
    ? { least, most: Math.max(least, longer * steps), isEnough: () => false }
    : { least, most: least };

export interface CourseHost extends Pick<LoopHost, 'now' | 'yield'> {
  readonly folder: string;
  readonly memoryLimit: number;
  readonly seed?: number | undefined;
  readonly limits?: LimitSettings | undefined;
  openBackend(planBytes: number): Backend;
  /** Called regularly with the number of steps so far. */
  onStep?(step: number): void;
}

/** Trains a text. Throws ProblemError if it cannot be trained. A step that fails is part of the course. */
export async function runCourse(text: string, length: Length, host: CourseHost): Promise<Course> {
  const { folder, limits, memoryLimit, seed } = host;
  const context = {
    folder,
    memoryLimit,
    changes: seed === undefined ? {} : { seed },
    ...(limits ? { limits } : {}),
  };
  let backend: Backend | undefined;
  try {
    const { training } = await openTraining(text, context, (planBytes) => {
      backend = host.openBackend(planBytes);
      return backend;
    });
    return await walk(training, length, host);
  } finally {
    backend?.dispose?.();
  }
}

async function walk(training: Training, length: Length, host: CourseHost): Promise<Course> {
  const { parts, diagnosis, baseline } = training;
  const { train, test } = parts.dataset;
  const findings: Finding[] = [];
  const losses: number[] = [];
  const testCurve: Point[] = [];
  const takeFindings = () => {
    for (let finding = diagnosis.take(); finding; finding = diagnosis.take()) findings.push(finding);
  };
  const goesOn = () =>
    losses.length < length.least || (losses.length < length.most && length.isEnough?.(findings) === false);
  let failure: string | undefined;
  try {
    takeFindings();
    for (let { next } = training; next !== 'nothing'; next = training.next) {
      if (next === 'epochEnd') {
        const scores = test && (await evaluateSplit(parts, test, host));
        if (scores) testCurve.push({ step: losses.length, loss: scores.loss });
        training.endEpoch(scores);
      } else if (goesOn()) {
        training.step(false);
        losses.push(training.curve.lastLoss());
        if (losses.length % reportEvery === 0) host.onStep?.(losses.length);
      } else break;
      takeFindings();
    }
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    diagnosis.afterFailure(error.notFinite);
    takeFindings();
    failure = error.message;
  }
  training.restoreBest();
  const scored = { train: excerpt(train, training), ...(test ? { test: excerpt(test, training) } : {}) };
  const score = (split: Split): Promise<Scores> =>
    failure === undefined ? evaluateSplit(parts, split, host) : Promise.resolve({ loss: Number.NaN });
  return {
    analysis: parts.analysis,
    steps: losses.length,
    isOver: training.next === 'nothing',
    curve: windowsOf(losses),
    testCurve: thinned(testCurve),
    train: await score(scored.train),
    ...(scored.test ? { test: await score(scored.test) } : {}),
    scored: { train: scored.train.size, ...(scored.test ? { test: scored.test.size } : {}) },
    predictions: {
      train: predictionsIn(parts, scored.train),
      ...(scored.test ? { test: predictionsIn(parts, scored.test) } : {}),
    },
    baseline,
    findings,
    look: diagnosis.look,
    ...(failure === undefined ? {} : { failure }),
    evidenceOf: (code, layer) => diagnosis.evidenceOf(code, layer),
    isSeen: (finding) => diagnosis.isSeen(finding),
    fixesOf: (finding) => diagnosis.fixesOf(finding),
  };
}

/** A split whose order matters is scored completely. */
const excerpt = (split: Split, { parts }: Training): Split =>
  parts.runtime.carriesSequences || split.size <= mostScored ? split : spread(split, mostScored);

/** Averages the curve over so long windows of steps that it has at most `mostPoints` points. */
function windowsOf(losses: readonly number[]): readonly Point[] {
  const steps = Math.max(1, Math.ceil(losses.length / mostPoints));
  const points: Point[] = [];
  for (let start = 0; start < losses.length; start += steps) {
    const stretch = losses.slice(start, start + steps);
    points.push({
      step: start + stretch.length,
      loss: stretch.reduce((sum, loss) => sum + loss, 0) / stretch.length,
    });
  }
  return points;
}

/** The last one is always kept. */
function thinned(points: readonly Point[]): readonly Point[] {
  const stride = Math.max(1, Math.ceil(points.length / mostPoints));
  return points.filter((_, index) => (points.length - 1 - index) % stride === 0);
}
