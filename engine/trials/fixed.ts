/** Applies a fix to a network, and combines several fixes into one. */
import { type SpecFix, together } from '../diagnose/fixes.ts';
import { ProblemError } from '../schema/problem.ts';
import { applyChanges, applyEdit } from '../spec/edit.ts';

/** Throws ProblemError if the edit cannot be made. */
export function withFix(text: string, { edit }: SpecFix): string {
  const edited = applyEdit(text, edit);
  if ('problem' in edited) throw new ProblemError('edit/refused', edited.problem);
  return applyChanges(text, edited.changes);
}

/** One edit with all of them, each made on the result of the one before. */
export const allOf = (fixes: readonly SpecFix[]): SpecFix =>
  fixes.length === 1
    ? fixes[0]
    : {
        title: fixes.map(({ title }) => title).join('; '),
        edit: together(fixes.map(({ edit }) => edit)),
      };
