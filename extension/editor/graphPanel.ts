/** One graph editor of one document. It keeps no state: everything is sent again whenever the page loads. */
import * as vscode from 'vscode';
import { Channel, type Handlers, type Transport } from '../../engine/protocol/channel.ts';
import { commandId, type GraphCommand } from '../../engine/protocol/commands.ts';
import {
  type ContributedKeys,
  type HostToWebview,
  type WebviewToHost,
  webviewToHost,
} from '../../engine/protocol/editor.ts';
import { writeEvent } from '../../engine/protocol/eventText.ts';
import type { GraphActionName } from '../../engine/protocol/graphActions.ts';
import { checked } from '../../engine/protocol/messages.ts';
import type { PicturePart, PictureRequest } from '../../engine/protocol/picture.ts';
import type { Moment } from '../../engine/replay/recording.ts';
import { dataColumns, dataEntries } from '../dataNames.ts';
import type { Networks } from '../networks.ts';
import { isReadOnly, onDidChangeReadOnly } from '../readOnly.ts';
import { findingPages, openPageOf } from '../shown/findingPage.ts';
import type { Log } from '../shown/log.ts';
import { Throttle } from '../throttle.ts';
import type { Run } from '../training/run.ts';
import { hasProblem, newProblemsOfRun } from '../training/runProblems.ts';
import type { Runs } from '../training/runs.ts';
import type { Trials } from '../trials/trials.ts';
import type { EditQueue } from './edits.ts';
import { isWithinLimits } from './messages.ts';

/** Least time between two packets of run events, in milliseconds. */
const eventInterval = 50;
/** Texts longer than this are sent again only after a pause in typing. */
const longText = 1_000_000;

/** How long VS Code may take to report that an editor has become active, in milliseconds. */
const activationPatience = 1000;

/** Parts of a picture, of at most a million characters each. */
const mostParts = 200;

type Welcome = Awaited<ReturnType<WebviewToHost['ready']>>;

/** The part of a page that has the focus. */
export type Focus = WebviewToHost['focus'];

export class GraphPanel {
  readonly #channel: Channel<HostToWebview, WebviewToHost>;
  readonly #listeners: vscode.Disposable[] = [];
  readonly #packets = new Throttle(eventInterval, () => this.#sendEvents());
  readonly #trialStates = new Throttle(eventInterval, () => this.#sendTrial());
  readonly #laterDocument = new Throttle(300, () => this.#sendDocument());
  /** As `writeEvent` wrote them. */
  #events: string[] = [];
  /** Whether the page is loaded and has requested its state. A hidden page is unloaded and will request it again. */
  #ready = false;
  #readOnly = false;

  constructor(
    readonly document: vscode.TextDocument,
    readonly panel: vscode.WebviewPanel,
    readonly networks: Networks,
    readonly edits: EditQueue,
    readonly runs: Runs,
    readonly trials: Trials,
    readonly log: Log,
    readonly keys: readonly ContributedKeys[],
    readonly onSelect: (layers: readonly string[]) => void,
    readonly onFocus: (focus: Focus) => void,
  ) {
    const handlers: Handlers<WebviewToHost> = {
      ready: () => this.#welcome(),
      edit: ({ revision, edit }) => edits.apply(document, revision, edit),
      tryFix: (finding) =>
        void this.#guarded(
          async () => void (await vscode.commands.executeCommand(commandId('tryFix'), document.uri, finding)),
        ),
      suggest: async (wanted) =>
        wanted.of === 'columns'
          ? dataColumns(document.uri, wanted.file, wanted.data)
          : (await dataEntries(document.uri, wanted.typed)).map(({ path }) => path),
      explain: ({ code }) => openPageOf(code),
      replay: ({ step, move }) => runs.replay(document.uri, step === undefined ? undefined : { step, move }),
      decide: ({ decision }) => void this.#guarded(() => this.#decide(decision)),
      command: ({ command }) => void this.#guarded(() => this.#run(command)),
      focus: (focus) => onFocus(focus),
      inUse: () => this.#becomeActive(),
      select: (selection) => void this.#guarded(() => this.#select(selection)),
    };
    this.#channel = new Channel<HostToWebview, WebviewToHost>(
      this.#transport(),
      checked(webviewToHost, handlers, (reason) => log.warn(reason)),
    );
    this.#listeners.push(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#ready = false;
      }),
      vscode.workspace.onDidChangeTextDocument(({ document: { uri, getText }, contentChanges }) => {
        if (contentChanges.length === 0 || uri.toString() !== document.uri.toString()) return;
        if (getText().length > longText) this.#laterDocument.request();
        else this.#sendDocument();
      }),
      networks.onDidReadData(({ uri }) => {
        if (uri.toString() === document.uri.toString()) this.#laterDocument.request();
      }),
      runs.onDidChangeState((run) => {
        if (this.#owns(run)) this.#sendRunState();
      }),
      runs.onDidStart((run) => {
        if (!this.#owns(run)) return;
        // First that it runs: with an empty record and no run, the panel would close for a moment, and the graph would move.
        this.#sendRunState();
        this.#sendRecord();
        this.#laterDocument.request();
      }),
      onDidChangeReadOnly(async () => {
        this.#readOnly = await isReadOnly(document);
        this.#sendDocument();
      }),
      runs.onDidRestore((uri) => {
        if (uri.toString() !== document.uri.toString()) return;
        this.#sendRecord();
        this.#laterDocument.request();
      }),
      runs.onDidReplay((uri) => {
        if (uri.toString() !== document.uri.toString()) return;
        this.#sendMoment();
        this.#laterDocument.request();
      }),
      trials.onDidChange((uri) => {
        if (uri.toString() === document.uri.toString()) this.#trialStates.request();
      }),
      runs.onDidReceive(({ run, event }) => {
        if (this.#owns(run) && hasProblem(event)) this.#laterDocument.request();
        // Another run may be in view.
        if (!this.#ready || !this.#owns(run) || this.runs.opened(run.uri)) return;
        this.#events.push(writeEvent(event));
        this.#packets.request();
      }),
    );
  }

  /** Selects and centres a layer. */
  reveal(layer: string): void {
    if (this.#ready) this.#channel.send('reveal', { layer });
  }

  /** Carries out an action of a shortcut or of the command palette. */
  act(action: GraphActionName): void {
    if (this.#ready) this.#channel.send('action', { action });
  }

  /**
   * A picture of the graph: text, or a PNG in Base64. The page answers in parts. Each part is checked, because the declared type of
   * a message guarantees nothing.
   */
  async picture(wanted: Omit<PictureRequest, 'from'>): Promise<string> {
    if (!this.#ready)
      throw new Error(vscode.l10n.t('The graph is not in view. Show it, and then try again.'));
    const parts: string[] = [];
    for (let from = 0; parts.length < mostParts; ) {
      const { content, next }: PicturePart = await this.#channel.request('picture', { ...wanted, from });
      if (typeof content !== 'string') break;
      parts.push(content);
      if (next === undefined) return parts.join('');
      from = next;
    }
    throw new Error(vscode.l10n.t('The graph editor sent a picture that cannot be read.'));
  }

  dispose(): void {
    this.#ready = false;
    this.#channel.close('the editor was closed');
    this.#packets.dispose();
    this.#laterDocument.dispose();
    this.#trialStates.dispose();
    for (const listener of this.#listeners) listener.dispose();
  }

  #transport(): Transport {
    const { webview } = this.panel;
    return {
      post: (message) => void webview.postMessage(message),
      onMessage: (listener) =>
        this.#listeners.push(
          webview.onDidReceiveMessage((message: unknown) => {
            if (isWithinLimits(message)) listener(message);
            else this.log.warn('A message of the graph editor was too large and is ignored.');
          }),
        ),
    };
  }

  async #welcome(): Promise<Welcome> {
    this.#readOnly = await isReadOnly(this.document);
    this.#ready = true;
    // Sent after the answer, which the page needs first.
    setImmediate(() => this.#sendEverything());
    return { l10n: vscode.l10n.bundle ?? {}, keys: this.keys, findingPages };
  }

  #sendEverything(): void {
    this.#events = [];
    this.#sendDocument();
    this.#sendRunState();
    this.#sendRecord();
    this.#sendTrial();
  }

  #sendRecord(): void {
    if (!this.#ready) return;
    const record = this.runs.record(this.document.uri);
    this.#events = [];
    const { text = '', events = [], earlier, cutOff } = record ?? {};
    this.#channel.send('run', {
      text,
      events: events.map(writeEvent),
      ...(earlier ? { earlier: earlier.getTime() } : {}),
      ...(cutOff ? { cutOff } : {}),
      ...(this.runs.opened(this.document.uri) ? { opened: true } : {}),
    });
    if (this.runs.moment(this.document.uri)) this.#sendMoment();
  }

  #sendMoment(): void {
    if (!this.#ready) return;
    const moment = this.runs.moment(this.document.uri);
    this.#channel.send('moment', moment ? momentMessage(moment) : { events: [] });
  }

  #sendDocument(): void {
    if (!this.#ready) return;
    const text = this.document.getText();
    const { misfits, findings, input } = this.networks.analysis(this.document);
    this.#channel.send('document', {
      revision: this.document.version,
      text,
      readOnly: this.#readOnly,
      findings: [...misfits, ...findings, ...newProblemsOfRun(this.document, this.networks, this.runs)],
      ...(input ? { inputShape: [...input.shape] } : {}),
    });
  }

  #sendRunState(): void {
    if (this.#ready)
      this.#channel.send('runState', this.runs.get(this.document.uri)?.state ?? { state: 'idle' });
  }

  #sendTrial(): void {
    if (this.#ready) this.#channel.send('trial', this.trials.state(this.document.uri));
  }

  #sendEvents(): void {
    if (this.#ready && this.#events.length > 0) this.#channel.send('runEvents', { events: this.#events });
    this.#events = [];
  }

  #owns({ uri }: Run): boolean {
    return uri.toString() === this.document.uri.toString();
  }

  async #decide(decision: WebviewToHost['decide']['decision']): Promise<void> {
    const { uri } = this.document;
    if (decision !== 'keep') this.trials.discard(uri);
    // Pending gestures are applied first, because they may change the text.
    else {
      await this.edits.idle;
      await this.trials.keep(uri);
    }
  }

  async #run(command: GraphCommand): Promise<void> {
    if (command !== 'undo' && command !== 'redo') {
      await vscode.commands.executeCommand(commandId(command), this.document.uri);
      return;
    }
    // The only undo stack is VS Code's. It acts on the active editor, which must be this one.
    await this.edits.idle;
    if (await this.#isActive()) await vscode.commands.executeCommand(command);
  }

  /** Has no effect when VS Code has noticed that the page has the focus. */
  #becomeActive(): void {
    const { active, visible, viewColumn } = this.panel;
    if (visible && !active) this.panel.reveal(viewColumn);
  }

  /** The text shows a gesture only if the person works in this graph and the gesture is for the current text. */
  async #select({ revision, layers }: WebviewToHost['select']): Promise<void> {
    if ((await this.#isActive()) && revision === this.document.version) this.onSelect(layers);
  }

  /** A key may arrive before VS Code reports that a click has made this the active editor. */
  #isActive(): Promise<boolean> {
    if (this.panel.active) return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (active: boolean) => {
        clearTimeout(timer);
        listener.dispose();
        resolve(active);
      };
      const timer = setTimeout(() => finish(false), activationPatience);
      const listener = this.panel.onDidChangeViewState(() => {
        if (this.panel.active) finish(true);
      });
    });
  }

  async #guarded(act: () => void | Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.log.warn(String(error));
    }
  }
}

const momentMessage = ({ stats, detail, findings, ...at }: Moment): HostToWebview['moment'] => ({
  at,
  events: [stats, ...(detail ? [detail] : []), ...findings].map(writeEvent),
});
