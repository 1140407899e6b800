/** Checks by the diagnosis: its findings in the data and in the first steps, without further training. */
import * as l10n from '@vscode/l10n';
import type { Finding } from '../diagnose/define.ts';
import { type FindingCode, findings } from '../diagnose/registry.ts';
import { stepsOfFirstLoss } from '../diagnose/rules/initialLoss.ts';
import { definePreflightCheck, type PreflightCheck } from './define.ts';
import { runSteps, type Subject } from './subject.ts';

/** Passed unless there is a finding with this code. */
export function findingCheck(key: string, title: string, code: FindingCode): PreflightCheck {
  const { doc } = findings.find((finding) => finding.code === code)!;
  return definePreflightCheck({
    key,
    title,
    doc: `Failed when the diagnosis finds \`${code}\` in the data or in the first steps.\n\n${doc}`,
    async run(subject) {
      const found = (await firstLook(subject)).find((finding) => finding.code === code);
      return found
        ? { outcome: 'failed', message: found.message, path: found.path }
        : { outcome: 'passed', message: l10n.t('The diagnosis found no problem of this kind.') };
    },
  });
}

const known = new WeakMap<Subject, Promise<readonly Finding[]>>();

/** The findings in the steps that the diagnosis calls the start of a run. Several checks use them, so they are computed once. */
function firstLook(subject: Subject): Promise<readonly Finding[]> {
  const running =
    known.get(subject) ??
    subject.train({}, (training) => {
      const { diagnosis } = training;
      const enough = stepsOfFirstLoss(diagnosis.look);
      // The diagnosis looks at some steps only: at one of them, or after it, it judges the first loss.
      for (let looked = 0; looked < enough; ) {
        if (training.nextIsLook) looked = training.stepNumber + 1;
        runSteps(training, 1);
      }
      const found: Finding[] = [];
      for (let next = diagnosis.take(); next; next = diagnosis.take()) found.push(next);
      return found;
    });
  known.set(subject, running);
  return running;
}
