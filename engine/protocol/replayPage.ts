/** A page that replays a run in any browser: what it is made of. `dist/picture.cjs` makes it, as it makes pictures. */
import type { EventOfKind, TrainingEvent } from './events.ts';

export interface ReplaySource {
  /** The network's. */
  readonly name: string;
  /** The spec as it was run. */
  readonly text: string;
  /** The statistics of at most `most` readings, and how many readings there were before some were left out. */
  readonly recording: { readonly seen: number; readings(most: number): Iterable<EventOfKind<'stats'>> };
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
  page(source: ReplaySource, player: ReplayPlayer): Promise<string | undefined>;
}
