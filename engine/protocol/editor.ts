/**
 * Extension host ↔ graph editor. The webview is sent the text and derives graph, shapes and problems with the
 * same pure functions the host uses; it answers gestures with a SpecEdit against a revision.
 */
import type { SpecEdit } from '../spec/document.ts';
import type { GraphCommand } from './commands.ts';

export type RunState =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly task: 'train' | 'evaluate' }
  | { readonly state: 'stopping' };

export type EditResult =
  | { readonly result: 'applied' }
  /** The text had changed meanwhile; the new document follows, the gesture is dropped. */
  | { readonly result: 'stale' }
  | { readonly result: 'refused'; readonly message: string };

export type HostToWebview = {
  /** The whole truth, after every change of the text. `revision` is the TextDocument's version. */
  document: { readonly revision: number; readonly text: string; readonly readOnly: boolean };
  runState: RunState;
  /** Events of the run on this document, each as `writeEvent` wrote it. */
  runEvents: { readonly events: readonly string[] };
  /**
   * A run from its beginning: when one starts, and on (re)load with what is needed to redraw charts and statistics. `text` is
   * what it runs. `earlier` is when it ended, in milliseconds since 1970, if that was before the network was opened; `cutOff` says
   * that it then came to no end.
   */
  run: {
    readonly text: string;
    readonly events: readonly string[];
    readonly earlier?: number | undefined;
    readonly cutOff?: boolean;
  };
  /** Select and centre a layer (from the text cursor or a command). */
  reveal: { readonly layer: string };
};

export type WebviewToHost = {
  /** Answers with the l10n bundle; `document` and run state follow. */
  ready: (body: Record<never, never>) => { readonly l10n: { readonly [message: string]: string } };
  edit: (body: { readonly revision: number; readonly edit: SpecEdit }) => EditResult;
  /** Runs a command of a fixed list, on this network. */
  command: { readonly command: GraphCommand };
  /**
   * A gesture in the graph selected these layers of the text at `revision`; a text editor beside scrolls to them. Never
   * sent for a selection that follows the text's cursor: that would send the text back to where its cursor was.
   */
  select: { readonly revision: number; readonly layers: readonly string[] };
};
