/** The editor's state: the document as last received, and the selection. It has no undo history. */
import { create } from 'zustand';
import { analyze } from '../../engine/graph/analyze.ts';
import { blockOf, repeatsOf } from '../../engine/graph/blocks.ts';
import type { Inside } from '../../engine/graph/inside.ts';
import type { Analysis } from '../../engine/graph/typed.ts';
import type { Shape } from '../../engine/layers/define.ts';
import type { RunState } from '../../engine/protocol/editor.ts';
import type { Diagnostic, NetworkSpec } from '../../engine/spec/document.ts';
import { renamingBetween } from '../../engine/spec/findRenaming.ts';
import { withFindings } from '../../engine/spec/problems.ts';
import { insideName } from '../../engine/spec/reference.ts';
import { type Names, namesAfter } from '../../engine/spec/renaming.ts';
import { renameAppliedFixes } from './appliedFixes.ts';
import { type NetworkView, viewNetwork } from './network.ts';
import { drawingOf, type Step, useUnfolded } from './unfolding.ts';

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
  /** The shape of a sample of the data, if it is known. */
  readonly inputShape: Shape | undefined;
  /** Names of selected layers, as they are drawn. */
  readonly selection: readonly string[];
  /** Whether a gesture in the graph selected them; otherwise the selection follows the text. */
  readonly selectedHere: boolean;
  readonly notice: Notice | undefined;
  /** The uses of blocks that have been entered, each within the previous one. */
  readonly within: readonly Step[];
}

export const useEditor = create<EditorState>()(() => ({
  view: undefined,
  broken: undefined,
  readOnly: true,
  revision: -1,
  runState: { state: 'idle' },
  inputShape: undefined,
  selection: [],
  selectedHere: false,
  notice: undefined,
  within: [],
}));

/** Whether gestures may change the text. */
export const isEditable = ({ view, broken, readOnly }: EditorState): boolean =>
  view !== undefined && broken === undefined && !readOnly;

/** `findings`: findings of the host's diagnosis, in addition to the problems found here. */
export function receiveDocument(
  revision: number,
  text: string,
  readOnly: boolean,
  findings: readonly Diagnostic[] = [],
  inputShape?: Shape,
): void {
  const own = analyze(text);
  const analysis = { ...own, diagnostics: withFindings(own.diagnostics, findings) };
  const readable = analysis.readable || text.trim() === '';
  const state = useEditor.getState();
  const names = readable && state.view ? namesBetween(state.view.whole.spec, analysis.spec) : undefined;
  if (names) {
    useUnfolded.setState((unfolded) => ({ names: new Set([...unfolded.names].map(names.full)) }));
    renameAppliedFixes(names);
  }
  useEditor.setState(({ view: last, selection, within }) => {
    const reached = whereIs(analysis, names ? renamedWay(within, names) : within);
    const view = readable || !last ? viewNetwork(text, revision, analysis, last, reached.inside) : last;
    const followed = names ? selection.map((name) => nameAfter(name, last, view, names)) : selection;
    const remaining = followed.filter((name) => isDrawn(view, name));
    return {
      view,
      ...(view === last ? {} : { within: reached.within }),
      revision,
      readOnly,
      inputShape,
      broken: readable ? undefined : describeBreak(text, analysis.diagnostics),
      ...(remaining.some((name, index) => name !== selection[index]) || remaining.length < selection.length
        ? { selection: remaining, selectedHere: false }
        : {}),
    };
  });
}

/** The names after a change of the text, wherever it was made; undefined if nothing was renamed. */
function namesBetween(before: NetworkSpec, after: NetworkSpec): Names | undefined {
  const changes = renamingBetween(before, after);
  return changes.length > 0 ? namesAfter(before, changes) : undefined;
}

/** The same way into uses of blocks. */
function renamedWay(within: readonly Step[], { full }: Names): readonly Step[] {
  const uses = full(within.map(({ use }) => use).join('/')).split('/');
  return within.map((step, index) => ({ ...step, use: uses[index] }));
}

/** The name of a layer of the previous view in the view of a new text. */
function nameAfter(name: string, last: NetworkView | undefined, view: NetworkView, names: Names): string {
  const full = names.full(fullName(last, name));
  const prefix = fullName(view, '');
  return full.startsWith(prefix) ? full.slice(prefix.length) : name;
}

/** The part of the path that still exists in a text that may have changed. */
function whereIs(
  { spec }: Analysis,
  within: readonly Step[],
): { readonly within: readonly Step[]; readonly inside: Inside | undefined } {
  const reached: Step[] = [];
  let layers = spec.layers;
  let inside: Inside | undefined;
  for (const step of within) {
    const use = layers.find(({ name }) => name === step.use);
    const block = use && blockOf(use, spec.blocks);
    if (!block) break;
    const copies = repeatsOf(use);
    const copy = Math.min(step.copy, copies);
    reached.push({ ...step, copy });
    const start = (inside?.prefix ?? '') + step.use;
    inside = { block, prefix: insideName(start, ...(copies > 1 ? [copy] : []), '') };
    layers = block.layers;
  }
  return { within: reached, inside };
}

/** Enters or leaves uses of blocks. */
export function goWithin(within: readonly Step[], selection: readonly string[] = []): void {
  useEditor.setState(({ view, ...state }) => {
    if (!view) return state;
    const reached = whereIs(view.whole, within);
    const next = viewNetwork(view.text, view.revision, view.whole, undefined, reached.inside);
    return {
      view: next,
      within: reached.within,
      selection: selection.filter((name) => next.byName.has(name)),
      selectedHere: true,
    };
  });
}

const isDrawn = (view: NetworkView, name: string): boolean =>
  view.byName.has(name) || drawingOf(view).byName.has(name);

/** The name of a layer in the run and in the text, for one in view. */
export const fullName = (view: NetworkView | undefined, name: string): string =>
  (view?.inside?.prefix ?? '') + name;

/** The layer in view for a layer that runs: itself, the same layer of another use, or the use that contains it. */
export function nameInView(view: NetworkView, layer: string): string | undefined {
  const { inside, whole, byName } = view;
  const prefix = inside?.prefix ?? '';
  const [block, part] = whole.graph.byName.get(layer)?.spec.path.slice(1) ?? [];
  const rest = layer.startsWith(prefix) ? layer.slice(prefix.length) : undefined;
  // A name with a "/" is an error, but its layer is still in view.
  if (rest !== undefined && isDrawn(view, rest)) return rest;
  const name =
    rest !== undefined
      ? rest.split('/')[0]
      : inside && block === inside.block.name
        ? String(part)
        : undefined;
  return name !== undefined && byName.has(name) ? name : undefined;
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

export function notify(notice: Notice | undefined): void {
  if (notice !== useEditor.getState().notice) useEditor.setState({ notice });
}
