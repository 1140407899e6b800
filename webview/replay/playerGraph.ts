/** The picture of the network on the page: fills in the statistics and marks of one reading. */
import { type ReplayData, type ReplayStatistic, shown } from './data.ts';

/** A place for a statistic on a card. */
interface Badge {
  readonly layer: number;
  readonly label: Element;
  readonly value: Element;
  /** Indices of the statistics that may be shown there, the first one first. */
  readonly candidates: readonly number[];
}

export class PlayerGraph {
  readonly #data: ReplayData;
  readonly #badges: readonly Badge[];
  readonly #marks: readonly Element[];
  readonly #grounds: readonly Element[];

  constructor(box: HTMLElement, data: ReplayData) {
    this.#data = data;
    const all = (selector: string) => [...box.querySelectorAll(selector)];
    const values = all('.badge-value');
    this.#badges = all('.badge-label').map((label, index) => ({
      layer: layerOf(label),
      label,
      value: values[index],
      candidates: standingAt(data.statistics, label.getAttribute('data-place')),
    }));
    this.#marks = all('.mark');
    this.#grounds = all('.mark-ground');
  }

  show(index: number): void {
    const { layers } = this.#data.readings[index];
    for (const { layer, label, value, candidates } of this.#badges) {
      const reading = layers[layer];
      const chosen = reading ? candidates.find((one) => reading[one + 1] !== '') : undefined;
      const { text, tone } = shown(chosen === undefined ? '' : String(reading![chosen + 1]));
      label.textContent = chosen === undefined ? '' : this.#data.statistics[chosen].label;
      value.textContent = text;
      value.setAttribute('fill', `var(--${tone ?? 'text'})`);
      value.setAttribute('font-weight', tone ? '600' : '400');
    }
    for (const [place, mark] of this.#marks.entries()) {
      const health = layers[layerOf(mark)]?.[0] ?? -1;
      mark.setAttribute('fill', health < 0 ? 'none' : `url(#${this.#data.healths[health].pattern})`);
      this.#grounds[place].setAttribute('fill', health < 0 ? 'none' : 'var(--background)');
    }
  }
}

const layerOf = (element: Element): number => Number(element.getAttribute('data-layer'));

const standingAt = (statistics: readonly ReplayStatistic[], place: string | null): number[] =>
  statistics.flatMap(({ card }, index) => (card === place ? [index] : []));
