/** The editor's state: the document as last sent, and what the person has selected. It has no undo history. */
import { create } from 'zustand';
import { analyze } from '../../engine/graph/analyze.ts';
import type { RunState } from '../../engine/protocol/editor.ts';
import type { Diagnostic } from '../../engine/spec/document.ts';
import { withFindings } from '../../engine/spec/problems.ts';
import { type NetworkView, viewNetwork } from './network.ts';

export interface Notice {
  readonly severity: 'info' | 'error';
  readonly message: string;
}

export interface EditorState {
  /** The last network that could be read; absent before the first document. */
  readonly view: NetworkView | undefined;
  /** Why the current text cannot be read; the view then shows an earlier state. */
  readonly broken: { readonly message: string; readonly line: number } | undefined;
  readonly readOnly: boolean;
  readonly revision: number;
  readonly runState: RunState;
  /** Names of selected layers. */
  readonly selection: readonly string[];
  /** Whether a gesture in the graph selected them; otherwise the selection follows the text. */
  readonly selectedHere: boolean;
  readonly notice: Notice | undefined;
}

export const useEditor = create<EditorState>()(() => ({
  view: undefined,
  broken: undefined,
  readOnly: true,
  revision: -1,
  runState: { state: 'idle' },
  selection: [],
  selectedHere: false,
  notice: undefined,
}));

/** Whether gestures may change the text. */
export const isEditable = ({ view, broken, readOnly }: EditorState): boolean =>
  view !== undefined && broken === undefined && !readOnly;

/** `findings`: what the host's diagnosis of the text adds to the problems found here. */
export function receiveDocument(
  revision: number,
  text: string,
  readOnly: boolean,
  findings: readonly Diagnostic[] = [],
): void {
  const own = analyze(text);
  const analysis = { ...own, diagnostics: withFindings(own.diagnostics, findings) };
  const readable = analysis.readable || text.trim() === '';
  useEditor.setState(({ view: last, selection }) => {
    const view = readable || !last ? viewNetwork(text, revision, analysis, last) : last;
    const remaining = selection.filter((name) => view.byName.has(name));
    return {
      view,
      revision,
      readOnly,
      broken: readable ? undefined : describeBreak(text, analysis.diagnostics),
      ...(remaining.length < selection.length ? { selection: remaining, selectedHere: false } : {}),
    };
  });
}

function describeBreak(text: string, diagnostics: readonly Diagnostic[]): { message: string; line: number } {
  const first = diagnostics.find(({ severity }) => severity === 'error') ?? diagnostics[0];
  return { message: first?.message ?? '', line: text.slice(0, first?.range.start ?? 0).split('\n').length };
}

/** Selects layers by a gesture in the graph. */
export const select = (names: readonly string[]): void => setSelection(names, true);

/** Selects layers by the cursor of a text editor. */
export const followText = (layer: string): void => setSelection([layer], false);

function setSelection(names: readonly string[], selectedHere: boolean): void {
  const { selection } = useEditor.getState();
  const same = names.length === selection.length && names.every((name, index) => selection[index] === name);
  if (!same) useEditor.setState({ selection: names, selectedHere });
}

export const notify = (notice: Notice | undefined): void => useEditor.setState({ notice });
