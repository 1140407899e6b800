/** Everything one can do to layers, connections and the canvas: one place for keys and context menus. */
import * as l10n from '@vscode/l10n';
import { command, perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { isEditable, notify, select, useEditor } from '../model/editor.ts';
import { copyText, disconnect, duplicate, type EdgeEnd, paste, removeLayers } from '../model/gestures.ts';
import { type Held, hold, release, useHeld } from '../model/held.ts';
import type { NetworkView } from '../model/network.ts';
import { type Menu, type MenuItem, useOverlay } from '../model/overlay.ts';
import { inspectorKey, usePanels } from '../model/panels.ts';
import { pickConnection, pickNewLayer } from '../overlay/pickers.ts';
import { isNarrow } from '../theme/useNarrow.ts';

const apple = navigator.platform.startsWith('Mac');

/** "Ctrl+D", on Apple's keyboards "⌘D". */
const withCommand = (key: string): string => (apple ? `⌘${key}` : `Ctrl+${key}`);

export const editableNow = (): boolean => isEditable(useEditor.getState());

export const rename = (name: string | undefined): void => {
  if (name !== undefined && editableNow()) useOverlay.setState({ renaming: name });
};

export const remove = (names: readonly string[]): void => {
  if (names.length > 0) void perform(() => removeLayers(names));
};

/** The cards whose connections are cut stay where they are. */
export const cut = (edges: readonly EdgeEnd[]): void => {
  const { view } = useEditor.getState();
  if (!view || edges.length === 0) return;
  hold(view, edges);
  void perform(() => disconnect(edges));
};

/** With the selected layer in it; over the canvas where the editor is narrow. */
export const openInspector = (): void => usePanels.setState({ [inspectorKey(isNarrow())]: true });

/** Some card stands where a person put it, or where it was held. */
export const isArranged = (view: NetworkView | undefined, held: { readonly sources: Held }): boolean =>
  (view?.analysis.spec.layout.size ?? 0) > 0 || held.sources.size > 0;

export const copyOf = (names: readonly string[]): string => {
  const { view } = useEditor.getState();
  return view ? copyText(view, names) : '';
};

export const double = (names: readonly string[]): void => {
  void perform((view) => duplicate(view, names));
};

export const pasteText = (text: string): void => {
  void perform((view) => {
    const gesture = paste(view, text);
    if (!gesture) notify({ severity: 'info', message: l10n.t('The clipboard holds no layers.') });
    return gesture;
  });
};

export const selectAll = (): void => select(useEditor.getState().view?.layers.map(({ name }) => name) ?? []);

export const clearLayout = (): void => {
  release();
  void perform((view) =>
    view.analysis.spec.layout.size > 0 ? { edit: { kind: 'clearLayout' } } : undefined,
  ).then(() => canvasControls.current?.fit());
};

type At = Menu['at'];

export function layerMenu(names: readonly string[], at: At): Menu {
  const { view } = useEditor.getState();
  const locked = !editableNow();
  const single = names.length === 1 ? view?.byName.get(names[0]) : undefined;
  const connections: MenuItem[] = (single?.outputs ?? []).map(({ ref }) => ({
    label: ref.output === undefined ? l10n.t('Connect to…') : l10n.t('Connect {0} to…', ref.output),
    icon: 'plug',
    keys: 'C',
    disabled: locked,
    run: () => view && pickConnection(view, ref, at),
  }));
  const inputs = names.flatMap(
    (name) => view?.byName.get(name)?.from.map((_, index) => ({ to: name, index })) ?? [],
  );
  return {
    at,
    groups: [
      [
        {
          label: l10n.t('Add layer after…'),
          icon: 'add',
          keys: '/',
          disabled: locked,
          run: () => pickNewLayer({ place: 'after', layers: names }, at),
        },
        ...connections,
        {
          label: l10n.t('Disconnect inputs'),
          icon: 'debug-disconnect',
          disabled: locked || inputs.length === 0,
          run: () => cut(inputs),
        },
      ],
      [
        ...(single
          ? [
              {
                label: l10n.t('Rename'),
                icon: 'edit',
                keys: 'F2',
                disabled: locked,
                run: () => rename(single.name),
              },
            ]
          : []),
        {
          label: l10n.t('Duplicate'),
          icon: 'copy',
          keys: withCommand('D'),
          disabled: locked,
          run: () => double(names),
        },
        {
          label: l10n.t('Copy'),
          icon: 'clippy',
          keys: withCommand('C'),
          run: () => void navigator.clipboard.writeText(copyOf(names)),
        },
      ],
      [{ label: l10n.t('Delete'), icon: 'trash', keys: 'Del', disabled: locked, run: () => remove(names) }],
    ],
  };
}

export const edgeMenu = (edge: EdgeEnd, at: At): Menu => ({
  at,
  groups: [
    [
      {
        label: l10n.t('Insert layer…'),
        icon: 'add',
        disabled: !editableNow(),
        run: () => pickNewLayer({ place: 'edge', edge }, at),
      },
    ],
    [
      {
        label: l10n.t('Delete connection'),
        icon: 'trash',
        keys: 'Del',
        disabled: !editableNow(),
        run: () => cut([edge]),
      },
    ],
  ],
});

export function canvasMenu(at: At): Menu {
  const locked = !editableNow();
  const position = canvasControls.current?.toGraph(at.x, at.y) ?? [0, 0];
  const placed = isArranged(useEditor.getState().view, useHeld.getState());
  return {
    at,
    groups: [
      [
        {
          label: l10n.t('Add layer…'),
          icon: 'add',
          keys: '/',
          disabled: locked,
          run: () => pickNewLayer({ place: 'point', position }, at),
        },
        {
          label: l10n.t('Paste'),
          icon: 'clippy',
          keys: withCommand('V'),
          disabled: locked,
          run: () => void navigator.clipboard.readText().then(pasteText),
        },
        { label: l10n.t('Select all'), icon: 'checklist', keys: withCommand('A'), run: selectAll },
      ],
      [
        {
          label: l10n.t('Undo'),
          icon: 'discard',
          keys: withCommand('Z'),
          disabled: locked,
          run: () => command('undo'),
        },
        {
          label: l10n.t('Redo'),
          icon: 'redo',
          keys: withCommand('Y'),
          disabled: locked,
          run: () => command('redo'),
        },
      ],
      [
        {
          label: l10n.t('Auto layout'),
          icon: 'type-hierarchy-sub',
          disabled: locked || !placed,
          run: clearLayout,
        },
        {
          label: l10n.t('Fit view'),
          icon: 'screen-full',
          keys: '1',
          run: () => canvasControls.current?.fit(),
        },
        { label: l10n.t('Open text'), icon: 'go-to-file', run: () => command('openTextToSide') },
      ],
    ],
  };
}
