/** Courses and comparisons as events hold them. */
import type { Evidence, Finding } from '../diagnose/define.ts';
import type { SpecFix } from '../diagnose/fixes.ts';
import type { AttemptReport, CourseReport } from '../protocol/events.ts';
import type { Comparison } from './compare.ts';
import type { Course } from './course.ts';

export const reportCourse = (
  { steps, curve, testCurve, train, test, failure }: Course,
  evidence?: Evidence,
): CourseReport => ({
  steps,
  curve,
  testCurve,
  train,
  ...(test ? { test } : {}),
  ...(evidence ? { evidence } : {}),
  ...(failure === undefined ? {} : { failure }),
});

export const reportAttempt = (
  { code, layer, severity }: Finding,
  fix: SpecFix,
  { helps, evidence, judged }: Comparison,
  verdict: string,
): AttemptReport => ({
  code,
  ...(layer === undefined ? {} : { layer }),
  severity,
  fix,
  outcome: helps ? 'kept' : 'rejected',
  verdict,
  evidence,
  judged,
});
