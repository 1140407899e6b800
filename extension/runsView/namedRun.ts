/** A run on disk, with the names that its layers have now. */
import type { RunSummary } from '../../engine/runs/reader.ts';
import type { RunNames } from '../training/runNames.ts';

export function namedRun(run: RunSummary, names: RunNames): RunSummary {
  const { plan, result, end } = run;
  return {
    ...run,
    plan: plan && names.translate(plan),
    result: result && names.translate(result),
    end: end && names.translate(end),
  };
}
