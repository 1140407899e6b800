/**
 * Repair: fixes of a network's findings are tried one after another, each on what those before it have left. A fix is kept only
 * if the evidence falls and the loss does not rise. The same text and seed give the same path. Nothing is written.
 */
import * as l10n from '@vscode/l10n';
import type { Finding } from '../diagnose/define.ts';
import type { SpecFix } from '../diagnose/fixes.ts';
import type { AttemptReport, EventOfKind } from '../protocol/events.ts';
import type { End, Job } from '../protocol/training.ts';
import { ProblemError } from '../schema/problem.ts';
import { type JobHost, reportEnd } from '../train/job.ts';
import { bySeverity, type Comparison, compare } from './compare.ts';
import { type Course, lengthWithFix, runCourse } from './course.ts';
import { allOf, withFix } from './fixed.ts';
import { type CourseSetting, courseSetting } from './hosting.ts';
import { lastResorts } from './remedies.ts';
import { reportAttempt, reportCourse } from './report.ts';
import { verdictOf } from './verdict.ts';

/** Steps that each network is trained for: most of what goes wrong has shown by then. */
const usualSteps = 1000;
/** Fixes that are tried at most. */
const mostAttempts = 40;

export interface RepairOptions {
  readonly steps?: number | undefined;
  onAttempt?(attempt: AttemptReport): void;
}

/** A network, and what training it has shown. */
interface State {
  readonly text: string;
  readonly course: Course;
}

interface Tried {
  readonly attempt: AttemptReport;
  readonly state: State;
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
  const attempts: AttemptReport[] = [];
  const seen = new Set([text]);

  const attempt = async (finding: Finding, fix: SpecFix): Promise<Tried | undefined> => {
    let fixed: string;
    try {
      fixed = withFix(state.text, fix);
      if (seen.has(fixed)) return undefined;
      seen.add(fixed);
      const withIt = lengthWithFix(finding, state.course, steps);
      const trying = setting.host(l10n.t('Trying: {0}', fix.title), withIt.most);
      const course = await runCourse(fixed, withIt, trying);
      const comparison = compare(finding, state.course, course);
      return tried(finding, fix, comparison, { text: fixed, course });
    } catch (error) {
      // A network that this fix leaves untrainable, for memory or data, is one fix that does not help.
      if (error instanceof ProblemError) return undefined;
      throw error;
    }
  };

  /** The first fix that helps, of the first finding that has one; where none does, what helps an error besides. */
  const improve = async (): Promise<State | undefined> => {
    const { course } = state;
    const sick = toFix(course);
    const candidates = [
      ...sick.map((finding) => [finding, course.fixesOf(finding)] as const),
      ...sick.filter(isError).map((finding) => [finding, lastResorts(course.analysis)] as const),
    ];
    for (const [finding, fixes] of candidates)
      for (const fix of fixes) {
        if (attempts.length >= mostAttempts) return undefined;
        const result = await attempt(finding, fix);
        if (!result) continue;
        attempts.push(result.attempt);
        onAttempt(result.attempt);
        if (result.attempt.outcome === 'kept') return result.state;
      }
    return undefined;
  };

  for (let next = await improve(); next; next = await improve()) state = next;
  return outcome(first, state, attempts);
}

const tried = (finding: Finding, fix: SpecFix, comparison: Comparison, state: State): Tried => ({
  attempt: reportAttempt(finding, fix, comparison, verdictOf(comparison, state.course)),
  state,
});

const isError = ({ severity }: Finding): boolean => severity === 'error';

/** Errors and warnings, the worst first; a finding that has become an error counts as that alone. */
function toFix({ findings }: Course): readonly Finding[] {
  const latest = new Map(findings.map((finding) => [`${finding.code} ${finding.layer ?? ''}`, finding]));
  return [...latest.values()].filter(({ severity }) => severity !== 'info').sort(bySeverity);
}

function outcome(first: State, last: State, attempts: readonly AttemptReport[]): EventOfKind<'repair'> {
  const kept = attempts.filter((one) => one.outcome === 'kept').map(({ fix }) => fix);
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
    ...(kept.length > 0 ? { fix: allOf(kept) } : {}),
    before: reportCourse(first.course),
    after: reportCourse(last.course),
    verdict: summary(first, kept.length, left),
  };
}

function summary({ course }: State, kept: number, left: readonly Finding[]): string {
  if (toFix(course).length === 0)
    return l10n.t('Nothing to repair: training for {0} steps shows no error and no warning.', course.steps);
  const made =
    kept === 0
      ? l10n.t('No fix helps.')
      : kept === 1
        ? l10n.t('One fix helps.')
        : l10n.t('{0} fixes help.', kept);
  const errors = left.filter(isError).length;
  const rest =
    left.length === 0
      ? l10n.t('There are no errors or warnings left.')
      : l10n.t('What is left: {0} errors and {1} warnings.', errors, left.length - errors);
  return `${made} ${rest}`;
}

/** The same as a job. Its result is the event "repair"; each fix that is tried is an event "attempt". */
export const repair = (job: Job, host: JobHost): Promise<End> =>
  reportEnd(host, async () => {
    const onAttempt = (attempt: AttemptReport) => host.emit({ event: 'attempt', attempt });
    const result = await repairNetwork(job.text, { steps: job.steps, onAttempt }, courseSetting(job, host));
    host.emit(result);
    return { event: 'end', reason: 'finished', step: 0 };
  });
