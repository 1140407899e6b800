/** The picture of the network on the page: fills in the statistics and marks of one reading. Its cards are buttons that choose a layer. */
import * as l10n from '@vscode/l10n';
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
  readonly #lines: readonly Element[];
  readonly #heads: readonly Element[];
  /** What the lines say, for a pointer on them. */
  readonly #titles: readonly Element[];
  readonly #box: HTMLElement;
  readonly #covers: readonly SVGElement[];

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
    this.#lines = all('.connection');
    this.#heads = all('.connection-head');
    this.#titles = this.#lines.map((line) =>
      line.appendChild(document.createElementNS(line.namespaceURI, 'title')),
    );
    this.#box = box;
    this.#covers = [...box.querySelectorAll<SVGElement>('.cover')];
  }

  /** Makes buttons of the cards of these layers. */
  offer(layers: readonly number[], choose: (layer: number) => void): void {
    if (layers.length === 0) return;
    // An image has no buttons.
    this.#box.setAttribute('role', 'group');
    for (const cover of this.#covers) {
      const layer = layerOf(cover);
      if (!layers.includes(layer)) continue;
      cover.setAttribute('role', 'button');
      cover.setAttribute('tabindex', '0');
      cover.setAttribute('aria-pressed', 'false');
      cover.setAttribute('aria-label', l10n.t('{0} in detail', this.#data.layers[layer].name));
      cover.addEventListener('click', () => choose(layer));
      cover.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        choose(layer);
      });
    }
  }

  /** Marks the card of the layer that is shown in detail. */
  mark(layer: number): void {
    for (const cover of this.#covers)
      if (cover.hasAttribute('aria-pressed'))
        cover.setAttribute('aria-pressed', String(layerOf(cover) === layer));
  }

  show(index: number): void {
    const { layers, lines } = this.#data.readings[index];
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
    for (const [place, line] of this.#lines.entries()) {
      const { width, stroke, dashes, meaning } = this.#data.lines[lines[this.#data.sources[place]]];
      this.#titles[place].textContent = meaning ?? '';
      line.setAttribute('stroke-width', String(width));
      line.setAttribute('stroke', stroke);
      line.setAttribute('stroke-dasharray', dashes || 'none');
      this.#heads[place].setAttribute('fill', stroke);
    }
  }
}

const layerOf = (element: Element): number => Number(element.getAttribute('data-layer'));

const standingAt = (statistics: readonly ReplayStatistic[], place: string | null): number[] =>
  statistics.flatMap(({ card }, index) => (card === place ? [index] : []));
