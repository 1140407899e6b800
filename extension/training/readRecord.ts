/** The record of a run on disk: what its log has of it, within the same bounds as that of a run of this window. */
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { Recording } from '../../engine/replay/recording.ts';
import { type RunSummary, readEvents, readSpec } from '../../engine/runs/reader.ts';
import { RunRecord } from './runRecord.ts';

/** Undefined for a run that planned nothing, or whose spec is gone. Throws ProblemError. */
export async function readRecord({ folder, heard, state }: RunSummary): Promise<RunRecord | undefined> {
  const text = await readSpec(folder);
  if (text === undefined) return undefined;
  const readLog = async (from: string) => Recording.from(readEvents(from));
  const record = new RunRecord(text, { earlier: heard, cutOff: state === 'cut off', readLog, folder });
  let stats: TrainingEvent | undefined;
  for await (const event of readEvents(folder))
    if (event.event === 'stats') stats = event;
    else record.add(event);
  if (stats) record.add(stats);
  return record.last('plan') ? record : undefined;
}
