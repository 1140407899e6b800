/**
 * The actions of the graph that have shortcuts, each declared once. They are commands of VS Code, so that people find
 * them in the palette and can bind other keys; the active page carries them out. `npm run contributions` writes
 * package.json from this table and from `commands.ts`; titles are in package.nls.json under `command.<name>`.
 */

/** The headings in the list of shortcuts. */
export const actionGroups = ['add', 'change', 'select', 'arrange', 'view'] as const;

export type ActionGroup = (typeof actionGroups)[number];

export interface GraphAction {
  readonly group: ActionGroup;
  /** Keys in the notation of VS Code. "ctrl" is the command key on Apple's keyboards. */
  readonly keys?: readonly string[];
  /** Whether it opens a field that receives all further typing, even before it appears. */
  readonly opensField?: true;
  /**
   * Whether it applies only if the pointer, not the keyboard, moved the focus to the graph: Tab must lead keyboard users out.
   */
  readonly byPointer?: readonly string[];
  /** Whether the Command Palette omits it, because it is useful only in sequences of keys. */
  readonly hidden?: true;
}

export const graphActions = {
  addLayer: { group: 'add', keys: ['/'], byPointer: ['tab'], opensField: true },
  connectLayer: { group: 'add', keys: ['c'], opensField: true },
  addNote: { group: 'add', keys: ['n'], opensField: true },
  duplicateLayers: { group: 'add', keys: ['ctrl+d'] },
  renameLayer: { group: 'change', keys: ['f2'], opensField: true },
  replaceLayer: { group: 'change', keys: ['r'], opensField: true },
  openInspector: { group: 'change', keys: ['enter'] },
  bypassLayers: { group: 'change', keys: ['m'] },
  freezeLayers: { group: 'change', keys: ['f'] },
  makeBlock: { group: 'change', keys: ['ctrl+g'] },
  dissolveBlock: { group: 'change', keys: ['ctrl+shift+g'] },
  disconnectLayers: { group: 'change', keys: ['x'] },
  deleteLayers: { group: 'change', keys: ['delete', 'backspace'] },
  deleteWithoutJoining: { group: 'change', keys: ['shift+delete', 'shift+backspace'] },
  selectAll: { group: 'select', keys: ['ctrl+a'] },
  selectNone: { group: 'select', keys: ['escape'] },
  findLayer: { group: 'select', keys: ['ctrl+f'], opensField: true },
  walkUp: { group: 'select', keys: ['up'], hidden: true },
  walkDown: { group: 'select', keys: ['down'], hidden: true },
  walkLeft: { group: 'select', keys: ['left'], hidden: true },
  walkRight: { group: 'select', keys: ['right'], hidden: true },
  moveUp: { group: 'arrange', keys: ['alt+up'], hidden: true },
  moveDown: { group: 'arrange', keys: ['alt+down'], hidden: true },
  moveLeft: { group: 'arrange', keys: ['alt+left'], hidden: true },
  moveRight: { group: 'arrange', keys: ['alt+right'], hidden: true },
  alignLeft: { group: 'arrange' },
  alignCentre: { group: 'arrange' },
  alignRight: { group: 'arrange' },
  alignTop: { group: 'arrange' },
  alignMiddle: { group: 'arrange' },
  alignBottom: { group: 'arrange' },
  distributeAcross: { group: 'arrange' },
  distributeDown: { group: 'arrange' },
  autoLayout: { group: 'arrange' },
  fitView: { group: 'view', keys: ['1', '.'] },
  fitSelection: { group: 'view', keys: ['2'] },
  enterBlock: { group: 'view', keys: ['i'] },
  leaveBlock: { group: 'view', keys: ['u'] },
  unfoldBlock: { group: 'view', keys: ['e'] },
  unfoldAllBlocks: { group: 'view', keys: ['shift+e'] },
  zoomActual: { group: 'view', keys: ['0'] },
  zoomIn: { group: 'view', keys: ['=', 'shift+=', 'numpad_add'] },
  zoomOut: { group: 'view', keys: ['-', 'numpad_subtract'] },
  showLayerTable: { group: 'view', keys: ['t'] },
  showKeys: { group: 'view', keys: ['shift+/'] },
} as const satisfies { readonly [name: string]: GraphAction };

export type GraphActionName = keyof typeof graphActions;

export const graphActionNames = Object.keys(graphActions) as readonly GraphActionName[];

/** One action with the fields that only some have. */
export const graphAction = (name: GraphActionName): GraphAction => graphActions[name];

const inGraph = "activeCustomEditorId == 'netloom.graph'";
/** Parts of VS Code that may have taken the focus from the page, which reports this a moment later: pickers, fields, lists. */
const elsewhere = ['inQuickOpen', 'inputFocus', 'listFocus'];
/** The page reports which part has the focus, because in a field these keys type characters. */
const onCanvas = [inGraph, 'netloom.canvasFocus', ...elsewhere.map((key) => `!${key}`)].join(' && ');

export interface Keybinding {
  readonly key: string;
  readonly mac: string;
  readonly when: string;
}

/** The entry of package.json for the shortcuts of an action. */
export function keybindingsOf(name: GraphActionName): readonly Keybinding[] {
  const { keys = [], byPointer = [] } = graphAction(name);
  const binding = (key: string, when: string) => ({ key, mac: key.replace('ctrl+', 'cmd+'), when });
  return [
    ...keys.map((key) => binding(key, onCanvas)),
    ...byPointer.map((key) => binding(key, `${onCanvas} && netloom.canvasPointer`)),
  ];
}

/** When the Command Palette lists an action. */
export const paletteOf = (name: GraphActionName): string => (graphAction(name).hidden ? 'false' : inGraph);
