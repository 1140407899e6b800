/** Trains a network to the end, and returns the findings that the run reports. */
import type { Finding, NetworkSample } from '../../engine/diagnose/define.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { TrainingFailure, train } from '../../engine/train/loop.ts';
import { type OpenContext, openTraining } from '../../engine/train/open.ts';
import type { Clock } from '../../engine/train/pace.ts';
import { load } from './wasmHarness.ts';

/** A sample of a rule as the text of a network. */
export const textOf = (sample: NetworkSample): string => JSON.stringify({ format: 1, ...sample });

/** A clock that does not advance: only what the diagnosis needs is measured. */
const still: Clock = { now: () => 0 };

export async function runOf(
  text: string,
  context: Partial<OpenContext> = {},
  clock = still,
): Promise<readonly TrainingEvent[]> {
  const backend = load('plain');
  const { training } = await openTraining(text, { folder: '.', ...context }, backend);
  const events: TrainingEvent[] = [];
  try {
    for await (const event of train(training, { ...clock, yield: () => Promise.resolve() }))
      events.push(event);
  } catch (error) {
    if (!(error instanceof TrainingFailure)) throw error;
  } finally {
    backend.dispose?.();
  }
  return events;
}

export async function findingsOf(
  text: string,
  context?: Partial<OpenContext>,
  clock?: Clock,
): Promise<readonly Finding[]> {
  const events = await runOf(text, context, clock);
  return events.flatMap((event) => (event.event === 'finding' ? [event] : []));
}
