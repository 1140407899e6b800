/**
 * Try: a network is trained for some steps as it is and, from the same seed, with the fix of one of its findings. Nothing is
 * written; whoever asked decides by what both showed. One is trained after the other, so that two need no more memory than one.
 */
import * as l10n from '@vscode/l10n';
import type { Finding } from '../diagnose/define.ts';
import type { EventOfKind } from '../protocol/events.ts';
import type { End, Job } from '../protocol/training.ts';
import { ProblemError } from '../schema/problem.ts';
import { type JobHost, reportEnd } from '../train/job.ts';
import { compare } from './compare.ts';
import { type Course, lengthWithFix, runCourse } from './course.ts';
import { withFix } from './fixed.ts';
import { type CourseSetting, courseSetting } from './hosting.ts';
import { reportCourse } from './report.ts';
import { verdictOf } from './verdict.ts';

/** Steps that a network is trained for at least, and until its finding shows at most. */
const usualSteps = { least: 300, most: 5000 };

export interface Wanted {
  readonly code: string;
  readonly layer?: string | undefined;
  /** As many steps exactly. Otherwise a few hundred, and more where the finding takes longer to show. */
  readonly steps?: number | undefined;
}

/** Throws ProblemError where the network cannot be trained, or has no such finding, or none that an edit fixes. */
export async function tryFix(
  text: string,
  { code, layer, steps }: Wanted,
  setting: CourseSetting,
): Promise<EventOfKind<'trial'>> {
  const fits = (one: Finding) => one.code === code && (layer === undefined || one.layer === layer);
  const length =
    steps === undefined
      ? { ...usualSteps, isEnough: (found: readonly Finding[]) => found.some(fits) }
      : { least: steps, most: steps };
  const before = await runCourse(text, length, setting.host(l10n.t('Training without the fix'), length.most));
  // One that has become an error comes again.
  const finding = before.findings.findLast(fits);
  if (!finding) throw noFinding(code, layer, before);
  const { fix } = finding;
  if (!fix)
    throw new ProblemError(
      'trial/no-fix',
      l10n.t('{0} There is no edit that fixes it.', finding.message),
      finding.path,
    );
  const fixed = withFix(text, fix);
  const same = lengthWithFix(finding, before, before.steps);
  const after = await runCourse(fixed, same, setting.host(l10n.t('Training with the fix'), same.most));
  const comparison = compare(finding, before, after);
  return {
    event: 'trial',
    code,
    ...(finding.layer === undefined ? {} : { layer: finding.layer }),
    message: finding.message,
    fix,
    before: reportCourse(before, comparison.evidence.before),
    after: reportCourse(after, comparison.evidence.after),
    helps: comparison.helps,
    verdict: verdictOf(comparison, after),
  };
}

function noFinding(code: string, layer: string | undefined, { steps, findings }: Course): ProblemError {
  const name = layer === undefined ? code : l10n.t('{0} in {1}', code, layer);
  const others = [...new Set(findings.map((one) => one.code))];
  return new ProblemError(
    'trial/no-finding',
    others.length === 0
      ? l10n.t('{0} does not appear within {1} steps, so there is nothing to fix.', name, steps)
      : l10n.t('{0} does not appear within {1} steps. What appears is {2}.', name, steps, others.join(', ')),
    [],
  );
}

/** The same as a job. Its result is the event "trial". */
export const trial = (job: Job, host: JobHost): Promise<End> =>
  reportEnd(host, async () => {
    const { text, code = '', layer, steps } = job;
    const result = await tryFix(text, { code, layer, steps }, courseSetting(job, host));
    host.emit(result);
    return { event: 'end', reason: 'finished', step: result.after.steps };
  });
