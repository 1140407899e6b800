/**
 * The commands of the extension, each declared once. `npm run contributions` writes package.json's blocks `commands`,
 * `menus` and `keybindings` from this table; handlers, messages and buttons take their types from it.
 */

/** A "when" clause of VS Code; an empty one always holds. */
type When = string;

interface Command {
  /** A codicon. */
  readonly icon?: string;
  /** When it is enabled; otherwise it is greyed out. */
  readonly enablement?: When;
  /** When the Command Palette lists it. Default: always. */
  readonly palette?: When;
  /** Its group in each menu that contains it, and when it is shown. A button beside an entry is in the entry's context menu, too. */
  readonly menus?: {
    readonly [menu: string]: { readonly group: string | readonly string[]; readonly when?: When };
  };
  readonly keys?: readonly { readonly key: string; readonly mac: string; readonly when: When }[];
  /** Whether the graph editor may request it. */
  readonly fromGraph?: true;
}

const onNetwork = 'resourceFilename =~ /\\.nn\\.json$/';
/** When the Command Palette lists commands for a network: also while another tab, such as the walkthrough, is active. */
const someNetwork = `${onNetwork} || netloom.networkOpen`;
const onIdleNetwork = `${onNetwork} && resourcePath not in netloom.running`;
const inText = `${onNetwork} && !activeCustomEditorId`;
const inGraph = "activeCustomEditorId == 'netloom.graph'";

const onRun = "view == 'netloom.runs' && viewItem =~ /^run/";
const onEndedRun = "view == 'netloom.runs' && viewItem == 'run'";
const onLayer = "view == 'netloom.layers' && viewItem == 'layer'";

/** By name. The identifier is `netloom.<name>`; the title is in package.nls.json under `command.<name>`. */
export const commands = {
  newNetwork: {
    icon: 'add',
    menus: { 'file/newFile': { group: 'file' } },
  },
  openGraphToSide: {
    icon: 'type-hierarchy',
    palette: someNetwork,
    menus: {
      'editor/title': { group: 'netloom@1', when: inText },
      'explorer/context': { group: 'navigation@25', when: onNetwork },
    },
    keys: [{ key: 'ctrl+k v', mac: 'cmd+k v', when: `editorTextFocus && ${onNetwork}` }],
  },
  openTextToSide: {
    icon: 'code',
    palette: someNetwork,
    menus: { 'editor/title': { group: 'netloom@1', when: inGraph } },
    keys: [{ key: 'ctrl+k v', mac: 'cmd+k v', when: inGraph }],
    fromGraph: true,
  },
  /** For the training panel, when a run has failed. */
  openFailure: { palette: 'false', fromGraph: true },
  train: {
    icon: 'play',
    enablement: 'resourcePath not in netloom.running',
    palette: someNetwork,
    menus: {
      'editor/title': { group: 'navigation@1', when: onIdleNetwork },
      'explorer/context': { group: 'netloom@1', when: onIdleNetwork },
    },
    keys: [
      {
        key: 'ctrl+enter',
        mac: 'cmd+enter',
        when: `${inGraph} && resourcePath not in netloom.running`,
      },
    ],
    fromGraph: true,
  },
  /** Trains on from the last weights of all layers that have not changed since. */
  continueTraining: {
    enablement: 'resourcePath not in netloom.running',
    palette: someNetwork,
    fromGraph: true,
  },
  stop: {
    icon: 'debug-stop',
    enablement: 'netloom.running',
    palette: 'netloom.running',
    menus: {
      'editor/title': { group: 'navigation@1', when: `${onNetwork} && resourcePath in netloom.running` },
    },
    fromGraph: true,
  },
  evaluate: {
    icon: 'beaker',
    enablement: 'resourcePath not in netloom.running',
    palette: someNetwork,
    menus: {
      'editor/title': { group: 'netloom@2', when: onNetwork },
      'explorer/context': { group: 'netloom@2', when: onIdleNetwork },
    },
    fromGraph: true,
  },
  preflight: {
    icon: 'run-all',
    palette: onNetwork,
    menus: {
      'editor/title': { group: 'netloom@2', when: onNetwork },
      'explorer/context': { group: 'netloom@2', when: onNetwork },
    },
  },
  /** For the given finding, or one that is chosen from a list. */
  tryFix: { icon: 'beaker', palette: `(${someNetwork}) && isWorkspaceTrusted` },
  repair: {
    icon: 'tools',
    enablement: 'isWorkspaceTrusted',
    palette: someNetwork,
    menus: {
      'editor/title': { group: 'netloom@2', when: onNetwork },
      'explorer/context': { group: 'netloom@2', when: onNetwork },
    },
    fromGraph: true,
  },
  /** Trains the network with usual choices, one change at a time. */
  findWhatHoldsBack: {
    icon: 'search',
    enablement: 'isWorkspaceTrusted',
    palette: someNetwork,
    menus: { 'explorer/context': { group: 'netloom@2', when: onNetwork } },
    fromGraph: true,
  },
  /** Of a run that is chosen from a list. */
  replayRun: {
    icon: 'history',
    palette: someNetwork,
    fromGraph: true,
    menus: { 'editor/title': { group: 'netloom@3', when: onNetwork } },
  },
  /** Returns from an earlier run, or from an earlier step, to the newest state of the last run: of one network or of all. */
  endReplay: { palette: 'netloom.replaying', fromGraph: true },
  /** Of an entry of the view "Runs". */
  openRun: { palette: 'false' },
  exportRun: {
    icon: 'export',
    palette: 'false',
    menus: { 'view/item/context': { group: 'run@1', when: onRun } },
  },
  revealRunFolder: {
    palette: 'false',
    menus: { 'view/item/context': { group: 'run@2', when: onRun } },
  },
  /** Deletes the selected entries. */
  deleteRun: {
    icon: 'trash',
    palette: 'false',
    menus: { 'view/item/context': { group: ['inline@3', 'run@3'], when: onEndedRun } },
    keys: [{ key: 'delete', mac: 'cmd+backspace', when: "focusedView == 'netloom.runs' && !inputFocus" }],
  },
  check: {
    icon: 'checklist',
    palette: onNetwork,
    menus: { 'editor/title': { group: 'netloom@2', when: onNetwork } },
  },
  addTraining: { palette: onNetwork },
  /** For an entry of the view "Layers". */
  revealInGraph: {
    icon: 'type-hierarchy',
    palette: 'false',
    menus: { 'view/item/context': { group: ['inline@1', 'layer@1'], when: onLayer } },
  },
  revealInText: {
    icon: 'code',
    palette: 'false',
    menus: { 'view/item/context': { group: ['inline@2', 'layer@2'], when: onLayer } },
  },
  exportGraph: {
    palette: inGraph,
    menus: { 'editor/title': { group: 'netloom@3', when: inGraph } },
  },
  /** For the next training. */
  chooseSample: { palette: someNetwork, fromGraph: true },
  exportReplay: {
    palette: someNetwork,
    menus: { 'editor/title': { group: 'netloom@3', when: inGraph } },
    fromGraph: true,
  },
  showLog: {
    menus: { 'editor/title': { group: 'netloom@4', when: onNetwork } },
    fromGraph: true,
  },
  toggleStatistics: {
    menus: { 'editor/title': { group: 'netloom@3', when: inText } },
  },
  /** Opens the keyboard shortcuts editor of VS Code on our shortcuts. */
  changeKeys: { palette: inGraph, fromGraph: true },
  /** The command of the status bar item. */
  revealRun: { palette: 'false' },
} as const satisfies { readonly [name: string]: Command };

export type CommandName = keyof typeof commands;

export const commandNames = Object.keys(commands) as readonly CommandName[];

/** The identifier in VS Code. */
export const commandId = <N extends CommandName>(name: N): `netloom.${N}` => `netloom.${name}`;

/** Commands of VS Code that the graph editor may request, because the only undo stack is VS Code's. */
const historyCommands = ['undo', 'redo'] as const;

/** What the graph editor may request. */
export type GraphCommand =
  | { [N in CommandName]: (typeof commands)[N] extends { readonly fromGraph: true } ? N : never }[CommandName]
  | (typeof historyCommands)[number];

export const graphCommands: readonly GraphCommand[] = [
  ...commandNames.filter((name): name is CommandName & GraphCommand => 'fromGraph' in commands[name]),
  ...historyCommands,
];
