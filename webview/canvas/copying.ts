/** Copies of layers: on the clipboard, and in the network. */
import * as l10n from '@vscode/l10n';
import { perform } from '../host.ts';
import { notify, useEditor } from '../model/editor.ts';
import { copyText, duplicate, paste, problemOfPaste } from '../model/gestures.ts';
import { showSelection } from './showSelection.ts';

export const copyOf = (names: readonly string[]): string => {
  const { view } = useEditor.getState();
  return view ? copyText(view, names) : '';
};

export const double = (names: readonly string[]): void => {
  void perform((view) => duplicate(view, names)).then(showSelection);
};

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
