/** Compares two courses: whether a fix clears its finding, and how the loss changes. */
import type { Evidence, Finding } from '../diagnose/define.ts';
import { lossIsFlattered } from '../diagnose/registry.ts';
import type { MetricDefinition } from '../metrics/define.ts';
import type { Scores } from '../protocol/events.ts';
import { bySeverity, isAtLeast } from '../schema/severity.ts';
import type { Course } from './course.ts';
import { haveOneLoss, inOneUnit, type Judged, metricOf } from './units.ts';

/**
 * A loss counts as risen if the difference is more than chance: this share of the loss, and this share of the loss of
 * predictions that ignore the input.
 */
const slack = { relative: 0.05, ofBaseline: 0.02 };
/**
 * A score counts as fallen if the difference is more than chance: this many standard errors of a share of the scored samples.
 */
const standardErrors = 2;
/** Tolerance for rounding in sums of decimal fractions. */
const rounding = 1e-9;
/** The evidence falls clearly if its distance from the limit shrinks by this factor. */
const clearFall = 2;

export interface Comparison {
  /** The numbers measured in the finding's layer; undefined if the finding has no number, or if its layer no longer exists. */
  readonly evidence: { readonly before?: Evidence; readonly after?: Evidence };
  /** The finding is not reported any more. */
  readonly cleared: boolean;
  /** It is still reported, but far closer to its limit. */
  readonly eased: boolean;
  /** Undefined if the losses are of different kinds and have no metric in common. Such numbers are not compared. */
  readonly judged: Judged | undefined;
  readonly worse: boolean;
  /** Whether to keep the fix: the evidence falls, and the loss does not rise. */
  readonly helps: boolean;
}

/** Errors and warnings, the worst first; among equals the one that is reported first, which is the cause of others. A finding that has become an error counts only as an error. */
export function toFix({ findings }: Course): readonly Finding[] {
  const latest = new Map(findings.map((finding) => [`${finding.code} ${finding.layer ?? ''}`, finding]));
  return [...latest.values()].filter(({ severity }) => severity !== 'info').sort(bySeverity);
}

export const isSame = (
  one: Pick<Finding, 'code' | 'layer'>,
  { code, layer }: Pick<Finding, 'code' | 'layer'>,
): boolean => one.code === code && one.layer === layer;

/**
 * Compares the training of a network with a fix and without it. The loss may rise if the finding says that it was too good to
 * be true.
 */
export function compare(finding: Finding, before: Course, after: Course): Comparison {
  // An error that becomes a warning is not cleared.
  const least = finding.severity === 'info' ? 'info' : 'warning';
  const still = after.findings.filter((one) => isSame(one, finding) && isAtLeast(one, least));
  const seen = still.at(-1)?.evidence ?? after.evidenceOf(finding.code, finding.layer);
  // A warning has another limit than an error. Both sides are measured against that of the finding.
  const now = seen && isNumber(seen) ? { ...seen, limit: finding.evidence.limit } : seen;
  // An effect is not cleared if another cause hides it.
  const cleared = still.length === 0 && !after.isSeen({ ...finding, severity: least });
  const eased = !cleared && now !== undefined && excess(finding.evidence, now) >= clearFall;
  const { judged, worse } = compareScores(before, after);
  const mayRise = lossIsFlattered(finding.code);
  return {
    evidence: { ...measured('before', finding.evidence), ...measured('after', now) },
    cleared,
    eased,
    judged,
    worse,
    helps: (cleared || eased) && (!worse || (mayRise && after.failure === undefined)),
  };
}

/** The same for a finding in several layers: the one that the fix helps least speaks for all. */
export function compareAll(findings: readonly Finding[], before: Course, after: Course): Comparison {
  const each = findings.map((finding) => compare(finding, before, after));
  const isLess = ({ cleared, eased }: Comparison) => !cleared && !eased;
  const least = each.find(isLess) ?? each.find(({ cleared }) => !cleared) ?? each[0];
  return { ...least, helps: each.every(({ helps }) => helps) };
}

/** The change of the loss, or of a score that both have if their losses are of different kinds. */
export function compareScores(before: Course, after: Course): Pick<Comparison, 'judged' | 'worse'> {
  const judged = judge(before, after);
  return { judged, worse: judged ? isWorse(judged, before, after) : isWorseThanGuessing(before, after) };
}

/** Rules without a number have no evidence to compare. */
const measured = (when: 'before' | 'after', evidence: Evidence | undefined) =>
  evidence && isNumber(evidence) ? { [when]: evidence } : {};

const isNumber = ({ limit }: Evidence): boolean => limit !== 0 && Number.isFinite(limit);

/** The factor by which the distance of the evidence from the limit has shrunk. */
function excess(before: Evidence, after: Evidence): number {
  const ratio = ({ value, limit }: Evidence) => value / limit;
  return ratio(before) >= 1 ? ratio(before) / ratio(after) : ratio(after) / ratio(before);
}

function judge(before: Course, after: Course): Judged | undefined {
  const split = before.test && after.test ? 'test' : 'train';
  const [scores, scoresAfter] = [scoresIn(before, split), scoresIn(after, split)];
  const score = haveOneLoss(before, after) ? 'loss' : commonMetric(scores, scoresAfter);
  if (score === undefined) return undefined;
  const of = (one: Scores) => one[score] ?? Number.NaN;
  return inOneUnit({ score, split, before: of(scores), after: of(scoresAfter) }, { before, after });
}

const scoresIn = (course: Course, split: Judged['split']): Scores => course[split] ?? course.train;

export const commonMetric = (one: Scores, other: Scores): string | undefined =>
  Object.keys(one).find((name) => name !== 'loss' && name in other && metricOf(name));

function isWorse(judged: Judged, one: Course, other: Course): boolean {
  const { score, before, after } = judged;
  const metric = metricOf(score);
  if (metric) {
    const gain = metric.higherIsBetter ? after - before : before - after;
    return !(gain >= -(toleranceOf(metric, judged, one, other) + rounding)) && !Number.isNaN(before);
  }
  // Targets with another scale have a different baseline.
  const [share, shareAfter] = [one, other].map((course) => shareOfBaseline(course, judged.split));
  return shareAfter > share + slack.relative * Math.abs(share) + slack.ofBaseline;
}

/** All that can be said of losses of different kinds: whether one is higher than that of guessing, and the other one was not. */
function isWorseThanGuessing(...courses: readonly [before: Course, after: Course]): boolean {
  const split = courses.every(({ test }) => test) ? 'test' : 'train';
  const [share, shareAfter] = courses.map((course) => shareOfBaseline(course, split));
  return shareAfter > Math.max(1, share);
}

/** The fall of a score that chance explains: for a share from the number of samples, for other numbers as for a loss. */
function toleranceOf(
  { unit }: MetricDefinition,
  { score, split, before, after }: Judged,
  one: Course,
  other: Course,
): number {
  const { relative, ofBaseline } = slack;
  if (unit === 'number')
    return relative * Math.abs(before) + ofBaseline * Math.abs(other.baseline[score] ?? before);
  const share = (before + after) / 2;
  const samples = Math.min(one.scored[split] ?? one.scored.train, other.scored[split] ?? other.scored.train);
  return Math.max(ofBaseline, standardErrors * Math.sqrt((share * (1 - share)) / samples));
}

/** The loss, where that of predictions that ignore the input is 1. One that is not finite counts as infinite. */
function shareOfBaseline(course: Course, split: Judged['split']): number {
  const { loss } = scoresIn(course, split);
  const { baseline } = course;
  if (!Number.isFinite(loss)) return Number.POSITIVE_INFINITY;
  return baseline.loss > 0 && Number.isFinite(baseline.loss) ? loss / baseline.loss : loss;
}
