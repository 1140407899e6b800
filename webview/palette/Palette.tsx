/** All layer types by category. Drag one onto the canvas or a connection, or choose it to add it after the selection. */
import * as l10n from '@vscode/l10n';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { LayerDefinition } from '../../engine/layers/define.ts';
import { Icon } from '../controls/Icon.tsx';
import { IconButton } from '../controls/IconButton.tsx';
import { afterOpening } from '../controls/onDemand.tsx';
import { useOneTabStop } from '../controls/useOneTabStop.ts';
import { isEditable, useEditor } from '../model/editor.ts';
import type { Place } from '../model/gestures.ts';
import { search, searchableKind } from '../model/layerSearch.ts';
import { useOverlay } from '../model/overlay.ts';
import { usePanels } from '../model/panels.ts';
import { add, pickNewLayer } from '../overlay/pickers.ts';
import { type CategoryGroup, categoryColour, paletteGroups } from '../theme/categories.ts';
import { startPaletteDrag } from './drag.ts';

/** It is beside the palette and takes no space in it. */
const KindCard = afterOpening(
  () => import('./KindCard.tsx'),
  ({ KindCard }) => KindCard,
  '',
);

export function Palette({ narrow }: { readonly narrow: boolean }) {
  const open = usePanels((panels) => panels.paletteOpen) && !narrow;
  return (
    <section className={`palette ${open ? 'open' : 'rail'}`} aria-label={l10n.t('Layers')}>
      {open ? <FullPalette /> : <Rail narrow={narrow} />}
    </section>
  );
}

/** The entries of the palette that can be chosen. */
const items = '.palette-item:enabled';

function FullPalette() {
  const editable = useEditor(isEditable);
  const [query, setQuery] = useState('');
  const list = useRef<HTMLDivElement>(null);
  useOneTabStop(list, items);
  const groups = paletteGroups(useKinds())
    .map((group) => ({
      ...group,
      layers: search(group.layers, query, (layer) => searchableKind(layer, group.label)),
    }))
    .filter(({ layers }) => layers.length > 0);
  const [first] = search(
    groups.flatMap(({ label, layers }) => layers.map((layer) => ({ layer, label }))),
    query,
    ({ layer, label }) => searchableKind(layer, label),
  );
  return (
    <>
      <header className="panel-header">
        <h2>{l10n.t('Layers')}</h2>
        <IconButton
          icon="layout-sidebar-left"
          title={l10n.t('Collapse')}
          onClick={() => usePanels.setState({ paletteOpen: false })}
        />
      </header>
      <div className="search">
        <Icon name="search" />
        <input
          className="field"
          type="search"
          placeholder={l10n.t('Search')}
          aria-label={l10n.t('Search layers')}
          value={query}
          onChange={({ target }) => setQuery(target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && first && query !== '') addAfterSelection(first.layer.type);
            if (event.key === 'Escape') setQuery('');
            if (event.key === 'ArrowDown') list.current?.querySelector<HTMLElement>(items)?.focus();
          }}
        />
      </div>
      <div
        ref={list}
        className="palette-groups"
        role="toolbar"
        aria-orientation="vertical"
        aria-label={l10n.t('Kinds of layers')}
        tabIndex={editable ? undefined : 0}
      >
        {groups.map((group) => (
          <section key={group.category} aria-label={group.label}>
            <h3>{group.label}</h3>
            <Items layers={group.layers} />
          </section>
        ))}
        {groups.length === 0 && <p className="muted">{l10n.t('There is no layer with this name.')}</p>}
      </div>
    </>
  );
}

/** With the blocks of the network in view and, inside a block, the kinds that only blocks contain. */
const useKinds = (): Iterable<LayerDefinition> | undefined =>
  useEditor(({ view }) => view?.analysis.spec.kinds);

/** One icon for each category, whose layers open beside it, and one that searches in all. */
function Rail({ narrow }: { readonly narrow: boolean }) {
  const editable = useEditor(isEditable);
  const [opened, setOpened] = useState<string>();
  const rail = useRef<HTMLDivElement>(null);
  useOneTabStop(rail, '.rail-button');
  const groups = paletteGroups(useKinds());
  const group = groups.find(({ category }) => category === opened);
  return (
    <>
      {!narrow && (
        <IconButton
          icon="layout-sidebar-left-off"
          title={l10n.t('Show all layers')}
          onClick={() => usePanels.setState({ paletteOpen: true })}
        />
      )}
      <IconButton
        icon="search"
        title={l10n.t('Search layers')}
        disabled={!editable}
        onClick={({ currentTarget }) => {
          const { right, top } = currentTarget.getBoundingClientRect();
          pickNewLayer(afterSelection(), { x: right + ends, y: top });
        }}
      />
      <div
        ref={rail}
        className="rail-buttons"
        role="toolbar"
        aria-orientation="vertical"
        aria-label={l10n.t('Kinds of layers')}
      >
        {groups.map(({ category, label, icon }) => (
          <button
            key={category}
            type="button"
            className="icon-button rail-button"
            title={label}
            aria-label={label}
            aria-expanded={opened === category}
            onClick={() => setOpened(opened === category ? undefined : category)}
          >
            <Icon name={icon} colour={categoryColour(category)} className="rail-icon" />
          </button>
        ))}
      </div>
      {group && <Flyout group={group} onClose={() => setOpened(undefined)} />}
    </>
  );
}

/** Distance of the list from the ends of the palette, in pixels. */
const ends = 6;

/** Beside its icon, as far as there is room. */
function Flyout({ group, onClose }: { readonly group: CategoryGroup; onClose(): void }) {
  const list = useRef<HTMLDivElement>(null);
  useOneTabStop(list, items);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another group has another icon and another height.
  useLayoutEffect(() => {
    const { current } = list;
    const icon = current?.parentElement?.querySelector<HTMLElement>('[aria-expanded="true"]');
    if (!current?.parentElement || !icon) return;
    const lowest = current.parentElement.clientHeight - current.offsetHeight - ends;
    current.style.top = `${Math.max(ends, Math.min(icon.offsetTop, lowest))}px`;
    current.querySelector('button')?.focus();
  }, [group.category]);
  const dragging = useOverlay((overlay) => overlay.drag !== undefined);
  const dragged = useRef(false);
  // When the drag ends, the group closes.
  useEffect(() => {
    if (dragged.current && !dragging) onClose();
    dragged.current = dragging;
  }, [dragging, onClose]);
  useEffect(() => {
    const close = (event: PointerEvent) => {
      if (!(event.target instanceof Element && event.target.closest('.palette'))) onClose();
    };
    window.addEventListener('pointerdown', close);
    return () => window.removeEventListener('pointerdown', close);
  }, [onClose]);
  return (
    <div
      ref={list}
      className={`flyout ${dragging ? 'dragging' : ''}`}
      role="toolbar"
      aria-orientation="vertical"
      aria-label={group.label}
      onKeyDown={({ key, currentTarget }) => {
        if (key !== 'Escape') return;
        currentTarget.parentElement?.querySelector<HTMLElement>('[aria-expanded="true"]')?.focus();
        onClose();
      }}
    >
      <h3>{group.label}</h3>
      <Items layers={group.layers} />
    </div>
  );
}

const afterSelection = (): Place => ({ place: 'after', layers: useEditor.getState().selection });

const addAfterSelection = (type: string) => void add(type, afterSelection());

function Items({ layers }: { readonly layers: readonly LayerDefinition[] }) {
  const editable = useEditor(isEditable);
  return (
    <ul className="palette-items">
      {layers.map((definition) => (
        <Item key={definition.type} definition={definition} disabled={!editable} />
      ))}
    </ul>
  );
}

/** How long the pointer rests on an entry before its explanation appears, in milliseconds. */
const patience = 400;

function Item({
  definition,
  disabled,
}: {
  readonly definition: LayerDefinition;
  readonly disabled: boolean;
}) {
  const { type, label, icon, category } = definition;
  const cardId = useId();
  const [anchor, setAnchor] = useState<HTMLElement>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const hide = () => {
    clearTimeout(timer.current);
    setAnchor(undefined);
  };
  const showSoon = ({ currentTarget }: { readonly currentTarget: HTMLElement }) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAnchor(currentTarget), patience);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <li>
      <button
        type="button"
        className="palette-item"
        data-layer-type={type}
        disabled={disabled}
        aria-describedby={anchor ? cardId : undefined}
        onPointerEnter={showSoon}
        onPointerLeave={hide}
        onFocus={({ currentTarget }) => {
          if (currentTarget.matches(':focus-visible')) showSoon({ currentTarget });
        }}
        onBlur={hide}
        onPointerDown={(event) => {
          hide();
          startPaletteDrag(event, type);
        }}
        onClick={() => addAfterSelection(type)}
      >
        <Icon name={icon} colour={categoryColour(category)} />
        <span>{label}</span>
      </button>
      {anchor && <KindCard id={cardId} definition={definition} anchor={anchor} />}
    </li>
  );
}
