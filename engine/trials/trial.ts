/**
 * Try: trains a network for some steps without the fix of one of its findings and, from the same seed, with it. Nothing is
 * written. The two courses run one after the other, so that they need no more memory than one.
 */
import * as l10n from '@vscode/l10n';
import type { Finding } from '../diagnose/define.ts';
import { unknownFinding } from '../diagnose/known.ts';
import type { EventOfKind } from '../protocol/events.ts';
import type { End, Job } from '../protocol/training.ts';
import { ProblemError } from '../schema/problem.ts';
import { stepsText } from '../schema/text.ts';
import { type JobHost, reportEnd } from '../train/job.ts';
import { readNetwork } from '../train/open.ts';
import { compare } from './compare.ts';
import { type Course, lengthWithFix, runCourse } from './course.ts';
import { withFix } from './fixed.ts';
import { type CourseSetting, courseSetting } from './hosting.ts';
import { coursesInOneUnit } from './units.ts';
import { verdictOf } from './verdict.ts';

/** The fewest steps of a course, and the most until its finding appears. */
const usualSteps = { least: 300, most: 5000 };

export interface Wanted {
  readonly code: string;
  readonly layer?: string | undefined;
  /** The exact number of steps. Default: a few hundred, or more if the finding takes longer to appear. */
  readonly steps?: number | undefined;
}

/** Throws ProblemError if the network cannot be trained, if it has no such layer or finding, or if the finding has no fix. */
export async function tryFix(
  text: string,
  { code, layer, steps }: Wanted,
  setting: CourseSetting,
): Promise<EventOfKind<'trial'>> {
  const layers = readNetwork(text).analysis.graph.layers.map(({ name }) => name);
  const unknown = unknownFinding(code, layer, layers);
  if (unknown !== undefined) throw new ProblemError('trial/no-finding', unknown);
  const fits = (one: Finding) => one.code === code && (layer === undefined || one.layer === layer);
  const length =
    steps === undefined
      ? { ...usualSteps, isEnough: (found: readonly Finding[]) => found.some(fits) }
      : { least: steps, most: steps };
  const before = await runCourse(text, length, setting.host(l10n.t('Training without the fix'), length.most));
  // A finding that has become an error is reported again.
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
  const { evidence } = comparison;
  const reports = coursesInOneUnit(before, after);
  return {
    event: 'trial',
    code,
    ...(finding.layer === undefined ? {} : { layer: finding.layer }),
    ...(finding.measures === undefined ? {} : { measures: finding.measures }),
    message: finding.message,
    fix,
    before: { ...reports.before, ...(evidence.before ? { evidence: evidence.before } : {}) },
    after: { ...reports.after, ...(evidence.after ? { evidence: evidence.after } : {}) },
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
      ? l10n.t('{0} does not appear within {1}, so there is nothing to fix.', name, stepsText(steps))
      : l10n.t(
          '{0} does not appear within {1}. What appears is {2}.',
          name,
          stepsText(steps),
          others.join(', '),
        ),
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
