/** Converts comparisons to fields of events. */
import type { Finding } from '../diagnose/define.ts';
import type { SpecFix } from '../diagnose/fixes.ts';
import type { AttemptReport } from '../protocol/events.ts';
import type { Comparison } from './compare.ts';
import type { Course } from './course.ts';
import type { Judged } from './units.ts';
import { needlessText, replacedText, untrainableText } from './verdict.ts';

const about = ({ code, layer, severity }: Finding, fix: SpecFix) => ({
  code,
  ...(layer === undefined ? {} : { layer }),
  severity,
  fix,
});

export const reportAttempt = (
  finding: Finding,
  fix: SpecFix,
  { helps, evidence, judged }: Comparison,
  verdict: string,
): AttemptReport => ({
  ...about(finding, fix),
  outcome: helps ? 'kept' : 'rejected',
  verdict,
  evidence,
  ...(judged ? { judged } : {}),
});

/** A fix that cannot be made, or that leaves a network that cannot be trained. */
export const reportUntrainable = (finding: Finding, fix: SpecFix, why: string): AttemptReport =>
  reportUntried(finding, fix, untrainableText(why));

/** A fix that was not tried, and why. */
export const reportUntried = (finding: Finding, fix: SpecFix, verdict: string): AttemptReport => ({
  ...about(finding, fix),
  outcome: 'rejected',
  verdict,
  evidence: {},
});

/** A fix that was kept until a later one made it needless. */
export const reportDropped = (
  finding: Finding,
  fix: SpecFix,
  judged: Judged,
  without: Course,
): AttemptReport => ({
  ...about(finding, fix),
  outcome: 'dropped',
  verdict: needlessText(judged, without.steps),
  evidence: {},
  judged,
});

/** A fix that was kept with others that leave an error, while `instead` leaves none. */
export const reportReplaced = (finding: Finding, fix: SpecFix, instead: SpecFix): AttemptReport => ({
  ...about(finding, fix),
  outcome: 'dropped',
  verdict: replacedText(instead.title),
  evidence: {},
});
