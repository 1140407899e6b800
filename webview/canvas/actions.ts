/** All actions on layers, connections and the canvas, for shortcuts and context menus. */
import * as l10n from '@vscode/l10n';
import type { GraphActionName } from '../../engine/protocol/graphActions.ts';
import { command, perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import {
  allBypassed,
  allFrozen,
  bypassLayers,
  canBypass,
  canFreeze,
  freezeLayers,
} from '../model/changingLayers.ts';
import { isEditable, select, useEditor } from '../model/editor.ts';
import { disconnect, type EdgeEnd, removeLayers } from '../model/gestures.ts';
import { type Held, hold, holdPlaces, release, useHeld } from '../model/held.ts';
import { firstKey, isApple, keyText } from '../model/keys.ts';
import { type NetworkView, readersOf } from '../model/network.ts';
import { type Menu, type MenuItem, useOverlay } from '../model/overlay.ts';
import { inspectorKey, usePanels } from '../model/panels.ts';
import { pickConnection, pickNewLayer, pickReplacement } from '../overlay/pickers.ts';
import { isNarrow } from '../theme/useNarrow.ts';
import { align, distribute } from './arranging.ts';
import {
  canFold,
  canUnfold,
  dissolve,
  enterBlock,
  foldAll,
  foldOrUnfold,
  isPart,
  isUnfolded,
  isUse,
  makeBlockOf,
  unfoldAll,
} from './blockActions.ts';
import { copyOf, double, pasteText } from './copying.ts';

/** A shortcut that every editor has, as people read it: "Ctrl+C", or "⌘C" on Apple keyboards. */
const withCommand = (key: string): string => keyText(isApple ? `cmd+${key}` : `ctrl+${key}`);

/** The shortcut of an action as menus show it. */
const keyOf = (action: GraphActionName): { readonly keys?: string } => {
  const keys = firstKey(action);
  return keys === undefined ? {} : { keys };
};

const editableNow = (): boolean => isEditable(useEditor.getState());

export const rename = (name: string | undefined): void => {
  if (name !== undefined && editableNow()) useOverlay.setState({ renaming: name });
};

export const remove = (names: readonly string[]): void => {
  if (names.length > 0) void perform(() => removeLayers(names));
};

export const inputsOf = (names: readonly string[]): readonly EdgeEnd[] => {
  const { view } = useEditor.getState();
  return names.flatMap((name) => view?.byName.get(name)?.from.map((_, index) => ({ to: name, index })) ?? []);
};

/** Layers that read them lose that input and stay where they are. */
export const removeWithoutJoining = (names: readonly string[]): void => {
  const { view } = useEditor.getState();
  if (!view || names.length === 0) return;
  holdPlaces(
    names.flatMap((name) => readersOf(view, name).map(({ to }) => to)),
    canvasControls.current?.places() ?? new Map(),
  );
  void perform(() => removeLayers(names, false));
};

/** Makes layers pass their input unchanged, or restores them when all of them are bypassed. */
export const bypass = (names: readonly string[]): void => void perform((view) => bypassLayers(view, names));

/** Opens the note of a layer for editing, where it can be read. */
export const writeNote = (name: string | undefined): void => {
  if (name === undefined || !editableNow()) return;
  canvasControls.current?.approach(name);
  useOverlay.setState({ notedLayer: name });
};

/** Freezes layers that have parameters, or unfreezes them when all of them are frozen. */
export const freeze = (names: readonly string[]): void => void perform((view) => freezeLayers(view, names));

/** Cards that lose a connection stay where they are. */
export const cut = (edges: readonly EdgeEnd[]): void => {
  const { view } = useEditor.getState();
  if (!view || edges.length === 0) return;
  hold(view, edges);
  void perform(() => disconnect(edges));
};

/** Opens the inspector with the selected layer. In a narrow editor, the inspector covers the canvas. */
export const openInspector = (): void => usePanels.setState({ [inspectorKey(isNarrow())]: true });

/** Whether a card was placed by hand or is held in its place. */
export const isArranged = (view: NetworkView | undefined, { sources, layers }: Held): boolean =>
  (view?.analysis.spec.layout.size ?? 0) > 0 || sources.size + layers.length > 0;

export const selectAll = (): void => select(useEditor.getState().view?.layers.map(({ name }) => name) ?? []);

export const clearLayout = (): void => {
  release();
  void perform((view) =>
    view.analysis.spec.layout.size > 0 ? { edit: { kind: 'clearLayout' } } : undefined,
  ).then(() => canvasControls.current?.fit());
};

type At = Menu['at'];

/** In a frame, a layer is shown, not changed. */
const partMenu = (name: string, at: At): Menu => ({ at, groups: [viewsOf(useEditor.getState().view, name)] });

/** The ways to look into a block. */
function viewsOf(view: NetworkView | undefined, name: string): readonly MenuItem[] {
  const unfolded = isUnfolded(view, name);
  return [
    { label: l10n.t('Enter block'), icon: 'package', ...keyOf('enterBlock'), run: () => enterBlock(name) },
    {
      label: unfolded || !isUse(view, name) ? l10n.t('Fold block') : l10n.t('Unfold block'),
      icon: unfolded || !isUse(view, name) ? 'fold' : 'unfold',
      ...keyOf('unfoldBlock'),
      run: () => foldOrUnfold(name),
    },
  ];
}

export function layerMenu(selected: readonly string[], at: At): Menu {
  const { view } = useEditor.getState();
  const names = selected.filter((name) => !isPart(view, name));
  if (names.length === 0 && selected.length > 0) return partMenu(selected[0], at);
  const locked = !editableNow();
  const single = names.length === 1 ? view?.byName.get(names[0]) : undefined;
  const connections: MenuItem[] = (single?.outputs ?? []).map(({ ref }) => ({
    label: ref.output === undefined ? l10n.t('Connect to…') : l10n.t('Connect {0} to…', ref.output),
    icon: 'plug',
    ...keyOf('connectLayer'),
    disabled: locked,
    run: () => view && pickConnection(view, ref, at),
  }));
  const inputs = inputsOf(names);
  // The quick fixes of the text editor.
  const fixes = (single?.problems ?? []).flatMap(({ fix }): MenuItem[] =>
    fix
      ? [
          {
            label: fix.title,
            icon: 'lightbulb',
            disabled: locked,
            run: () => void perform(() => ({ edit: fix.edit })),
          },
        ]
      : [],
  );
  return {
    at,
    groups: [
      ...(fixes.length > 0 ? [fixes] : []),
      [
        {
          label: l10n.t('Add layer after…'),
          icon: 'add',
          ...keyOf('addLayer'),
          disabled: locked,
          run: () => pickNewLayer({ place: 'after', layers: names }, at),
        },
        ...connections,
        {
          label: l10n.t('Disconnect inputs'),
          icon: 'debug-disconnect',
          ...keyOf('disconnectLayers'),
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
                ...keyOf('renameLayer'),
                disabled: locked,
                run: () => rename(single.name),
              },
              {
                label: view?.analysis.notes.has(single.name) ? l10n.t('Change note') : l10n.t('Add note'),
                icon: 'note',
                ...keyOf('addNote'),
                disabled: locked,
                run: () => writeNote(single.name),
              },
            ]
          : []),
        {
          label: l10n.t('Replace with…'),
          icon: 'replace',
          ...keyOf('replaceLayer'),
          disabled: locked,
          run: () => pickReplacement(names, at),
        },
        {
          label: allBypassed(view, names) ? l10n.t('Restore') : l10n.t('Bypass'),
          icon: 'debug-step-over',
          ...keyOf('bypassLayers'),
          disabled: locked || !canBypass(view, names),
          run: () => bypass(names),
        },
        {
          label: allFrozen(view, names) ? l10n.t('Unfreeze') : l10n.t('Freeze'),
          icon: 'lock',
          ...keyOf('freezeLayers'),
          disabled: locked || !canFreeze(view, names),
          run: () => freeze(names),
        },
        {
          label: l10n.t('Duplicate'),
          icon: 'copy',
          ...keyOf('duplicateLayers'),
          disabled: locked,
          run: () => double(names),
        },
        {
          label: l10n.t('Copy'),
          icon: 'clippy',
          keys: withCommand('c'),
          run: () => void navigator.clipboard.writeText(copyOf(names)),
        },
      ],
      [
        ...(single && isUse(view, single.name)
          ? [
              ...viewsOf(view, single.name),
              {
                label: l10n.t('Dissolve block'),
                icon: 'ungroup-by-ref-type',
                ...keyOf('dissolveBlock'),
                disabled: locked,
                run: () => dissolve(single.name),
              },
            ]
          : []),
        {
          label: l10n.t('Make block'),
          icon: 'group-by-ref-type',
          ...keyOf('makeBlock'),
          disabled: locked,
          run: () => makeBlockOf(names),
        },
      ],
      ...(names.length > 1 ? [arrangements(names.length, locked)] : []),
      [
        {
          label: l10n.t('Delete'),
          icon: 'trash',
          ...keyOf('deleteLayers'),
          disabled: locked,
          run: () => remove(names),
        },
      ],
    ],
  };
}

/** The line on which cards are put: the axis across it, and where it is on a card, as a share of its size. */
const alignments = [
  { label: () => l10n.t('Align left'), icon: 'layout-sidebar-left', axis: 0, share: 0 },
  { label: () => l10n.t('Align centres'), icon: 'split-horizontal', axis: 0, share: 0.5 },
  { label: () => l10n.t('Align right'), icon: 'layout-sidebar-right', axis: 0, share: 1 },
  { label: () => l10n.t('Align tops'), icon: 'layout-menubar', axis: 1, share: 0 },
  { label: () => l10n.t('Align middles'), icon: 'split-vertical', axis: 1, share: 0.5 },
  { label: () => l10n.t('Align bottoms'), icon: 'layout-panel', axis: 1, share: 1 },
] as const;

const arrangements = (count: number, locked: boolean): readonly MenuItem[] => [
  ...alignments.map(({ label, icon, axis, share }) => ({
    label: label(),
    icon,
    disabled: locked,
    run: () => align(axis, share),
  })),
  {
    label: l10n.t('Distribute from left to right'),
    icon: 'ellipsis',
    disabled: locked || count < 3,
    run: () => distribute(0),
  },
  {
    label: l10n.t('Distribute from top to bottom'),
    icon: 'kebab-vertical',
    disabled: locked || count < 3,
    run: () => distribute(1),
  },
];

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
        ...keyOf('deleteLayers'),
        disabled: !editableNow(),
        run: () => cut([edge]),
      },
    ],
  ],
});

export function canvasMenu(at: At): Menu {
  const locked = !editableNow();
  const position = canvasControls.current?.toGraph(at.x, at.y) ?? [0, 0];
  const { view } = useEditor.getState();
  const placed = isArranged(view, useHeld.getState());
  return {
    at,
    groups: [
      [
        {
          label: l10n.t('Add layer…'),
          icon: 'add',
          ...keyOf('addLayer'),
          disabled: locked,
          run: () => pickNewLayer({ place: 'point', position }, at),
        },
        {
          label: l10n.t('Paste'),
          icon: 'clippy',
          keys: withCommand('v'),
          disabled: locked,
          run: () => void navigator.clipboard.readText().then(pasteText),
        },
        { label: l10n.t('Select all'), icon: 'checklist', ...keyOf('selectAll'), run: selectAll },
      ],
      [
        {
          label: l10n.t('Undo'),
          icon: 'discard',
          keys: withCommand('z'),
          disabled: locked,
          run: () => command('undo'),
        },
        {
          label: l10n.t('Redo'),
          icon: 'redo',
          keys: withCommand('y'),
          disabled: locked,
          run: () => command('redo'),
        },
      ],
      ...(canUnfold(view) || canFold(view)
        ? [
            [
              {
                label: l10n.t('Unfold all blocks'),
                icon: 'unfold',
                ...(canUnfold(view) ? keyOf('unfoldAllBlocks') : {}),
                disabled: !canUnfold(view),
                run: unfoldAll,
              },
              {
                label: l10n.t('Fold all blocks'),
                icon: 'fold',
                ...(canUnfold(view) ? {} : keyOf('unfoldAllBlocks')),
                disabled: !canFold(view),
                run: foldAll,
              },
            ],
          ]
        : []),
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
          ...keyOf('fitView'),
          run: () => canvasControls.current?.fit(),
        },
        { label: l10n.t('Open text'), icon: 'go-to-file', run: () => command('openTextToSide') },
      ],
    ],
  };
}
