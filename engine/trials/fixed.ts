/** Networks with a fix made. */
import type { SpecFix } from '../diagnose/fixes.ts';
import { ProblemError } from '../schema/problem.ts';
import { applyChanges, applyEdit } from '../spec/edit.ts';

/** Throws ProblemError where the edit cannot be made. */
export function withFix(text: string, { edit }: SpecFix): string {
  const edited = applyEdit(text, edit);
  if ('problem' in edited) throw new ProblemError('edit/refused', edited.problem);
  return applyChanges(text, edited.changes);
}
