/** Copies of layers: on the clipboard, and in the network. */
import * as l10n from '@vscode/l10n';
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { card, cardHeight, isRow } from '../model/cardSizes.ts';
import { notify, useEditor } from '../model/editor.ts';
import { freePlace } from '../model/freePlace.ts';
import type { Point } from '../model/geometry.ts';
import { beside, besideOriginals, copyText, duplicate, paste, problemOfPaste } from '../model/gestures.ts';
import type { NetworkView } from '../model/network.ts';
import { showSelection } from './showSelection.ts';

export const copyOf = (names: readonly string[]): string => {
  const { view } = useEditor.getState();
  return view ? copyText(view, names) : '';
};

export const double = (names: readonly string[]): void => {
  void perform((view) =>
    duplicate(view, names, new Map([...besideOriginals(view, names), ...rowsBeside(view, names)])),
  ).then(showSelection);
};

/**
 * Places for copies of rows. A copy reads what its original reads, and the layout draws two readers as branches: in a place of its own
 * it leaves the stack closed.
 */
function rowsBeside({ byName }: NetworkView, names: readonly string[]): ReadonlyMap<string, Point> {
  const places = canvasControls.current?.places() ?? new Map<string, Point>();
  const taken = [...places].map(([name, at]) => ({
    at,
    size: [card.width, cardHeight(byName.get(name)?.definition)] as const,
  }));
  return new Map(
    names.flatMap((name): [string, Point][] => {
      const layer = byName.get(name);
      const place = places.get(name);
      if (!place || !layer || !isRow(layer.definition)) return [];
      if (layer.from.length !== 1 || names.includes(layer.from[0].layer)) return [];
      const size: Point = [card.width, cardHeight(layer.definition)];
      return [[name, freePlace([place[0] + card.width + beside, place[1]], size, taken)]];
    }),
  );
}

/** Of several layers, one that cannot be pasted is reported, and the others are pasted. */
export const pasteText = (text: string): void => {
  const problem = problemOfPaste(text);
  const report = () => {
    if (problem !== undefined) notify({ severity: 'error', message: problem });
    else notify({ severity: 'info', message: l10n.t('The clipboard holds no layers.') });
  };
  void perform((view) => {
    const gesture = paste(view, text);
    if (!gesture) report();
    return gesture;
  }).then((made) => {
    showSelection(made);
    if (made && problem !== undefined) report();
  });
};
