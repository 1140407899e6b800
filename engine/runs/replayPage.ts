/** Creates a page that replays a run, from a run on disk or from a recording. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { TrainingEvent } from '../protocol/events.ts';
import type { ReplayPages, ReplaySource } from '../protocol/replayPage.ts';
import { Recording } from '../replay/recording.ts';
import { readEvents, readSpec } from './reader.ts';

/** `dist` is the folder of the bundles. Throws the system's error. */
export async function replayPage(dist: string, source: ReplaySource): Promise<string | undefined> {
  const bundle = resolve(dist, 'picture.cjs');
  // Code that the host compiled itself cannot use `import`.
  const { replays } = createRequire(bundle)(bundle) as { readonly replays: ReplayPages };
  const [script, style] = await Promise.all(
    ['replay.js', 'replay.css'].map((file) => readFile(join(dist, file), 'utf8')),
  );
  const hash = (content: string) => createHash('sha256').update(content).digest('base64');
  return replays.page(source, { script, style, hash });
}

/** A run on disk, to replay. Undefined if there is none in this folder. Throws ProblemError. */
export async function replaySource(folder: string, name: string): Promise<ReplaySource | undefined> {
  const text = await readSpec(folder);
  if (text === undefined) return undefined;
  const recording = new Recording();
  const events: TrainingEvent[] = [];
  for await (const event of readEvents(folder))
    if (event.event === 'stats' || event.event === 'detail') recording.add(event);
    else events.push(event);
  return { name, text, recording, events };
}
