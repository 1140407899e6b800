/**
 * Finds what holds a network back by trying: it is trained as it is and, from the same seed, with each alternative. An alternative is the
 * cause only if the result is clearly better, and again with a second seed. This finds faults that leave no trace in statistics, only a
 * result worse than it could be, and separates causes from effects. The same text and seed give the same result, and nothing is written.
 */
import * as l10n from '@vscode/l10n';
import type { Finding } from '../diagnose/define.ts';
import { type SpecFix, setTraining } from '../diagnose/fixes.ts';
import type { DataLook } from '../diagnose/look.ts';
import { lossIsFlattered, namesCause } from '../diagnose/registry.ts';
import type { AttemptReport, EventOfKind } from '../protocol/events.ts';
import type { End, Job } from '../protocol/training.ts';
import { ProblemError } from '../schema/problem.ts';
import { placeOfEdit } from '../spec/placeOfEdit.ts';
import { type JobHost, reportEnd } from '../train/job.ts';
import type { Alternative } from './alternatives/define.ts';
import { alternatives } from './alternatives/registry.ts';
import type { Course } from './course.ts';
import { Courses } from './courses.ts';
import { allOf, withFix } from './fixed.ts';
import { doesNearlyAll, type Gain, gainOf, isClear } from './gain.ts';
import { type CourseSetting, courseSetting } from './hosting.ts';
import { coursesInOneUnit } from './units.ts';
import {
  betterText,
  byChanceText,
  lesserText,
  notBetterText,
  rescuingText,
  unprovenText,
  untrainableText,
} from './verdict.ts';

/** Changes with at least this share of the best gain reach nearly as much. */
const nearlyBest = 0.85;

/** The most changes of different kinds that are reported because they reach as much. */
const mostEqual = 3;

export interface SearchOptions {
  /** Another number of epochs is no alternative, because a person asked for this one. */
  readonly keepsEpochs?: boolean;
  onAttempt?(attempt: AttemptReport): void;
  /** Called as soon as a finding is proven. */
  onFinding?(finding: Finding): void;
}

interface Candidate {
  readonly code: string;
  readonly fix: SpecFix;
  readonly underlies?: Alternative['underlies'] | undefined;
  /** A rule reports it. */
  readonly isReported?: true;
}

interface Better extends Candidate {
  readonly course: Course;
  readonly gain: Gain;
}

/** Throws ProblemError where the network cannot be trained. */
export async function findWhatHoldsBack(
  text: string,
  options: SearchOptions,
  setting: CourseSetting,
): Promise<EventOfKind<'comparison'>> {
  const courses = new Courses(text, setting);
  const plain = await courses.plain();
  const search = new Search(courses, plain, options);
  const { own, others } = hasMore(plain) ? candidatesFor(text, plain) : { own: [], others: [] };
  // A run that is cut off anyway is the same with more epochs.
  const mayBeLonger = !options.keepsEpochs && (plain.isOver || plain.failure !== undefined);
  const isWanted = ({ fix }: Candidate) => mayBeLonger || !setsEpochs(fix);
  const byOwn = await search.tryEach(own.filter(isWanted));
  // A finding whose fix leaves hardly anything to learn explains the result, so that only what underlies such findings is left to try.
  const left = (await search.isExplainedBy(byOwn)) ? others.filter(({ underlies }) => underlies) : others;
  const better = [...byOwn, ...(await search.tryEach(left.filter(isWanted)))];
  const [best] = await search.prove(better);
  const { attempts } = search;
  return {
    event: 'comparison',
    attempts,
    ...(best ? { fix: best.fix } : {}),
    ...coursesInOneUnit(plain, best?.course ?? plain),
    verdict: summary(search),
  };
}

/** Tries changes of one network, and reports each. */
class Search {
  readonly attempts: AttemptReport[] = [];
  /** How many changes were left out, because the search would have become too long. */
  untried = 0;

  constructor(
    readonly courses: Courses,
    readonly plain: Course,
    readonly options: SearchOptions,
  ) {}

  #report(attempt: AttemptReport): void {
    this.attempts.push(attempt);
    this.options.onAttempt?.(attempt);
  }

  /** The changes that are clearly better with the first seed. */
  async tryEach(candidates: readonly Candidate[]): Promise<readonly Better[]> {
    const better: Better[] = [];
    for (const candidate of candidates)
      try {
        const course = await this.courses.with(candidate.fix);
        if (!course) {
          this.untried++;
          continue;
        }
        const gain = gainOf(this.plain, course);
        if (gain && isClear(gain)) better.push({ ...candidate, course, gain });
        else this.#report(attemptOf(candidate, 'rejected', notBetterText(gain, course), gain));
      } catch (error) {
        // A change that cannot be made, or with which the network cannot be trained, does not help.
        if (!(error instanceof ProblemError)) throw error;
        this.#report(attemptOf(candidate, 'rejected', untrainableText(error.message)));
      }
    return better;
  }

  /** Whether hardly anything is left to learn with one of these changes, whatever the seed. */
  async isExplainedBy(better: readonly Better[]): Promise<boolean> {
    for (const { course, fix } of better) {
      if (!doesNearlyAll(course)) continue;
      const again = await this.courses.with(fix, 1);
      if (again && doesNearlyAll(again)) return true;
    }
    return false;
  }

  /**
   * The smallest change that reaches nearly the best result, what underlies it and does, too, and others that do without making the network
   * larger; and the best result itself if it is of another kind: if they are better with a second seed.
   */
  async prove(better: readonly Better[]): Promise<readonly Better[]> {
    const best = bestOf(better);
    const proven: Better[] = [];
    for (const one of byMerit(better)) {
      const isOther = proven.every(({ code }) => code !== one.code);
      // A run that is too short and steps that are too small are two sides of one fault.
      const isSmall = !one.gain.isLarger || setsEpochs(one.fix);
      // Where a rule reports the first one, both say the same.
      const isOpen = proven.every((other) => !other.isReported && settingOf(other) !== settingOf(one));
      const isEqual = one.underlies || (proven.length < mostEqual && isSmall && isOpen);
      const isWanted = proven.length === 0 || (isOther && (one === best || (isEqual && isNear(one, best))));
      const attempt = isWanted
        ? await this.#again(one)
        : attemptOf(one, 'dropped', lesserText(one.gain), one.gain);
      this.#report(attempt);
      if (attempt.outcome !== 'kept') continue;
      proven.push(one);
      this.options.onFinding?.(findingOf(attempt));
    }
    return proven;
  }

  /** A change with a second seed. */
  async #again(one: Better): Promise<AttemptReport> {
    const { fix, gain } = one;
    const course = await this.courses.with(fix, 1);
    if (!course) return attemptOf(one, 'rejected', unprovenText(gain), gain);
    const again = gainOf(await this.courses.plain(1), course);
    if (!again) return attemptOf(one, 'rejected', notBetterText(again, course), gain);
    if (!isClear(again)) return attemptOf(one, 'rejected', byChanceText(gain, again), gain);
    const text = this.plain.failure === undefined ? betterText : rescuingText;
    return attemptOf(one, 'kept', text(fix.title, gain, again), gain);
  }
}

/** Whether a network has something to learn, and a better score would prove something. */
const hasMore = (plain: Course): boolean => !isFlattered(plain) && !doesNearlyAll(plain) && !isGlimpse(plain);

/** A smaller part of a run says too little about its result. */
const leastPart = 0.1;

const isGlimpse = ({ steps, isOver, failure, look }: Course): boolean =>
  !isOver && failure === undefined && steps < leastPart * wholeOf(look);

/** The steps of the whole run. */
const wholeOf = ({ training: { epochs, batchSize }, trainSamples }: DataLook): number =>
  epochs * Math.ceil(trainSamples / batchSize);

interface Candidates {
  /** What the rules report as a cause, be it information, with the best fix of each layer. */
  readonly own: readonly Candidate[];
  /** Every change of the alternatives. */
  readonly others: readonly Candidate[];
}

/** Each text once. */
function candidatesFor(text: string, { look, findings }: Course): Candidates {
  const seen = new Set([text]);
  const isNew = ({ fix }: Candidate) => seen.size < seen.add(textWith(text, fix)).size;
  const causes = new Set(findings.map(({ code }) => code).filter(namesCause));
  const own = [...causes].flatMap((code): Candidate[] => {
    const fixes = fixesByPlace(findings.filter((finding) => finding.code === code));
    if (fixes.length === 0) return [];
    const fix = allOf(fixes);
    const isReported = true;
    return lowersRate(look, fix)
      ? [{ code: 'update/tooLarge', fix, underlies: true, isReported }]
      : [{ code, fix, isReported }];
  });
  const others = alternatives.flatMap(({ code, changes, underlies }) =>
    changes(look).map((fix) => ({ code: code(look), fix, underlies })),
  );
  return { own: own.filter(isNew), others: others.filter(isNew) };
}

/** The last fix of each place: a finding that has become an error is reported again. Equal edits count once. */
function fixesByPlace(findings: readonly Finding[]): readonly SpecFix[] {
  const byPlace = new Map(findings.flatMap(({ path, fix }) => (fix ? [[path.join('\n'), fix]] : [])));
  return [...new Map([...byPlace.values()].map((fix) => [JSON.stringify(fix.edit), fix])).values()];
}

/** Whatever was found, what a lower learning rate proves is that the steps were too large. */
const lowersRate = ({ training: { optimizer } }: DataLook, { edit }: SpecFix): boolean =>
  edit.kind === 'setTraining' &&
  edit.path.join('.') === 'optimizer.learningRate' &&
  Number(edit.value) < Number(optimizer.attributes.learningRate);

/** Where the answer is among the inputs, a better score proves nothing. */
const isFlattered = ({ findings }: Course): boolean =>
  findings.some(({ code, severity }) => severity !== 'info' && lossIsFlattered(code));

/** The setting of the training that a change is made in, such as its optimizer: of two such changes, the first one says enough. */
function settingOf({ fix }: Candidate): string | SpecFix {
  const [section, setting] = placeOfEdit(fix.edit);
  return section === 'training' && setting !== undefined ? String(setting) : fix;
}

const setsEpochs = ({ edit }: SpecFix): boolean => edit.kind === 'setTraining' && edit.path[0] === 'epochs';

/** An edit that is refused leaves no text. It is tried once, and reported. */
function textWith(text: string, fix: SpecFix): string {
  try {
    return withFix(text, fix);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return JSON.stringify(fix.edit);
  }
}

const gainBy = ({ gain: { left } }: Better): number => left.before - left.after;

const bestOf = (better: readonly Better[]): Better | undefined =>
  better.toSorted((one, other) => gainBy(other) - gainBy(one))[0];

const isNear = (one: Better, best: Better | undefined): boolean =>
  best !== undefined && gainBy(one) >= nearlyBest * gainBy(best);

/** Those that reach nearly the best result, the smallest change first; then the others, the best first. */
function byMerit(better: readonly Better[]): readonly Better[] {
  const best = bestOf(better);
  if (!best) return [];
  const [near, others] = [true, false].map((isWanted) =>
    better.filter((one) => isNear(one, best) === isWanted),
  );
  return [...near, ...others.toSorted((one, other) => gainBy(other) - gainBy(one))];
}

const attemptOf = (
  { code, fix }: Candidate,
  outcome: AttemptReport['outcome'],
  verdict: string,
  gain?: Gain,
): AttemptReport => ({
  code,
  severity: 'info',
  fix,
  outcome,
  verdict,
  evidence: gain
    ? {
        before: { value: gain.left.before, limit: gain.limit },
        after: { value: gain.left.after, limit: gain.limit },
      }
    : {},
  ...(gain ? { judged: gain.judged } : {}),
});

/** A change that is proven as a finding: information, because a network that could be better is not broken. */
const findingOf = ({ code, severity, fix, verdict, evidence }: AttemptReport): Finding => ({
  code,
  severity,
  step: 0,
  evidence: { value: evidence.before?.value ?? 0, limit: evidence.after?.value ?? 0 },
  measures: l10n.t('What is left to learn, without and with the change'),
  message: verdict,
  path: placeOfEdit(fix.edit),
  fix,
});

function summary({ attempts, plain, untried }: Search): string {
  const kept = attempts.find(({ outcome }) => outcome === 'kept');
  if (kept) return kept.verdict;
  if (attempts.length === 0 && isFlattered(plain))
    return l10n.t('The answer is among the inputs, so a better score would prove nothing.');
  if (attempts.length === 0 && isGlimpse(plain))
    return l10n.t(
      'Nothing was compared: the steps of this network take so long that a comparison would end after {0} of {1}.',
      plain.steps,
      wholeOf(plain.look),
    );
  if (attempts.length === 0)
    return l10n.t('The network does nearly all there is to do, or there is nothing to change.');
  const tried =
    attempts.length === 1
      ? l10n.t('One change was tried, and it is not clearly better.')
      : l10n.t(
          '{0} changes were tried, each alone, and none is clearly better. Two of them may be needed together.',
          attempts.length,
        );
  if (untried === 0) return tried;
  return `${tried} ${l10n.t('Not tried, because the comparisons would take too long: {0}.', untried)}`;
}

/** The same as a job. Each change is an event "attempt", each that is proven a finding, and the result is the event "comparison". */
export const compareAlternatives = (job: Job, host: JobHost): Promise<End> =>
  reportEnd(host, async () => {
    const { text, epochs } = job;
    const options = {
      keepsEpochs: epochs !== undefined,
      onAttempt: (attempt: AttemptReport) => host.emit({ event: 'attempt', attempt }),
      onFinding: (finding: Finding) => host.emit({ event: 'finding', ...finding }),
    };
    const asked = epochs === undefined ? text : withFix(text, setTraining(['epochs'], epochs, ''));
    host.emit(await findWhatHoldsBack(asked, options, courseSetting(job, host)));
    return { event: 'end', reason: 'finished', step: 0 };
  });
