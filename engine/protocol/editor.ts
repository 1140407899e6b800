/**
 * Extension host ↔ graph editor. The host sends the text. The webview derives graph, shapes and problems from it with the same
 * pure functions as the host, and answers gestures with a SpecEdit for a revision.
 */
import {
  count,
  fields,
  finite,
  flag,
  list,
  must,
  object,
  oneOf,
  optional,
  type Read,
  type Reader,
  tagged,
  text,
} from '../schema/reader.ts';
import { severities } from '../schema/severity.ts';
import type { Diagnostic } from '../spec/document.ts';
import { name, specEdit } from '../spec/specEdit.ts';
import { graphCommands } from './commands.ts';
import { readEvent } from './eventText.ts';
import { type GraphActionName, graphActionNames } from './graphActions.ts';
import { type MessagesOf, request } from './messages.ts';
import { type PicturePart, pictureRequest } from './picture.ts';

export type EditResult =
  /** `revision`: of the document with the edit. An edit that changes nothing leaves the revision as it was. */
  | { readonly result: 'applied'; readonly revision: number }
  /** The text has changed in the meantime; the new document follows, and the gesture is dropped. */
  | { readonly result: 'stale' }
  | { readonly result: 'refused'; readonly message: string };

/** The default shortcut of one action of the graph, from package.json; people may have changed it. */
export interface ContributedKeys {
  readonly action: GraphActionName;
  /** The title in the language of the window. */
  readonly title: string;
  readonly keys: readonly { readonly key: string; readonly mac: string }[];
}

const runTask = oneOf('train', 'evaluate');

/** What the editor shows of a network during the run. */
export type RunTask = Read<typeof runTask>;

const runState = tagged('state', { idle: {}, running: { task: runTask }, stopping: {} });

export type RunState = Read<typeof runState>;

/** An event as `writeEvent` wrote it. */
const eventLine: Reader<string> = (value) =>
  must(typeof value === 'string' && readEvent(value) !== undefined, value, 'an event');

const pathStep: Reader<string | number> = (value) =>
  must(typeof value === 'string' || typeof value === 'number', value, 'a step of a path');

/** Milliseconds since 1970 that a date can have. */
const moment: Reader<number> = (value) =>
  must(typeof value === 'number' && Math.abs(value) <= 8.64e15, value, 'a date');

/** Fixes on trial for this document: none, some that are being trained, a result that waits for a decision, or one that was kept. */
const trialState = tagged('state', {
  none: {},
  running: {
    task: oneOf('try', 'repair', 'compare'),
    /** What is trained now, and its progress. */
    doing: text,
    step: count,
    steps: optional(count),
  },
  /** `event` is a "trial", a "repair" or a "comparison". `stale`: whether the text has changed since it was tried. */
  done: { event: eventLine, stale: flag },
  kept: {},
});

export type TrialState = Read<typeof trialState>;

/** A finding of the diagnosis, at its place in the text. */
const finding: Reader<Diagnostic> = fields({
  code: text,
  severity: oneOf(...severities),
  message: text,
  layer: optional(text),
  attribute: optional(text),
  path: list(pathStep),
  range: fields({ start: count, end: count }),
  fix: optional(fields({ title: text, edit: specEdit })),
});

/** A reading of a recorded run. */
const momentPlace = fields({
  step: finite,
  /** Its place among the readings, from 0, and how many there are. */
  index: count,
  count,
  /** Steps of the first and the last reading. */
  first: finite,
  last: finite,
});

export type MomentPlace = Read<typeof momentPlace>;

export const hostToWebview = {
  /**
   * The complete state, after every change of the text. `revision` is the TextDocument's version; `findings` are those
   * of the diagnosis, in addition to the problems that the page finds in the text; `inputShape` is that of a sample of the data, if it
   * is known.
   */
  document: fields({
    revision: count,
    text,
    readOnly: flag,
    findings: optional(list(finding)),
    inputShape: optional(list(count)),
  }),
  runState,
  /** Events of the run on this document. */
  runEvents: fields({ events: list(eventLine) }),
  /**
   * A run from its beginning: sent when one starts, and on (re)load with the events needed to redraw charts and
   * statistics. `text` is the spec that runs. `earlier` is when it ended, if that was before the network was opened;
   * `cutOff` says that it was cut off; `opened`, that it is not the last run, but one that the person has opened. Without a
   * run, `events` is empty.
   */
  run: fields({
    text,
    events: list(eventLine),
    earlier: optional(moment),
    cutOff: optional(flag),
    opened: optional(flag),
  }),
  /**
   * An earlier moment of the run that is shown instead of its newest state, with the statistics, details and findings that were
   * known then. Without `at`, the newest state is shown again.
   */
  moment: fields({ at: optional(momentPlace), events: list(eventLine) }),
  trial: trialState,
  /** A shortcut or the palette requests this action of the active graph. */
  action: fields({ action: oneOf(...graphActionNames) }),
  /** Select and centre a layer (requested by the text cursor or a command). */
  reveal: fields({ layer: text }),
  /** Answers with a part of a picture of the network as it is shown. */
  picture: request<PicturePart>()(pictureRequest),
};

export type HostToWebview = MessagesOf<typeof hostToWebview>;

export const webviewToHost = {
  /**
   * The page has loaded. Answers with the l10n bundle, the keys of the graph and the codes of findings that `explain` has a page
   * for; `document` and run state follow.
   */
  ready: request<{
    readonly l10n: { readonly [message: string]: string };
    readonly keys: readonly ContributedKeys[];
    readonly findingPages: readonly string[];
  }>()(fields({})),
  edit: request<EditResult>()(fields({ revision: count, edit: specEdit })),
  /**
   * Names that the data of this network may use: files and folders where a typed path leads, or columns of a table. `data`: the section
   * that names the table, as written.
   */
  suggest: request<readonly string[]>()(
    tagged('of', { files: { typed: text }, columns: { file: text, data: object } }),
  ),
  /** The part of the page that has the focus, for the when-clauses of shortcuts. */
  focus: fields({ canvas: flag, pointer: flag }),
  /** A person works in this page, so its editor must be the active one. */
  inUse: fields({}),
  /** Tries the fix of a finding in these layers, before anything is kept. */
  tryFix: fields({ code: text, layers: optional(list(text)) }),
  /** Opens the page that explains a finding. */
  explain: fields({ code: text }),
  /** The decision of the person on a trial: stop it, keep its edit, or discard it. */
  decide: fields({ decision: oneOf('cancel', 'keep', 'discard') }),
  /**
   * Shows the last reading up to a step, or `move` readings after it; without a step, the newest state. Answers when the moment
   * has been sent.
   */
  replay: request<void>()(fields({ step: optional(finite), move: optional(finite) })),
  /** Runs a command of a fixed list, on this network. */
  command: fields({ command: oneOf(...graphCommands) }),
  /**
   * A gesture in the graph selected these layers of the text at `revision`; a text editor beside it scrolls to them. Not sent
   * for a selection that follows the cursor of the text, because the text would then scroll back to an earlier position.
   */
  select: fields({ revision: count, layers: list(name) }),
};

export type WebviewToHost = MessagesOf<typeof webviewToHost>;
