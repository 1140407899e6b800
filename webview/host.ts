/** The link to the extension host. It receives documents and sends gestures one after another. */
import * as l10n from '@vscode/l10n';
import { Channel } from '../engine/protocol/channel.ts';
import type { GraphCommand } from '../engine/protocol/commands.ts';
import {
  type HostToWebview,
  hostToWebview,
  type RunState,
  type RunTask,
  type WebviewToHost,
} from '../engine/protocol/editor.ts';
import type { NamedFinding } from '../engine/protocol/findings.ts';
import { checked } from '../engine/protocol/messages.ts';
import {
  type AppliedFixes,
  followAppliedFixes,
  forgetAppliedFixes,
  keepAppliedFixes,
  seeRun,
  useAppliedFixes,
} from './model/appliedFixes.ts';
import { canvasControls } from './model/canvasControls.ts';
import {
  type EditorState,
  followText,
  fullName,
  isEditable,
  nameInView,
  notify,
  receiveDocument,
  select,
  useEditor,
} from './model/editor.ts';
import { useFindingPages } from './model/findingPages.ts';
import { editInView, type Gesture } from './model/gestures.ts';
import { graphHandlers } from './model/graphHandlers.ts';
import { useKeys } from './model/keys.ts';
import type { NetworkView } from './model/network.ts';
import { openTrainingFor, type Panels, usePanels } from './model/panels.ts';
import { pictureSource } from './model/pictureSource.ts';
import { hasFailed, receiveEvents, receiveMoment, receiveRun, useRun } from './model/run.ts';
import { receiveTrial } from './model/trial.ts';
import { drawingOf, isCopy, useUnfolded } from './model/unfolding.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

interface Kept {
  readonly panels: Panels;
  readonly selection: readonly string[];
  /** Full names of the uses of blocks that are unfolded. */
  readonly unfolded: readonly string[];
  readonly appliedFixes: AppliedFixes;
}

const isRunning = (run: RunState, task: RunTask): boolean => run.state === 'running' && run.task === task;

const api = acquireVsCodeApi();

const channel = new Channel<WebviewToHost, HostToWebview>(
  {
    post: (message) => api.postMessage(message),
    onMessage: (listener) => window.addEventListener('message', ({ data }) => listener(data)),
  },
  checked(
    hostToWebview,
    {
      document: ({ revision, text, readOnly, findings, inputShape }) => {
        receiveDocument(revision, text, readOnly, findings, inputShape);
        const { view, broken } = useEditor.getState();
        if (view && !broken) followAppliedFixes(view);
        selectAwaited();
      },
      runState: (runState) => {
        if (isRunning(runState, 'train') && !isRunning(useEditor.getState().runState, 'train'))
          forgetAppliedFixes();
        useEditor.setState({ runState });
        openTrainingFor('evaluation', isRunning(runState, 'evaluate'));
      },
      run: ({ text, events, ...then }) => {
        receiveRun(text, events, then);
        seeRun(text, useEditor.getState().view);
      },
      runEvents: ({ events }) => {
        const before = hasFailed(useRun.getState());
        receiveEvents(events);
        // The host does not repeat what the panel says. A page that is shown again keeps a panel hidden.
        if (!before && hasFailed(useRun.getState())) usePanels.setState({ trainingOpen: true });
      },
      moment: receiveMoment,
      trial: receiveTrial,
      action: ({ action }) => graphHandlers.current?.[action](),
      reveal: ({ layer }) => {
        const { view } = useEditor.getState();
        const name = view && nameInView(view, layer);
        if (name === undefined) return;
        followText(name);
        // Moving the cursor through the text must not make the graph jump.
        canvasControls.current?.show(name);
      },
      picture: (request) => pictureSource.current!(request),
    },
    (reason) => console.warn(`Netloom: ${reason}`),
  ),
);

/** Restores the view's state, asks for the document, and from then on saves the state. */
export async function start(): Promise<void> {
  const kept = api.getState() as Partial<Kept> | undefined;
  if (kept?.panels) usePanels.setState(kept.panels);
  if (Array.isArray(kept?.unfolded)) useUnfolded.setState({ names: new Set(kept.unfolded) });
  if (Array.isArray(kept?.selection)) select(kept.selection);
  keepAppliedFixes(kept?.appliedFixes);
  // Without an answer, the page is still shown, in English, and says what it cannot do.
  const answer = await channel.request('ready', {}).catch(() => undefined);
  l10n.config({ contents: { ...answer?.l10n } });
  useKeys.setState({ actions: answer?.keys ?? [] });
  useFindingPages.setState({ codes: new Set(answer?.findingPages) });
  keepState();
  useEditor.subscribe(({ selection, selectedHere, revision, view }, before) => {
    if (selection !== before.selection && selectedHere)
      channel.send('select', { revision, layers: selection.map((name) => nameInText(view, name)) });
  });
}

/** Requests everything again after a failure, whose cause may be the stored events of the run. */
export async function reload(): Promise<void> {
  receiveRun('', []);
  await channel.request('ready', {});
}

function keepState(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const kept: Kept = {
        panels: usePanels.getState(),
        selection: useEditor.getState().selection,
        unfolded: [...useUnfolded.getState().names],
        appliedFixes: useAppliedFixes.getState(),
      };
      api.setState(kept);
    }, 200);
  };
  usePanels.subscribe(keep);
  useUnfolded.subscribe(keep);
  useAppliedFixes.subscribe(keep);
  useEditor.subscribe(({ selection }, before) => {
    if (selection !== before.selection) keep();
  });
}

/** The layer in the text that corresponds to a drawn layer; for a copy of a block, the use that repeats it. */
function nameInText(view: NetworkView | undefined, name: string): string {
  const item = view && drawingOf(view).byName.get(name);
  return fullName(view, item && isCopy(item) ? item.frames.at(-1)! : name);
}

export const reportFocus = (focus: WebviewToHost['focus']): void => channel.send('focus', focus);

export const reportUse = (): void => channel.send('inUse', {});

export const command = (name: GraphCommand): void => channel.send('command', { command: name });

/** Requests a trial of a finding's fix, before anything is kept. */
export const tryFix = (finding: NamedFinding): void => channel.send('tryFix', { ...finding });

/** Opens the page about a finding. */
export const explain = (code: string): void => channel.send('explain', { code });

/** Names that the data of the network may use. */
export const suggest = (wanted: Parameters<WebviewToHost['suggest']>[0]): Promise<readonly string[]> =>
  channel.request('suggest', wanted);

export const decide = (decision: WebviewToHost['decide']['decision']): void =>
  channel.send('decide', { decision });

/** Shows another moment of the run, or without one its newest state. Resolves when it is shown. */
export const replay = (place: Parameters<WebviewToHost['replay']>[0]): Promise<void> =>
  channel.request('replay', place);

let queue: Promise<unknown> = Promise.resolve();

/** The layers that the pending gesture selects. */
let awaited: readonly string[] | undefined;

/**
 * Selects new layers as soon as they appear. Keys pressed from now on apply to them, even before the gesture is answered. A later
 * selection of the person stays.
 */
function selectAwaited(): void {
  const { view } = useEditor.getState();
  if (!awaited?.every((name) => view?.byName.has(name))) return;
  select(awaited);
  awaited = undefined;
}

/**
 * Sends the edit of a gesture once all earlier ones are in the text, so that it is made for the network that the person
 * then sees. Resolves to whether the edit was applied.
 */
export function perform(make: (view: NetworkView) => Gesture | undefined): Promise<boolean> {
  const done = queue.then(() => sendGesture(make));
  queue = done.catch(() => undefined);
  return done;
}

async function sendGesture(make: (view: NetworkView) => Gesture | undefined): Promise<boolean> {
  const state = useEditor.getState();
  const gesture = isEditable(state) ? make(state.view!) : undefined;
  if (!gesture) return false;
  const { revision } = state;
  awaited = gesture.select;
  try {
    const answer = await channel.request('edit', { revision, edit: editInView(state.view!, gesture) });
    if (answer.result === 'applied') {
      await documentOf(answer.revision);
      selectAwaited();
      notify(undefined);
      return true;
    }
    const message =
      answer.result === 'stale'
        ? l10n.t('The text has changed in the meantime, so nothing was done. Try again.')
        : answer.message;
    notify({ severity: 'error', message });
  } catch (error) {
    notify({ severity: 'error', message: error instanceof Error ? error.message : String(error) });
  } finally {
    awaited = undefined;
  }
  return false;
}

/** Resolves when the document of this revision, or of a later one, has arrived. */
function documentOf(revision: number): Promise<void> {
  const isHere = (state: EditorState) => state.revision >= revision;
  if (isHere(useEditor.getState())) return Promise.resolve();
  return new Promise((resolve) => {
    const unsubscribe = useEditor.subscribe((state) => {
      if (!isHere(state)) return;
      unsubscribe();
      resolve();
    });
  });
}
