/** The parts of a page that replays a run in any browser. `dist/picture.cjs` creates it, as it creates pictures. */
import type { EventOfKind, TrainingEvent } from './events.ts';

export interface ReplaySource {
  /** The network's. */
  readonly name: string;
  /** The spec with which the run was started. */
  readonly text: string;
  /** The statistics of at most `most` readings, how many readings there were before some were left out, and at most `most` details. */
  readonly recording: {
    readonly seen: number;
    readings(most: number): Iterable<EventOfKind<'stats'>>;
    details(most: number): Iterable<EventOfKind<'detail'>>;
  };
  /** The other events of the run: its plan, its curves, its findings. */
  readonly events: readonly TrainingEvent[];
  /** Translations of the page's texts, by their English ones. */
  readonly translations?: { readonly [message: string]: string };
}

/** The contents of `dist/replay.js` and `dist/replay.css`. */
export interface ReplayPlayer {
  readonly script: string;
  readonly style: string;
  /** SHA-256 of a text, in Base64: the page allows its own script and no other. */
  hash(content: string): string;
}

/** The export `replays` of `dist/picture.cjs`. */
export interface ReplayPages {
  /** A whole page. Undefined for a text that is not a network. */
  page(source: ReplaySource, player: ReplayPlayer): Promise<string | undefined>;
}
