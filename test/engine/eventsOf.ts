/** All events of a training that measures every step. */
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { runJob } from '../../engine/train/job.ts';

/** `sample`: the sample for details that the job names, and `chosen` the one that is chosen meanwhile. */
export async function eventsOf(
  text: string,
  {
    sample,
    chosen,
  }: { readonly sample?: number | undefined; readonly chosen?: (() => number) | undefined } = {},
): Promise<readonly TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  await runJob(
    { task: 'train', text, folder: '.', ...(sample === undefined ? {} : { sample }) },
    {
      openBackend: () => referenceBackend,
      now: () => 0,
      yield: async () => {},
      emit: (event) => events.push(event),
      probes: () => true,
      ...(chosen ? { sample: chosen } : {}),
    },
  );
  return events;
}
