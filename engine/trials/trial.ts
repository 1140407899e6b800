/**
 * Try: trains a network for some steps without the fix of one of its findings and, from the same seed, with it; if that does not help, with the
 * finding's next fix. Nothing is written. The courses run one after the other, so that they need no more memory than one.
 */
import * as l10n from '@vscode/l10n';
import type { Finding } from '../diagnose/define.ts';
import type { SpecFix } from '../diagnose/fixes.ts';
import { unknownFinding } from '../diagnose/known.ts';
import type { EventOfKind } from '../protocol/events.ts';
import { newestFindings } from '../protocol/findings.ts';
import type { End, Job } from '../protocol/training.ts';
import { ProblemError } from '../schema/problem.ts';
import { stepsText } from '../schema/text.ts';
import { firstToFix, type Group, grouped } from '../spec/grouped.ts';
import { type JobHost, reportEnd } from '../train/job.ts';
import { readNetwork } from '../train/open.ts';
import { type Comparison, compareAll } from './compare.ts';
import { type Course, lengthWithFix, runCourse } from './course.ts';
import { withFix } from './fixed.ts';
import { type CourseSetting, courseSetting } from './hosting.ts';
import { coursesInOneUnit } from './units.ts';
import { verdictOf, withOthers } from './verdict.ts';

/** The fewest steps of a course, and the most until its finding appears. */
const usualSteps = { least: 300, most: 5000 };
/** The most fixes of one finding that are tried until one helps. */
const mostTried = 3;

export interface Wanted {
  readonly code: string;
  /** The layers that have the finding. One fix for all of them is tried. Default: those in which it reads the same, as `netloom fix` fixes it. */
  readonly layers?: readonly string[] | undefined;
  /** The exact number of steps. Default: a few hundred, or more if the finding takes longer to appear. */
  readonly steps?: number | undefined;
}

/** A fix, and the training with it, compared with the training without. */
interface Attempt {
  readonly fix: SpecFix;
  readonly after: Course;
  readonly comparison: Comparison;
}

/**
 * Tries the fixes of a finding, the best first, until one helps. Throws ProblemError if the network cannot be trained, if it has no such layer or
 * finding, or if the finding has no fix.
 */
export async function tryFix(
  text: string,
  { code, layers, steps }: Wanted,
  setting: CourseSetting,
): Promise<EventOfKind<'trial'>> {
  const known = readNetwork(text).analysis.graph.layers.map(({ name }) => name);
  const unknown = (layers ?? [undefined])
    .map((layer) => unknownFinding(code, layer, known))
    .find((why) => why !== undefined);
  if (unknown !== undefined) throw new ProblemError('trial/no-finding', unknown);
  const length =
    steps === undefined ? { ...usualSteps, isEnough: hasAll(code, layers) } : { least: steps, most: steps };
  const before = await runCourse(text, length, setting.host(l10n.t('Training without the fix'), length.most));
  const found = newestFindings(before.findings).filter(
    (one) => one.code === code && (layers === undefined || layers.includes(one.layer ?? '')),
  );
  const group = firstToFix(grouped(found));
  if (!group) throw noFinding(code, layers, before);
  const fixes = fixesOf(group, before);
  if (fixes.length === 0)
    throw new ProblemError(
      'trial/no-fix',
      l10n.t('{0} There is no edit that fixes it.', group.message),
      group.first.path,
    );
  const attempts = await attemptsUntilOneHelps(text, fixes, before, length.least, setting);
  const chosen = attempts.find(({ comparison }) => comparison.helps) ?? attempts[0];
  const { fix, after, comparison } = chosen;
  const { evidence, helps } = comparison;
  const others = attempts.flatMap((one) => (one === chosen ? [] : [one.fix.title]));
  const reports = coursesInOneUnit(before, after);
  const { layer, measures } = group.first;
  return {
    event: 'trial',
    code,
    ...(layer === undefined ? {} : { layer }),
    ...(measures === undefined ? {} : { measures }),
    message: group.message,
    fix,
    before: { ...reports.before, ...(evidence.before ? { evidence: evidence.before } : {}) },
    after: { ...reports.after, ...(evidence.after ? { evidence: evidence.after } : {}) },
    helps,
    verdict: withOthers(verdictOf(comparison, after), helps, fix.title, others),
  };
}

/** Whether a finding was found in all of these layers; without layers, in any. */
const hasAll = (code: string, layers: readonly string[] | undefined) => (found: readonly Finding[]) => {
  const have = found.filter((one) => one.code === code).map(({ layer }) => layer);
  return layers === undefined ? have.length > 0 : layers.every((layer) => have.includes(layer));
};

/** A fix, and the findings that it is meant to clear: all of a group, or one of them if its fix adds layers. */
interface Option {
  readonly fix: SpecFix;
  readonly members: readonly Finding[];
}

/** One fix for all layers of a group, for each fix that all of them have; the best first. */
function fixesOf({ members, fix }: Group<Finding>, course: Course): readonly Option[] {
  const offered = members
    .map((member) => ({ member, fixes: course.fixesOf(member) }))
    .filter(({ fixes }) => fixes.length > 0);
  const common = Math.min(...offered.map(({ fixes }) => fixes.length), mostTried);
  const all = Array.from({ length: offered.length === 0 ? 0 : common }, (_, index) =>
    offered.map(({ member, fixes }) => ({ ...member, fix: fixes[index] })),
  ).flatMap((own) => {
    const joint = grouped(own.map((one) => ({ ...members[0], fix: one.fix })))[0].fix;
    return joint ? [optionOf(joint, own)] : [];
  });
  const known = [...(fix ? [optionOf(fix, members)] : []), ...all].map(
    (one) => [JSON.stringify(one.fix.edit), one] as const,
  );
  return [...new Map(known).values()].slice(0, mostTried);
}

function optionOf(fix: SpecFix, members: readonly Finding[]): Option {
  const edit = JSON.stringify(fix.edit);
  const own = members.filter((one) => JSON.stringify(one.fix?.edit) === edit);
  return { fix, members: own.length > 0 ? own : members };
}

/** Throws the ProblemError of the first fix if no fix can be tried. */
async function attemptsUntilOneHelps(
  text: string,
  options: readonly Option[],
  before: Course,
  least: number,
  setting: CourseSetting,
): Promise<readonly Attempt[]> {
  // A training that fails says nothing about how long one with the fix lasts.
  const steps = before.failure === undefined ? before.steps : least;
  const same = lengthWithFix(options[0].members[0], before, steps);
  const attempts: Attempt[] = [];
  let problem: ProblemError | undefined;
  for (const { fix, members } of options) {
    const host = setting.host(l10n.t('Trying: {0}', fix.title), same.most);
    try {
      const after = await runCourse(withFix(text, fix), same, host);
      attempts.push({ fix, after, comparison: compareAll(members, before, after) });
      if (attempts.at(-1)?.comparison.helps) break;
    } catch (error) {
      // A fix that leaves a network that cannot be trained does not help. The next one may.
      if (!(error instanceof ProblemError)) throw error;
      problem ??= error;
    }
  }
  if (problem && attempts.length === 0) throw problem;
  return attempts;
}

function noFinding(
  code: string,
  layers: readonly string[] | undefined,
  { steps, findings }: Course,
): ProblemError {
  const name = layers === undefined ? code : l10n.t('{0} in {1}', code, layers.join(', '));
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
    const { text, code = '', layers, steps } = job;
    const result = await tryFix(text, { code, layers, steps }, courseSetting(job, host));
    host.emit(result);
    return { event: 'end', reason: 'finished', step: result.after.steps };
  });
