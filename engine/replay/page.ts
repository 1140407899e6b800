/** A page that replays a run in any browser. The bundle that draws pictures makes it, from a recording and the script that plays it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TrainingEvent } from '../protocol/events.ts';
import { readEvents, readSpec } from '../runs/reader.ts';
import { Recording } from './recording.ts';

export interface ReplaySource {
  /** The network's. */
  readonly name: string;
  /** The spec as it was run. */
  readonly text: string;
  readonly recording: Recording;
  /** The other events of the run: its plan, its curves, its findings. */
  readonly events: readonly TrainingEvent[];
  /** Translations of the page's texts, by their English ones. */
  readonly translations?: { readonly [message: string]: string };
}

/** What `dist/replay.js` and `dist/replay.css` hold. */
export interface ReplayPlayer {
  readonly script: string;
  readonly style: string;
  /** SHA-256 of a text, in Base64: the page allows its own script and no other. */
  hash(content: string): string;
}

/** What `dist/picture.cjs` exports as `replays`. */
export interface ReplayPages {
  /** A whole page. Nothing for a text that cannot be read as a network. */
  page(source: ReplaySource, player: ReplayPlayer): string | undefined;
}

/** `dist` is the folder of the bundles. Throws the system's error. */
export async function replayPage(dist: string, source: ReplaySource): Promise<string | undefined> {
  const { replays } = (await import(pathToFileURL(join(dist, 'picture.cjs')).href)) as {
    readonly replays: ReplayPages;
  };
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
    if (event.event === 'stats') recording.add(event);
    else if (event.event !== 'detail') events.push(event);
  return { name, text, recording, events };
}
