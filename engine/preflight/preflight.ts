/** Runs pre-flight checks of a network one after another and reports each. */

import type { End, Job } from '../protocol/training.ts';
import { ProblemError } from '../schema/problem.ts';
import { type JobHost, reportEnd } from '../train/job.ts';
import { defaultMemoryLimit, modelOf, openData } from '../train/open.ts';
import type { PreflightCheck, Verdict } from './define.ts';
import { preflightChecks } from './registry.ts';
import { Subject } from './subject.ts';

/** A network that cannot be trained at all ends this as "failed"; one that fails a check does not. Writes no file. */
export const preflight = (job: Job, host: JobHost): Promise<End> =>
  reportEnd(host, async () => {
    const { text, folder, seed, threads = 1, memoryLimit = defaultMemoryLimit, checks } = job;
    const changes = seed === undefined ? {} : { seed };
    const data = await openData(text, { folder, changes, memoryLimit });
    // What does not fit its data fails no check: none can be run.
    modelOf(data.network, data.dataset, {});
    const subject = new Subject(data, {
      openBackend: (planBytes) => host.openBackend(threads, planBytes),
      memoryLimit,
    });
    for (const check of preflightChecks) {
      if (checks && !checks.includes(check.key)) continue;
      host.emit({ event: 'check', check: check.key, ...(await verdictOf(check, subject)) });
      await host.yield();
    }
    return { event: 'end', reason: 'finished', step: 0 };
  });

/** A step with numbers that are not finite is a failure like any other. */
async function verdictOf(check: PreflightCheck, subject: Subject): Promise<Verdict> {
  try {
    return await check.run(subject);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { outcome: 'failed', message: error.message, path: error.place };
  }
}
