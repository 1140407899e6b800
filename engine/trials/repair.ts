/**
 * Repair: tries fixes of a network's findings one after another, each on the network with the earlier ones. A fix is kept only
 * if the evidence falls and the loss does not rise, and as long as it is needed. The same text and seed give the same result.
 * Nothing is written.
 */
import * as l10n from '@vscode/l10n';
import type { Finding } from '../diagnose/define.ts';
import type { SpecFix } from '../diagnose/fixes.ts';
import { namesCause } from '../diagnose/registry.ts';
import { analyze } from '../graph/analyze.ts';
import type { AttemptReport, EventOfKind } from '../protocol/events.ts';
import type { End, Job } from '../protocol/training.ts';
import { formatNumber } from '../schema/numbers.ts';
import { ProblemError } from '../schema/problem.ts';
import { counted, stepsText } from '../schema/text.ts';
import { type JobHost, reportEnd } from '../train/job.ts';
import { compare, toFix } from './compare.ts';
import { type Course, lengthWithFix, runCourse } from './course.ts';
import { workOf } from './courses.ts';
import { allOf, withFix } from './fixed.ts';
import { type CourseSetting, courseSetting } from './hosting.ts';
import { dropNeedless, type KeptFix, type Needed, type State } from './needless.ts';
import { lastResorts } from './remedies.ts';
import { reportAttempt, reportReplaced, reportUntrainable, reportUntried } from './report.ts';
import { coursesInOneUnit } from './units.ts';
import { verdictOf } from './verdict.ts';

/** Steps of each course: most faults appear within them. */
const usualSteps = 1000;
/** The most fixes that are tried. */
const mostAttempts = 40;
/**
 * The most multiplications of a course forward, at most a minute of work, and how many times those of the network as it is may be more:
 * layers that are widened again and again would take hours.
 */
const mostWork = 3e10;
const mostTimes = 4;

export interface RepairOptions {
  readonly steps?: number | undefined;
  onAttempt?(attempt: AttemptReport): void;
}

interface Tried {
  readonly attempt: AttemptReport;
  /** Undefined if the network cannot be trained with the fix. */
  readonly state?: State;
}

interface Improved {
  readonly state: State;
  readonly candidate: KeptFix;
}

/** Throws ProblemError where the network cannot be trained. */
export async function repairNetwork(
  text: string,
  { steps = usualSteps, onAttempt = () => undefined }: RepairOptions,
  setting: CourseSetting,
): Promise<EventOfKind<'repair'>> {
  const host = setting.host(l10n.t('Training the network as it is'), steps);
  const first: State = { text, course: await runCourse(text, { least: steps, most: steps }, host) };
  const search = new FixSearch(first, steps, setting, onAttempt);
  const found = await search.startOver(await search.goOn({ state: first, kept: [] }));
  const needed = await dropNeedless(text, found, setting, (attempt) => search.report(attempt));
  return outcome(first, needed.state, needed.kept, search.attempts);
}

/** Tries fixes, each at most once on the same text. */
class FixSearch {
  readonly attempts: AttemptReport[] = [];
  /** The texts that were tried, and the edits of texts. */
  readonly #seen: Set<string>;
  /** Edits that did not help. */
  readonly #rejected = new Set<string>();

  constructor(
    /** The network as it is. */
    readonly first: State,
    readonly steps: number,
    readonly setting: CourseSetting,
    readonly onAttempt: (attempt: AttemptReport) => void,
  ) {
    this.#seen = new Set([first.text]);
  }

  report(attempt: AttemptReport): void {
    this.attempts.push(attempt);
    this.onAttempt(attempt);
  }

  /** Tries fixes of the findings as long as one helps. If none does, it tries remedies for the errors. */
  async goOn(begin: Needed): Promise<Needed> {
    const { state, kept } = begin;
    const sick = causesFirst(toFix(state.course));
    const own = sick.flatMap((finding) => state.course.fixesOf(finding).map((fix) => ({ finding, fix })));
    const next = await this.#improve(state, [
      ...byNovelty(own, this.#rejected),
      ...byNovelty([...causesTogether(sick, state.course), ...resortsOf(state.course)], this.#rejected),
    ]);
    return next ? this.goOn({ state: next.state, kept: [...kept, next.candidate] }) : begin;
  }

  /**
   * Small changes can end where none helps further. If an error is left then, the usual choices are tried on the original
   * network, and replace the other fixes if they leave no error.
   */
  async startOver(end: Needed): Promise<Needed> {
    if (end.kept.length === 0 || !hasError(end.state.course)) return end;
    const next = await this.#improve(this.first, resortsOf(this.first.course));
    if (!next) return end;
    const other = await this.goOn({ state: next.state, kept: [next.candidate] });
    if (hasError(other.state.course)) return end;
    const instead = allOf(other.kept.map(({ fix }) => fix));
    for (const { finding, fix } of end.kept) this.report(reportReplaced(finding, fix, instead));
    return other;
  }

  /** The first of these fixes that helps. */
  async #improve(from: State, candidates: readonly KeptFix[]): Promise<Improved | undefined> {
    for (const candidate of candidates) {
      if (this.attempts.length >= mostAttempts) return undefined;
      const result = await this.#attempt(from, candidate);
      if (!result) continue;
      this.report(result.attempt);
      if (result.attempt.outcome === 'kept') return { state: result.state!, candidate };
      this.#rejected.add(JSON.stringify(candidate.fix.edit));
    }
    return undefined;
  }

  /** Undefined if this edit of this text, or a network with the text that results, was tried before. */
  async #attempt(from: State, { finding, fix }: KeptFix): Promise<Tried | undefined> {
    // An edit that is refused leaves no text.
    if (!this.#isNew(`${JSON.stringify(fix.edit)} ${from.text}`)) return undefined;
    try {
      const fixed = withFix(from.text, fix);
      if (!this.#isNew(fixed)) return undefined;
      const times = workOf(analyze(fixed)) / workOf(this.first.course.analysis);
      if (times > mostTimes && times * this.#work > mostWork)
        return { attempt: reportUntried(finding, fix, costly(times)) };
      const withIt = lengthWithFix(finding, from.course, this.steps);
      const trying = this.setting.host(l10n.t('Trying: {0}', fix.title), withIt.most);
      const course = await runCourse(fixed, withIt, trying);
      const comparison = compare(finding, from.course, course);
      const verdict = verdictOf(comparison, course);
      return {
        attempt: reportAttempt(finding, fix, comparison, verdict),
        state: { text: fixed, course },
      };
    } catch (error) {
      // A fix that makes the network untrainable, because of memory or data, is a fix that does not help.
      if (error instanceof ProblemError) return { attempt: reportUntrainable(finding, fix, error.message) };
      throw error;
    }
  }

  /** Multiplications of the first course forward. */
  get #work(): number {
    const { analysis, steps } = this.first.course;
    return workOf(analysis) * (analysis.spec.training?.batchSize ?? 1) * steps;
  }

  /** Whether a text or an edit has not been tried; from now on it has. */
  #isNew(tried: string): boolean {
    return this.#seen.size < this.#seen.add(tried).size;
  }
}

const costly = (times: number): string =>
  l10n.t(
    'Not tried: a step would take {0} times as many operations as one of the network as it is.',
    formatNumber(times),
  );

/** Fixes that were rejected before come last, because fixes kept since then seldom change that. */
export function byNovelty<K extends { readonly fix: SpecFix }>(
  candidates: readonly K[],
  rejected: ReadonlySet<string>,
): readonly K[] {
  const isOld = ({ fix }: K) => rejected.has(JSON.stringify(fix.edit));
  return [...candidates.filter((one) => !isOld(one)), ...candidates.filter(isOld)];
}

/**
 * The first fixes of all findings in text and data, as one fix. Each may be of no use alone: with scaled inputs, a network takes longer
 * to reach targets that are not scaled.
 */
function causesTogether(findings: readonly Finding[], course: Course): readonly KeptFix[] {
  const causes = findings.filter(({ step }) => step === 0);
  const fixes = causes.flatMap((finding) => course.fixesOf(finding).slice(0, 1));
  return fixes.length > 1 ? [{ finding: causes[0], fix: allOf(fixes) }] : [];
}

/** For each error, the first fixes of what is only information but could be its cause, and the usual choices. */
const resortsOf = (course: Course): readonly KeptFix[] => {
  const information = course.findings.flatMap(({ code, severity, fix }) =>
    fix && severity === 'info' && namesCause(code) ? [fix] : [],
  );
  const resorts = [...information, ...lastResorts({ analysis: course.analysis })];
  return toFix(course)
    .filter(isError)
    .flatMap((finding) => resorts.map((fix) => ({ finding, fix })));
};

/** Findings in text and data cause many findings in training, so their fixes are tried first, even if they are warnings. */
const causesFirst = (findings: readonly Finding[]): readonly Finding[] => [
  ...findings.filter(({ step }) => step === 0),
  ...findings.filter(({ step }) => step > 0),
];

const hasError = (course: Course): boolean => toFix(course).some(isError);

const isError = ({ severity }: Pick<Finding, 'severity'>): boolean => severity === 'error';

function outcome(
  first: State,
  last: State,
  kept: readonly KeptFix[],
  attempts: readonly AttemptReport[],
): EventOfKind<'repair'> {
  const left = toFix(last.course);
  return {
    event: 'repair',
    attempts,
    left: left.map(({ code, layer, severity, message, path }) => ({
      code,
      ...(layer === undefined ? {} : { layer }),
      severity,
      message,
      path,
    })),
    ...(kept.length > 0 ? { fix: allOf(kept.map(({ fix }) => fix)) } : {}),
    ...coursesInOneUnit(first.course, last.course),
    verdict: summary(first, kept.length, left),
  };
}

function summary({ course }: State, kept: number, left: readonly Finding[]): string {
  if (toFix(course).length === 0)
    return l10n.t(
      'Nothing to repair: training for {0} shows no error and no warning.',
      stepsText(course.steps),
    );
  const made =
    kept === 0
      ? l10n.t('No fix helps.')
      : kept === 1
        ? l10n.t('One fix helps.')
        : l10n.t('{0} fixes help.', kept);
  const rest =
    left.length === 0
      ? l10n.t('There are no errors or warnings left.')
      : l10n.t('Still reported: {0}.', countsText(left));
  return `${made} ${rest}`;
}

/** "2 errors and 1 warning"; counts of 0 are omitted. */
export function countsText(left: readonly Pick<Finding, 'severity'>[]): string {
  const errors = left.filter(isError).length;
  const warnings = left.length - errors;
  const counts = [
    ...(errors === 0 ? [] : [counted(errors, 'errors')]),
    ...(warnings === 0 ? [] : [counted(warnings, 'warnings')]),
  ];
  return counts.length === 2 ? l10n.t('{0} and {1}', ...counts) : counts.join('');
}

/** The same as a job. Its result is the event "repair", and each tried fix is an event "attempt". */
export const repair = (job: Job, host: JobHost): Promise<End> =>
  reportEnd(host, async () => {
    const onAttempt = (attempt: AttemptReport) => host.emit({ event: 'attempt', attempt });
    const result = await repairNetwork(job.text, { steps: job.steps, onAttempt }, courseSetting(job, host));
    host.emit(result);
    return { event: 'end', reason: 'finished', step: 0 };
  });
