/** Copies of layers: on the clipboard, and in the network. */
import * as l10n from '@vscode/l10n';
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { notify, useEditor } from '../model/editor.ts';
import { copyText, duplicate, paste } from '../model/gestures.ts';

export const copyOf = (names: readonly string[]): string => {
  const { view } = useEditor.getState();
  return view ? copyText(view, names) : '';
};

/** Copies are selected; the layout may have placed them out of view. */
function showCopies(made: boolean): void {
  if (!made) return;
  const { selection } = useEditor.getState();
  requestAnimationFrame(() => canvasControls.current?.revealLayers(selection));
}

export const double = (names: readonly string[]): void => {
  void perform((view) => duplicate(view, names)).then(showCopies);
};

export const pasteText = (text: string): void => {
  void perform((view) => {
    const gesture = paste(view, text);
    if (!gesture) notify({ severity: 'info', message: l10n.t('The clipboard holds no layers.') });
    return gesture;
  }).then(showCopies);
};
