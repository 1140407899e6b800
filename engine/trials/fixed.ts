/** Networks with a fix made, and all fixes that a finding has. */
import type { Finding, FindingDefinition } from '../diagnose/define.ts';
import type { SpecFix } from '../diagnose/fixes.ts';
import { findings } from '../diagnose/registry.ts';
import type { Analysis } from '../graph/typed.ts';
import { ProblemError } from '../schema/problem.ts';
import { applyChanges, applyEdit } from '../spec/edit.ts';

/** Throws ProblemError where the edit cannot be made. */
export function withFix(text: string, { edit }: SpecFix): string {
  const edited = applyEdit(text, edit);
  if ('problem' in edited) throw new ProblemError('edit/refused', edited.problem);
  return applyChanges(text, edited.changes);
}

/** The best first. */
export const fixesOf = ({ code, layer }: Finding, analysis: Analysis): readonly SpecFix[] =>
  (findings as readonly FindingDefinition[])
    .find((rule) => rule.code === code)
    ?.fixes?.({ analysis }, layer) ?? [];
