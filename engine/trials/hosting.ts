/** Runs courses as parts of a job: on its backend, within its memory limit, and with progress reports. */
import type { Job } from '../protocol/training.ts';
import type { JobHost } from '../train/job.ts';
import { defaultMemoryLimit } from '../train/open.ts';
import type { CourseHost } from './course.ts';

export interface CourseSetting {
  /** `doing`: the text that is shown during the course, which has at most this many steps. */
  host(doing: string, steps: number): CourseHost;
}

export const courseSetting = (
  { folder, limits, seed, threads = 1, memoryLimit = defaultMemoryLimit }: Job,
  host: JobHost,
): CourseSetting => ({
  host: (doing, steps) => ({
    now: host.now,
    yield: host.yield,
    folder,
    memoryLimit,
    seed,
    limits,
    openBackend: (planBytes) => host.openBackend(threads, planBytes),
    onStep: (step) => host.emit({ event: 'progress', doing, step, steps }),
  }),
});
