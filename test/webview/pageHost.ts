/**
 * The other end of the link, in the page: a text with an undo stack that answers the editor as the extension
 * host does, with the engine's own functions. It replaces VS Code's TextDocument, not our own code.
 */
import { analyze } from '../../engine/graph/analyze.ts';
import { Channel } from '../../engine/protocol/channel.ts';
import type {
  EditResult,
  HostToWebview,
  RunState,
  TrialState,
  WebviewToHost,
} from '../../engine/protocol/editor.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { writeEvent } from '../../engine/protocol/eventText.ts';
import type { GraphActionName } from '../../engine/protocol/graphActions.ts';
import { graphActionNames } from '../../engine/protocol/graphActions.ts';
import type { PicturePart, PictureRequest } from '../../engine/protocol/picture.ts';
import type { Diagnostic } from '../../engine/spec/document.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { contributedKeys } from '../../extension/editor/contributedKeys.ts';
import { RunRecord } from '../../extension/training/runRecord.ts';
import manifest from '../../package.json' with { type: 'json' };
import titles from '../../package.nls.json' with { type: 'json' };
import { chordOf } from '../../webview/model/keys.ts';

/** The manifest with titles in English, as VS Code provides it. */
const localized = {
  commands: manifest.contributes.commands.map(({ command, title }) => ({
    command,
    title: titles[title.slice(1, -1) as keyof typeof titles],
  })),
  keybindings: manifest.contributes.keybindings,
};

type EditOutcome = ReturnType<typeof applyEdit>;

type Clause = (focus: { readonly canvas: boolean; readonly pointer: boolean }) => boolean;

/** Of the findings in these tests, those that have a page. */
const findingPages = ['relu/dead', 'update/tooLarge', 'loss/diverges'];

/** The parts of when-clauses that can be true here. */
const contexts: { readonly [clause: string]: Clause } = {
  "activeCustomEditorId == 'netloom.graph'": () => true,
  'netloom.canvasFocus': ({ canvas }) => canvas,
  '!inQuickOpen': () => true,
  '!inputFocus': () => true,
  '!listFocus': () => true,
  'netloom.canvasPointer': ({ pointer }) => pointer,
};

export class PageHost {
  text = '';
  revision = 1;
  #findings: readonly Diagnostic[] = [];
  readonly commands: string[] = [];
  readonly edits: string[] = [];
  /** A benchmark applies edits in another process, as VS Code does. */
  applies: (text: string, edit: SpecEdit) => EditOutcome | Promise<EditOutcome> = applyEdit;
  /** Findings for which a trial was requested. */
  readonly tried: string[] = [];
  readonly explained: string[] = [];
  /** Names to suggest, by the typed path or the file. */
  suggested: { readonly [about: string]: readonly string[] } = {};
  readonly decisions: string[] = [];
  /** The run, and the last step of the readings that a replay of it knows. */
  #record: RunRecord | undefined;
  #end: number | undefined;
  focus = { canvas: false, pointer: false };
  /** How often the page has reported that a person works in it. */
  uses = 0;
  selected: readonly string[] = [];
  /** All selections that were sent, in order. */
  readonly selections: (readonly string[])[] = [];
  state: unknown;
  readonly violations: string[] = [];
  readonly #past: string[] = [];
  readonly #future: string[] = [];
  readonly #channel: Channel<HostToWebview, WebviewToHost>;
  #hear: ((message: unknown) => void) | undefined;

  constructor() {
    this.#channel = new Channel<HostToWebview, WebviewToHost>(
      {
        post: (message) => window.postMessage(structuredClone(message)),
        onMessage: (listener) => {
          this.#hear = listener;
        },
      },
      {
        ready: () => {
          queueMicrotask(() => this.#sendDocument());
          return { l10n: {}, keys: contributedKeys(localized), findingPages };
        },
        edit: ({ revision, edit }) => {
          this.edits.push(edit.kind);
          if (revision !== this.revision) return { result: 'stale' };
          const outcome = this.applies(this.text, edit);
          return outcome instanceof Promise
            ? outcome.then((outcome) => this.#applied(outcome))
            : this.#applied(outcome);
        },
        tryFix: ({ code, layers }) => {
          this.tried.push([code, ...(layers ?? [])].join(' '));
        },
        suggest: (wanted) => this.suggested[wanted.of === 'files' ? wanted.typed : wanted.file] ?? [],
        explain: ({ code }) => {
          this.explained.push(code);
        },
        decide: ({ decision }) => {
          this.decisions.push(decision);
        },
        replay: (place) => this.#replay(place),
        command: ({ command }) => {
          this.commands.push(command);
          if (command === 'undo') this.#step(this.#past, this.#future);
          if (command === 'redo') this.#step(this.#future, this.#past);
        },
        focus: (focus) => {
          this.focus = focus;
        },
        inUse: () => {
          this.uses++;
        },
        select: ({ layers }) => {
          this.selected = layers;
          this.selections.push(layers);
        },
      },
    );
    window.addEventListener('keydown', (event) => this.#press(event));
  }

  #applied(outcome: EditOutcome): EditResult {
    if ('problem' in outcome) return { result: 'refused', message: outcome.problem };
    this.change(applyChanges(this.text, outcome.changes));
    return { result: 'applied', revision: this.revision };
  }

  /** As VS Code does: a key that reaches the window runs the command it is bound to, if its when-clause holds. */
  #press(event: KeyboardEvent): void {
    // VS Code binds keys, and names them by what they type on a US keyboard.
    if (['/', '?'].includes(event.key) && event.code !== 'Slash') return;
    const chord = { '?': 'shift+/', '+': 'shift+=' }[event.key] ?? chordOf(event);
    const bound = localized.keybindings.find(
      ({ key, when }) =>
        key === chord &&
        when.split(' && ').every((clause) => Object.hasOwn(contexts, clause) && contexts[clause](this.focus)),
    );
    const action = graphActionNames.find((name) => bound?.command === `netloom.${name}`);
    if (action) this.act(action);
  }

  act(action: GraphActionName): void {
    this.#channel.send('action', { action });
  }

  /** The object that the page gets from `acquireVsCodeApi`. */
  readonly api = {
    // Delivered before the next key. In VS Code, it arrives before a person can press one.
    postMessage: (message: unknown) => queueMicrotask(() => this.#hear?.(structuredClone(message))),
    getState: () => this.state,
    setState: (state: unknown) => {
      this.state = structuredClone(state);
    },
  };

  /** A change of the text from outside the graph, e.g. typing in the text editor. */
  change(text: string): void {
    if (text === this.text) return;
    this.#past.push(this.text);
    this.#future.length = 0;
    this.#set(text);
  }

  /** A run of the current text, from its beginning. With `earlier`, a run that ended at that time. */
  run(state: RunState, events: readonly TrainingEvent[], earlier?: number): void {
    this.#record = new RunRecord(this.text, earlier === undefined ? {} : { earlier: new Date(earlier) });
    this.#end = undefined;
    for (const event of events) this.#record.add(event);
    this.#channel.send('runState', state);
    this.#sendRun(events);
  }

  #sendRun(events: readonly TrainingEvent[]): void {
    const { text = '', earlier } = this.#record ?? {};
    this.#channel.send('run', {
      text,
      events: events.map(writeEvent),
      ...(earlier === undefined ? {} : { earlier: earlier.getTime() }),
    });
  }

  async #replay({ step, move = 0 }: Parameters<WebviewToHost['replay']>[0]): Promise<void> {
    const recording = await this.#record?.recording();
    const moment = step === undefined ? undefined : recording?.at(step, { move, end: this.#end });
    this.#end = moment?.last;
    if (!moment) this.#channel.send('moment', { events: [] });
    else {
      const { stats, detail, findings, ...at } = moment;
      const events = [stats, ...(detail ? [detail] : []), ...findings];
      this.#channel.send('moment', { at, events: events.map(writeEvent) });
    }
  }

  /** More events of that run. */
  report(events: readonly TrainingEvent[]): void {
    for (const event of events) this.#record?.add(event);
    this.#channel.send('runEvents', { events: events.map(writeEvent) });
  }

  trial(state: TrialState): void {
    this.#channel.send('trial', state);
  }

  /** Requests a picture part by part, as the host does. */
  async picture(wanted: Omit<PictureRequest, 'from'>): Promise<string> {
    let picture = '';
    for (let from: number | undefined = 0; from !== undefined; ) {
      const part: PicturePart = await this.#channel.request('picture', { ...wanted, from });
      picture += part.content;
      from = part.next;
    }
    return picture;
  }

  reveal(layer: string): void {
    this.#channel.send('reveal', { layer });
  }

  #step(from: string[], to: string[]): void {
    const text = from.pop();
    if (text === undefined) return;
    to.push(this.text);
    this.#set(text);
  }

  /** The record of the run follows the text, as in the extension host. */
  #set(text: string): void {
    const record = this.#record;
    const isRenamed = record?.names.follow(analyze(this.text).spec, analyze(text).spec);
    this.text = text;
    if (record && isRenamed) this.#sendRun(record.events);
    this.#sendDocument();
  }

  /** What the diagnosis finds in the text and in its run. */
  find(findings: readonly Diagnostic[]): void {
    this.#findings = findings;
    this.#sendDocument();
  }

  #sendDocument(): void {
    const document = { text: this.text, readOnly: false, findings: this.#findings };
    this.#channel.send('document', { revision: ++this.revision, ...document });
  }
}

declare global {
  interface Window {
    host: PageHost;
  }
}

const host = new PageHost();
window.host = host;
Object.assign(window, { acquireVsCodeApi: () => host.api });
document.addEventListener('securitypolicyviolation', ({ violatedDirective, sample, blockedURI }) => {
  host.violations.push(`${violatedDirective} ${blockedURI} ${sample}`);
});
