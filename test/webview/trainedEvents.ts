/** Events of real trainings and trials, for pages that show them. */
import { expect } from 'vitest';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import type { EventKind, EventOfKind, TrainingEvent } from '../../engine/protocol/events.ts';
import type { Job } from '../../engine/protocol/training.ts';
import { type JobHost, runJob } from '../../engine/train/job.ts';

/** The events of a job whose every step is measured in detail. */
export async function ran(
  job: (job: Job, host: JobHost) => Promise<{ readonly reason: string }>,
  asked: Omit<Job, 'folder'>,
): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  const end = await job(
    { ...asked, folder: '.' },
    {
      openBackend: () => referenceBackend,
      now: () => 0,
      yield: async () => {},
      emit: (event) => events.push(event),
      probes: () => true,
    },
  );
  expect(end).toMatchObject({ reason: 'finished' });
  return events;
}

export const trained = (text: string) => ran(runJob, { task: 'train', text });

export function only<K extends EventKind>(kind: K, events: readonly TrainingEvent[]): EventOfKind<K> {
  const found = events.find((event): event is EventOfKind<K> => event.event === kind);
  if (!found) throw new Error(`no ${kind}`);
  return found;
}
