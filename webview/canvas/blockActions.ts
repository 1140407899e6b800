/** What one can do with blocks: go into one and out of it, make one of layers, and write one out. */
import { dissolveBlock } from '../../engine/graph/dissolveBlock.ts';
import { type BlockEdit, judgedIn, makeBlock } from '../../engine/graph/makeBlock.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { goWithin, notify, useEditor } from '../model/editor.ts';
import type { Gesture } from '../model/gestures.ts';
import type { NetworkView } from '../model/network.ts';

export const isUse = (view: NetworkView | undefined, name: string | undefined): boolean => {
  const layer = name === undefined ? undefined : view?.byName.get(name);
  return layer !== undefined && (view?.whole.spec.blocks.has(layer.type) ?? false);
};

const fitSoon = (): void => void requestAnimationFrame(() => canvasControls.current?.fit());

export function enterBlock(name: string | undefined, copy = 1): void {
  const { view, within } = useEditor.getState();
  if (name === undefined || !isUse(view, name)) return;
  goWithin([...within, { use: name, copy }]);
  fitSoon();
}

/** Another copy of the block in view: the same layers with other statistics. */
export function showCopy(copy: number): void {
  const { within, selection } = useEditor.getState();
  const last = within.at(-1);
  if (last) goWithin([...within.slice(0, -1), { ...last, copy }], selection);
}

/** Out to where `depth` uses lead; the use that one was in is selected there. */
export function leaveBlock(depth = useEditor.getState().within.length - 1): void {
  const { within } = useEditor.getState();
  if (depth < 0 || within.length <= depth) return;
  goWithin(within.slice(0, depth), [within[depth].use]);
  fitSoon();
}

/** Losses judge layers of the network, none inside of a block. */
const judgedBy = ({ inside, training }: NetworkView) =>
  inside ? [] : judgedIn(training as Json | undefined);

/** The gesture, or a notice of why there is none. */
function gestureOf(outcome: BlockEdit): Gesture | undefined {
  if ('edit' in outcome) return outcome;
  notify({ severity: 'info', message: outcome.problem });
  return undefined;
}

export const makeBlockOf = (names: readonly string[]): void =>
  void perform((view) =>
    gestureOf(makeBlock({ ...view.analysis, whole: view.whole }, names, judgedBy(view))),
  );

export const dissolve = (name: string | undefined): void =>
  void perform((view) =>
    name === undefined
      ? undefined
      : gestureOf(dissolveBlock(view.analysis, view.whole, name, judgedBy(view))),
  );
