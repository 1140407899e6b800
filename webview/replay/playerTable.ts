/** A table of all layers with their statistics at one reading. */
import * as l10n from '@vscode/l10n';
import { type ReplayData, shown } from './data.ts';
import { make } from './elements.ts';

export class PlayerTable {
  readonly #data: ReplayData;
  /** By layer: a cell for its state, and one for each statistic. */
  readonly #cells: readonly (readonly HTMLTableCellElement[])[];

  constructor(box: HTMLElement, data: ReplayData) {
    this.#data = data;
    const { statistics, layers } = data;
    const head = make(
      'tr',
      {},
      ...[l10n.t('Layer'), l10n.t('Kind'), l10n.t('State')].map((title) =>
        make('th', { scope: 'col', textContent: title }),
      ),
      ...statistics.map(({ label, name, meaning }) =>
        make('th', { scope: 'col', className: 'number', textContent: label, title: `${name}. ${meaning}` }),
      ),
    );
    this.#cells = layers.map(() => [
      make('td'),
      ...statistics.map(() => make('td', { className: 'number' })),
    ]);
    const rows = layers.map(({ name, kind }, index) =>
      make(
        'tr',
        {},
        make('th', { scope: 'row', textContent: name, title: name }),
        make('td', { textContent: kind }),
        ...this.#cells[index],
      ),
    );
    const caption = make('caption', { textContent: l10n.t('Statistics of each layer') });
    box.append(make('table', {}, caption, make('thead', {}, head), make('tbody', {}, ...rows)));
  }

  show(index: number): void {
    const { layers } = this.#data.readings[index];
    for (const [layer, [state, ...cells]] of this.#cells.entries()) {
      const [health = -1, ...texts] = layers[layer] ?? [];
      state.textContent = health < 0 ? '' : this.#data.healths[health].label;
      for (const [statistic, cell] of cells.entries()) {
        const { text, tone } = shown(texts[statistic] ?? '');
        cell.textContent = text;
        cell.className = `number ${tone ?? ''}`;
      }
    }
  }
}
