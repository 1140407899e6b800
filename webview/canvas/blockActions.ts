/** Actions on blocks: enter, leave, unfold, make from layers, and dissolve. */
import * as l10n from '@vscode/l10n';
import { dissolveBlock } from '../../engine/graph/dissolveBlock.ts';
import { type BlockEdit, judgedIn, makeBlock } from '../../engine/graph/makeBlock.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { fullName, goWithin, notify, select, useEditor } from '../model/editor.ts';
import type { Gesture } from '../model/gestures.ts';
import type { NetworkView } from '../model/network.ts';
import { usePanels } from '../model/panels.ts';
import { type Drawn, drawingOf, isCopy, useUnfolded } from '../model/unfolding.ts';
import { showSelection } from './showSelection.ts';

const drawnAs = (view: NetworkView | undefined, name: string | undefined): Drawn | undefined =>
  view && name !== undefined ? drawingOf(view).byName.get(name) : undefined;

/** A use of a block, or a copy of one. */
export const isUse = (view: NetworkView | undefined, name: string | undefined): boolean =>
  drawnAs(view, name)?.inward !== undefined;

export const isUnfolded = (view: NetworkView | undefined, name: string | undefined): boolean =>
  drawnAs(view, name)?.content !== undefined;

/** Whether it is drawn within the frame of a block, in whose own view it can be changed. */
export const isPart = (view: NetworkView | undefined, name: string | undefined): boolean =>
  drawnAs(view, name)?.block !== undefined;

/** Whether it can be unfolded or folded: a use of a block, not several copies of one. */
export function canBeFolded(view: NetworkView | undefined, name: string): boolean {
  const item = drawnAs(view, name);
  return item?.inward !== undefined && item.copies === undefined;
}

const fitSoon = (): void => void requestAnimationFrame(() => canvasControls.current?.fit());

/** Into a use of a block, or, from a layer in a frame, to where it is written. */
export function enterBlock(name: string | undefined, copy?: number): void {
  const { view, within } = useEditor.getState();
  const item = drawnAs(view, name);
  if (!item) return;
  if (item.inward) {
    const last = item.inward.at(-1)!;
    goWithin([...within, ...item.inward.slice(0, -1), { ...last, copy: copy ?? last.copy }]);
  } else if (item.block !== undefined) goWithin([...within, ...item.way], [item.written]);
  else return;
  fitSoon();
}

/** Another copy of the block in view: the same layers with other statistics. */
export function showCopy(copy: number): void {
  const { within, selection } = useEditor.getState();
  const last = within.at(-1);
  if (last) goWithin([...within.slice(0, -1), { ...last, copy }], selection);
}

/** Leaves blocks until `depth` uses are left. The last use that was left is selected. */
export function leaveBlock(depth = useEditor.getState().within.length - 1): void {
  const { within } = useEditor.getState();
  if (depth < 0 || within.length <= depth) return;
  goWithin(within.slice(0, depth), [within[depth].use]);
  fitSoon();
}

/** If the view shows the whole network, it follows. Otherwise the unfolded block stays in view. */
function show(name: string): void {
  requestAnimationFrame(() => {
    const { current } = canvasControls;
    if (usePanels.getState().viewport === undefined) current?.fit();
    else current?.show(name);
  });
}

/** Unfolds a use of a block in place, or folds it. From a layer in a frame, the frame around it is folded. */
export function foldOrUnfold(name: string | undefined): void {
  const { view } = useEditor.getState();
  const item = drawnAs(view, name);
  const use = name !== undefined && canBeFolded(view, name) ? name : item?.frames.at(-1);
  if (!view || use === undefined) return;
  const full = fullName(view, use);
  const { names } = useUnfolded.getState();
  const folds = isUnfolded(view, use);
  useUnfolded.setState({
    names: folds
      ? new Set([...names].filter((one) => one !== full))
      : withFirstCopy(view, use, new Set([...names, full])),
  });
  if (use !== name || folds) select([use]);
  show(use);
}

/** Copies of a block have the same layers, so one of them shows what is inside. */
function withFirstCopy(view: NetworkView, use: string, names: ReadonlySet<string>): ReadonlySet<string> {
  const [first] = drawingOf(view, names).byName.get(use)?.content ?? [];
  return first && isCopy(first) ? new Set([...names, fullName(view, first.layer.name)]) : names;
}

/** The most layers that unfolding all blocks may draw. */
const mostDrawn = 600;

/** Unfolds all uses in view, those within others too, as far as that can be drawn; if all are unfolded, folds them. */
export function foldOrUnfoldAll(): void {
  const { view } = useEditor.getState();
  if (!view) return;
  if (canUnfold(view)) unfoldAll();
  else foldAll();
}

/** Whether a use of a block in view is folded. */
export const canUnfold = (view: NetworkView | undefined): boolean =>
  view !== undefined && drawingOf(view).all.some(isFolded);

/** Whether a use of a block in view is unfolded. */
export const canFold = (view: NetworkView | undefined): boolean =>
  view !== undefined && drawingOf(view).items.some(({ content }) => content !== undefined);

const isFolded = ({ inward, content, copies }: Drawn): boolean => inward !== undefined && !content && !copies;

export function unfoldAll(): void {
  const { view } = useEditor.getState();
  if (!view) return;
  for (let drawing = drawingOf(view); ; ) {
    const { names } = useUnfolded.getState();
    const folded = drawing.all.filter(isFolded).map(({ layer }) => fullName(view, layer.name));
    if (folded.length === 0) break;
    const more = new Set([...names, ...folded]);
    drawing = drawingOf(view, more);
    if (drawing.all.length > mostDrawn) {
      notify({
        severity: 'info',
        message: l10n.t(
          'Not all blocks are unfolded, because there would be more than {0} cards.',
          mostDrawn,
        ),
      });
      break;
    }
    useUnfolded.setState({ names: more });
  }
  fitSoon();
}

export function foldAll(): void {
  const { view, selection } = useEditor.getState();
  if (!view) return;
  const inView = new Set(drawingOf(view).all.map(({ layer }) => fullName(view, layer.name)));
  const outermost = selection.map((name) => drawnAs(view, name)?.frames[0] ?? name);
  useUnfolded.setState(({ names }) => ({ names: new Set([...names].filter((one) => !inView.has(one))) }));
  if (outermost.some((name, index) => name !== selection[index])) select([...new Set(outermost)]);
  fitSoon();
}

/** Losses judge layers of the network, not layers inside a block. */
const judgedBy = ({ inside, training }: NetworkView) =>
  inside ? [] : judgedIn(training as Json | undefined);

/** The gesture; if there is none, shows the reason. */
function gestureOf(outcome: BlockEdit): Gesture | undefined {
  if ('edit' in outcome) return outcome;
  notify({ severity: 'info', message: outcome.problem });
  return undefined;
}

export const makeBlockOf = (names: readonly string[]): void =>
  void perform((view) =>
    gestureOf(makeBlock({ ...view.analysis, text: view.text, whole: view.whole }, names, judgedBy(view))),
  );

export const dissolve = (name: string | undefined): void =>
  void perform((view) =>
    name === undefined
      ? undefined
      : gestureOf(dissolveBlock(view.analysis, { ...view.whole, text: view.text }, name, judgedBy(view))),
  ).then(showSelection);

/** The layers that can be changed in this view; shows a notice if there are none. */
export function changeable(names: readonly string[]): readonly string[] {
  const { view } = useEditor.getState();
  const own = names.filter((name) => !isPart(view, name));
  const [part] = names;
  if (own.length > 0 || part === undefined) return own;
  const { block, written } = drawnAs(view, part)!;
  notify({
    severity: 'info',
    message: l10n.t(
      '{0} is a layer of the block {1}. Enter the block to change it for all uses.',
      written,
      block!,
    ),
  });
  return own;
}
