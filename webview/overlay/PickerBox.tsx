/** A box to search and choose in, like VS Code's Quick Pick. */
import * as l10n from '@vscode/l10n';
import { useEffect, useId, useRef, useState } from 'react';
import { Icon } from '../controls/Icon.tsx';
import { canvasControls } from '../model/canvasControls.ts';
import { search } from '../model/layerSearch.ts';
import { type Picker, type PickerItem, useOverlay } from '../model/overlay.ts';
import { takeTypedAhead } from '../model/typedAhead.ts';

const close = () => {
  useOverlay.setState({ picker: undefined });
  canvasControls.current?.focus();
};

export function PickerBox() {
  const picker = useOverlay((overlay) => overlay.picker);
  return picker ? <OpenPicker picker={picker} /> : null;
}

const width = 340;
const height = 380;

/** Least distance from the edges of the window. */
const margin = 8;

/** Beside the pointer, but inside the window. */
function placeOf(at: Picker['at']): React.CSSProperties {
  const [roomX, roomY] = [window.innerWidth - margin, window.innerHeight - margin];
  const wanted = at ?? { x: (window.innerWidth - width) / 2, y: 48 };
  const top = Math.max(margin, Math.min(wanted.y, roomY - height));
  return {
    left: Math.max(margin, Math.min(wanted.x, roomX - width)),
    top,
    maxHeight: Math.min(height, roomY - top),
    maxWidth: roomX - margin,
  };
}

/** The matches, best first, with those that cannot be picked at the end. */
function matches({ items, fitting }: Picker, query: string): readonly PickerItem[] {
  const found = search(items, query, ({ id, label, description, search: own }) => ({
    names: [label, ...(own?.names ?? [id])],
    words: own?.words ?? [],
    description,
  }));
  const open = found.filter(({ refusal }) => refusal === undefined);
  if (fitting && query.trim() === '') return open;
  return [...open, ...found.filter(({ refusal }) => refusal !== undefined)];
}

function OpenPicker({ picker }: { readonly picker: Picker }) {
  // What was typed before the box appeared.
  const [{ text, entered }] = useState(takeTypedAhead);
  const [query, setQuery] = useState(text);
  const [active, setActive] = useState(0);
  const listId = useId();
  const found = matches(picker, query);
  const current = Math.min(active, found.length - 1);
  const choose = (item: PickerItem | undefined) => {
    if (!item || item.refusal !== undefined) return;
    close();
    picker.pick(item.id);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for an Enter that came before the box.
  useEffect(() => {
    if (entered) choose(found[0]);
  }, []);
  const keys: { readonly [key: string]: () => void } = {
    arrowdown: () => setActive((current + 1) % Math.max(1, found.length)),
    arrowup: () => setActive((current - 1 + found.length) % Math.max(1, found.length)),
    enter: () => choose(found[current]),
    escape: close,
  };
  return (
    <div
      className="overlay-backdrop"
      onPointerDown={(event) => event.target === event.currentTarget && close()}
    >
      <div className="picker" role="dialog" aria-label={picker.title} style={placeOf(picker.at)}>
        <input
          className="field"
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={found[current] ? `${listId}-${current}` : undefined}
          aria-label={picker.title}
          placeholder={picker.title}
          // biome-ignore lint/a11y/noAutofocus: the box was opened to type in.
          autoFocus
          value={query}
          onChange={({ target }) => {
            setQuery(target.value);
            setActive(0);
          }}
          onKeyDown={(event) => {
            const handler = keys[event.key.toLowerCase()];
            if (!handler) return;
            event.stopPropagation();
            event.preventDefault();
            handler();
          }}
        />
        <List id={listId} title={picker.title} found={found} current={current} onPick={choose} />
      </div>
    </div>
  );
}

/** Not with scrollIntoView, which scrolls the page too if the box is cut off. */
function scrollWithin(list: Element, row: Element): void {
  const [frame, box] = [list.getBoundingClientRect(), row.getBoundingClientRect()];
  list.scrollTop += Math.min(0, box.top - frame.top) + Math.max(0, box.bottom - frame.bottom);
}

interface ListProps {
  readonly id: string;
  readonly title: string;
  readonly found: readonly PickerItem[];
  readonly current: number;
  onPick(item: PickerItem): void;
}

function List({ id, title, found, current, onPick }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls after every move of the active row.
  useEffect(() => {
    const row = list.current?.querySelector('[aria-selected=true]');
    if (row) scrollWithin(list.current!, row);
  }, [current, found.length]);
  return (
    <div className="picker-list" role="listbox" id={id} ref={list} aria-label={title} tabIndex={-1}>
      {found.map((item, index) => (
        <Row
          key={item.id}
          id={`${id}-${index}`}
          item={item}
          active={index === current}
          onPick={() => onPick(item)}
        />
      ))}
      {found.length === 0 && <div className="picker-none">{l10n.t('Nothing matches.')}</div>}
    </div>
  );
}

interface RowProps {
  readonly id: string;
  readonly item: PickerItem;
  readonly active: boolean;
  onPick(): void;
}

function Row({ id, item, active, onPick }: RowProps) {
  const { label, description, icon, colour, refusal } = item;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the search field above handles the keys of the list.
    <div
      id={id}
      className="picker-row"
      role="option"
      tabIndex={-1}
      aria-selected={active}
      aria-disabled={refusal !== undefined}
      title={refusal}
      onClick={onPick}
    >
      <Icon name={icon} colour={colour} />
      <span className="picker-label">{label}</span>
      <span className="picker-description">{refusal ?? description}</span>
    </div>
  );
}
