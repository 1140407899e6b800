/** A layer in detail on the page: histograms, pictures, gates and channels as they were last measured until the reading. */
import * as l10n from '@vscode/l10n';
import { countText } from '../../engine/schema/text.ts';
import type { ReplayData } from './data.ts';
import { type Drawing, drawingOf } from './drawings.ts';
import { make } from './elements.ts';

export class PlayerDetails {
  readonly #data: ReplayData;
  readonly #choice = make('select', { ariaLabel: l10n.t('Layer') });
  readonly #when = make('span', { className: 'when' });
  readonly #drawings = make('div', { className: 'drawings' });
  /** The layers that were measured in detail, by their indices. */
  readonly layers: readonly number[];
  readonly #onChange: (layer: number) => void;
  #index = 0;
  /** What is drawn now. */
  #shown: { readonly layer: number; readonly detail: number } | undefined;

  /** `onChange` is called when another layer is chosen. */
  constructor(box: HTMLElement, data: ReplayData, onChange: (layer: number) => void) {
    this.#data = data;
    this.#onChange = onChange;
    const detailed = data.layers.flatMap((layer, index) =>
      data.details.some(({ layers }) => layers[index]) ? [{ ...layer, index }] : [],
    );
    this.layers = detailed.map(({ index }) => index);
    if (detailed.length === 0) return;
    for (const { name, kind, index } of detailed)
      this.#choice.append(make('option', { value: String(index), textContent: `${name} · ${kind}` }));
    this.#choice.addEventListener('change', () => this.choose(this.chosen));
    const head = make(
      'div',
      { className: 'details-head' },
      make('h2', { textContent: l10n.t('In detail') }),
      this.#choice,
      this.#when,
    );
    box.append(head, this.#drawings);
    this.#choice.value = String(this.#richest(this.layers));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#shown = undefined;
      this.show(this.#index);
    });
  }

  /** The layer that is shown. */
  get chosen(): number {
    return Number(this.#choice.value);
  }

  /** Shows one of `layers`. */
  choose(layer: number): void {
    this.#choice.value = String(layer);
    this.#onChange(layer);
    this.show(this.#index);
  }

  show(index: number): void {
    this.#index = index;
    const { readings, details, drawings } = this.#data;
    const layer = this.chosen;
    const detail = details.findLastIndex(({ step }) => step <= readings[index].step);
    if (this.#shown?.layer === layer && this.#shown.detail === detail) return;
    this.#shown = { layer, detail };
    const values = details[detail]?.layers[layer] ?? [];
    this.#when.textContent =
      values.length === 0
        ? l10n.t('Nothing was measured in detail until this step.')
        : l10n.t('measured at step {0}', countText(details[detail].step));
    this.#drawings.replaceChildren();
    for (const [which, value] of values) {
      // On the axes of all steps, so that nothing moves but the values.
      const all = details.flatMap(({ layers }) =>
        (layers[layer] ?? []).flatMap(([other, one]) => (other === which ? [one] : [])),
      );
      const drawing: Drawing = drawingOf(drawings[which], value, all);
      const title = make('figcaption', {}, make('strong', { textContent: drawings[which].name }));
      if (drawing.note) title.append(make('span', { textContent: drawing.note }));
      const figure = make('figure', { title: drawings[which].meaning }, title, ...drawing.parts);
      this.#drawings.append(figure);
      drawing.draw?.();
    }
  }

  /** The first of the layers that have most drawings. */
  #richest(layers: readonly number[]): number {
    const newest = this.#data.details.at(-1)!;
    const drawn = (layer: number) => newest.layers[layer]?.length ?? 0;
    return layers.reduce((best, layer) => (drawn(layer) > drawn(best) ? layer : best));
  }
}
