/**
 * Which statistics of a layer matter most: those that a finding is about, and those out of their limits. They come first where the statistics of a layer are in a
 * row. The order changes only when a limit is crossed, and goes back only after a whole epoch within the limit, so that a number near its limit does
 * not make the others jump.
 */
import type { NetworkStats, Tone } from './define.ts';
import { statsBadges } from './format.ts';

/** The least comes first. Equal ones stay in the order of the registry. */
export type Rank = (key: string) => number;

/** What a finding says about a statistic of a layer. */
interface Found {
  readonly layer?: string | undefined;
  readonly statistic?: string | undefined;
  readonly severity: string;
}

const ranks: { readonly [name: string]: number } = { bad: 0, error: 0, warn: 1, warning: 1 };
const usual = 2;

const keyOf = (layer: string, statistic: string): string => `${layer}\n${statistic}`;

/** Follows the readings of one run. */
export class Ranking {
  /** For each statistic of each layer, the last step at which it had a tone that is out of its limits. */
  readonly #last = new Map<string, { [T in Tone]?: number }>();
  #found = new Map<string, number>();
  #step = -1;
  #epoch = 0;

  note(
    { step, layers }: { readonly step: number; readonly layers: NetworkStats },
    stepsPerEpoch: number,
    findings: readonly Found[],
  ): void {
    // A reading can be noted more than once.
    const isNew = step !== this.#step;
    this.#step = step;
    this.#epoch = stepsPerEpoch;
    for (const [layer, stats] of isNew ? Object.entries(layers) : [])
      for (const { key, tone } of statsBadges(stats)) {
        if (tone === undefined || tone === 'good') continue;
        const last = this.#last.get(keyOf(layer, key)) ?? {};
        this.#last.set(keyOf(layer, key), { ...last, [tone]: step });
      }
    this.#found = new Map();
    for (const { layer, statistic, severity } of findings) {
      if (layer === undefined || statistic === undefined) continue;
      const key = keyOf(layer, statistic);
      this.#found.set(key, Math.min(this.#found.get(key) ?? usual, ranks[severity] ?? usual));
    }
  }

  rankOf(layer: string): Rank {
    return (statistic) => {
      const key = keyOf(layer, statistic);
      const tones = Object.entries(this.#last.get(key) ?? {})
        .filter(([, step]) => this.#step - step <= this.#epoch)
        .map(([tone]) => ranks[tone]);
      return Math.min(usual, this.#found.get(key) ?? usual, ...tones);
    };
  }
}
