/**
 * Removes fixes that a later one has made needless, because a symptom is often fixed before its cause. Each fix is left out
 * once, the oldest first, and dropped if the network trains as well without it. This takes at most one course for each fix.
 */
import * as l10n from '@vscode/l10n';
import type { Finding } from '../diagnose/define.ts';
import type { SpecFix } from '../diagnose/fixes.ts';
import type { AttemptReport } from '../protocol/events.ts';
import { ProblemError } from '../schema/problem.ts';
import { severest } from '../schema/severity.ts';
import { compareScores, isSame, toFix } from './compare.ts';
import { type Course, runCourse } from './course.ts';
import { allOf, withFix } from './fixed.ts';
import type { CourseSetting } from './hosting.ts';
import { reportDropped } from './report.ts';

/** A network with the result of its course. */
export interface State {
  readonly text: string;
  readonly course: Course;
}

export interface KeptFix {
  readonly finding: Finding;
  readonly fix: SpecFix;
}

export interface Needed {
  readonly kept: readonly KeptFix[];
  readonly state: State;
}

/** `text`: the network before all fixes; `state`: the network with all of them. */
export async function dropNeedless(
  text: string,
  { kept, state }: Needed,
  setting: CourseSetting,
  onDropped: (attempt: AttemptReport) => void,
): Promise<Needed> {
  const whole = state.course;
  if (whole.failure !== undefined) return { kept, state };
  const length = { least: whole.steps, most: whole.steps };
  let needed: Needed = { kept, state };
  for (const one of kept) {
    const others = needed.kept.filter((other) => other !== one);
    // The fix of a finding that remains has reduced it.
    if (others.length === 0 || toFix(whole).some((left) => isSame(left, one.finding))) continue;
    try {
      const without = withFix(text, allOf(others.map(({ fix }) => fix)));
      const host = setting.host(l10n.t('Trying without: {0}', one.fix.title), whole.steps);
      const course = await runCourse(without, length, host);
      // Losses of different kinds do not show that it is needless.
      const { judged, worse } = compareScores(whole, course);
      if (!judged || worse || !isAsHealthy(one.finding, whole, course)) continue;
      needed = { kept: others, state: { text: without, course } };
      onDropped(reportDropped(one.finding, one.fix, judged, course));
    } catch (error) {
      // Later fixes build on this one.
      if (!(error instanceof ProblemError)) throw error;
    }
  }
  return needed;
}

/** The comparison is always with all fixes, so that small losses do not add up. */
function isAsHealthy(fixed: Finding, whole: Course, without: Course): boolean {
  const before = toFix(whole);
  const isKnown = (finding: Finding) =>
    before.some((one) => isSame(one, finding) && severest(one, finding) === one);
  return !without.isSeen(fixed) && toFix(without).every(isKnown);
}
