/**
 * Events as text, one JSON object per line: in the run log, from `netloom --json`, and to the graph editor. JSON has no NaN and no
 * infinity, which a run that diverges does report: they are written as "NaN", "Infinity" and "-Infinity". A log comes with its
 * folder, perhaps from a stranger. So every field is checked and copied, and views get numbers and strings where they expect them.
 */
import { object, oneOf } from '../schema/reader.ts';
import { type EventKind, eventKinds, type TrainingEvent, trainingEvent } from './events.ts';

/** Without the end of the line. */
export const writeEvent = (event: TrainingEvent): string =>
  JSON.stringify(eventKinds[event.event].line?.write(event) ?? event, (_, value) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );

const kind = oneOf(...(Object.keys(eventKinds) as EventKind[]));

/** Undefined for a line that is incomplete or that no run writes. */
export function readEvent(line: string): TrainingEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const given = eventKinds[kind(object(value).event)].line?.read(value) ?? value;
    return trainingEvent(given);
  } catch {
    return undefined;
  }
}
