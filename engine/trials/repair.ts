/**
 * Repair: fixes of a network's findings are tried one after another, each on what those before it have left. A fix is kept only
 * if the evidence falls and the loss does not rise, and as long as it is needed. The same text and seed give the same path. Nothing is written.
 */
import * as l10n from '@vscode/l10n';
import type { Finding } from '../diagnose/define.ts';
import type { SpecFix } from '../diagnose/fixes.ts';
import type { AttemptReport, EventOfKind } from '../protocol/events.ts';
import type { End, Job } from '../protocol/training.ts';
import { ProblemError } from '../schema/problem.ts';
import { stepsText } from '../schema/text.ts';
import { type JobHost, reportEnd } from '../train/job.ts';
import { compare, toFix } from './compare.ts';
import { lengthWithFix, runCourse } from './course.ts';
import { allOf, withFix } from './fixed.ts';
import { type CourseSetting, courseSetting } from './hosting.ts';
import { dropNeedless, type KeptFix, type State } from './needless.ts';
import { lastResorts } from './remedies.ts';
import { reportAttempt, reportCourse, reportUntrainable } from './report.ts';
import { verdictOf } from './verdict.ts';

/** Steps that each network is trained for: most of what goes wrong has shown by then. */
const usualSteps = 1000;
/** Fixes that are tried at most. */
const mostAttempts = 40;

export interface RepairOptions {
  readonly steps?: number | undefined;
  onAttempt?(attempt: AttemptReport): void;
}

interface Tried {
  readonly attempt: AttemptReport;
  /** Undefined if the network cannot be trained with the fix. */
  readonly state?: State;
}

/** Throws ProblemError where the network cannot be trained. */
export async function repairNetwork(
  text: string,
  { steps = usualSteps, onAttempt = () => undefined }: RepairOptions,
  setting: CourseSetting,
): Promise<EventOfKind<'repair'>> {
  const length = { least: steps, most: steps };
  const host = (doing: string) => setting.host(doing, steps);
  const first: State = {
    text,
    course: await runCourse(text, length, host(l10n.t('Training the network as it is'))),
  };
  let state = first;
  let kept: readonly KeptFix[] = [];
  const attempts: AttemptReport[] = [];
  const report = (one: AttemptReport) => {
    attempts.push(one);
    onAttempt(one);
  };
  const seen = new Set([text]);
  const rejected = new Set<string>();

  /** Undefined if this edit of this text, or a network with the text that results, was tried before. */
  const attempt = async (finding: Finding, fix: SpecFix): Promise<Tried | undefined> => {
    // An edit that is refused leaves no text.
    const asked = `${JSON.stringify(fix.edit)} ${state.text}`;
    if (seen.has(asked)) return undefined;
    seen.add(asked);
    try {
      const fixed = withFix(state.text, fix);
      if (seen.has(fixed)) return undefined;
      seen.add(fixed);
      const withIt = lengthWithFix(finding, state.course, steps);
      const trying = setting.host(l10n.t('Trying: {0}', fix.title), withIt.most);
      const course = await runCourse(fixed, withIt, trying);
      const comparison = compare(finding, state.course, course);
      const verdict = verdictOf(comparison, course);
      return {
        attempt: reportAttempt(finding, fix, comparison, verdict),
        state: { text: fixed, course },
      };
    } catch (error) {
      // A network that this fix leaves untrainable, for memory or data, is one fix that does not help.
      if (error instanceof ProblemError) return { attempt: reportUntrainable(finding, fix, error.message) };
      throw error;
    }
  };

  /** What was rejected before comes last: the fixes kept since then seldom change that. */
  const byNovelty = (candidates: readonly KeptFix[]): readonly KeptFix[] => {
    const isOld = ({ fix }: KeptFix) => rejected.has(JSON.stringify(fix.edit));
    return [...candidates.filter((one) => !isOld(one)), ...candidates.filter(isOld)];
  };

  /** The first fix that helps, of the first finding that has one; where none does, what helps an error besides. */
  const improve = async (): Promise<State | undefined> => {
    const { course } = state;
    const sick = toFix(course);
    const resorts = lastResorts(course.analysis);
    const candidates = [
      ...byNovelty(sick.flatMap((finding) => course.fixesOf(finding).map((fix) => ({ finding, fix })))),
      ...byNovelty(sick.filter(isError).flatMap((finding) => resorts.map((fix) => ({ finding, fix })))),
    ];
    for (const candidate of candidates) {
      if (attempts.length >= mostAttempts) return undefined;
      const result = await attempt(candidate.finding, candidate.fix);
      if (!result) continue;
      report(result.attempt);
      if (result.attempt.outcome === 'kept') {
        kept = [...kept, candidate];
        return result.state;
      }
      rejected.add(JSON.stringify(candidate.fix.edit));
    }
    return undefined;
  };

  for (let next = await improve(); next; next = await improve()) state = next;
  const needed = await dropNeedless(text, { kept, state }, setting, report);
  return outcome(first, needed.state, needed.kept, attempts);
}

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
    before: reportCourse(first.course),
    after: reportCourse(last.course),
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

/** "2 errors and 1 warning"; of what there is none, nothing is said. */
export function countsText(left: readonly Pick<Finding, 'severity'>[]): string {
  const errors = left.filter(isError).length;
  const warnings = left.length - errors;
  const counts = [
    ...(errors === 0 ? [] : [errors === 1 ? l10n.t('1 error') : l10n.t('{0} errors', errors)]),
    ...(warnings === 0 ? [] : [warnings === 1 ? l10n.t('1 warning') : l10n.t('{0} warnings', warnings)]),
  ];
  return counts.length === 2 ? l10n.t('{0} and {1}', ...counts) : counts.join('');
}

/** The same as a job. Its result is the event "repair"; each fix that is tried is an event "attempt". */
export const repair = (job: Job, host: JobHost): Promise<End> =>
  reportEnd(host, async () => {
    const onAttempt = (attempt: AttemptReport) => host.emit({ event: 'attempt', attempt });
    const result = await repairNetwork(job.text, { steps: job.steps, onAttempt }, courseSetting(job, host));
    host.emit(result);
    return { event: 'end', reason: 'finished', step: 0 };
  });
