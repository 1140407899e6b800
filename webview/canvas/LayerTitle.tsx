/** The name on a card, and the field in which it is changed. */
import * as l10n from '@vscode/l10n';
import { useRef } from 'react';
import { nameProblem } from '../../engine/spec/reference.ts';
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { isEditable, notify, useEditor } from '../model/editor.ts';
import { renameLayer } from '../model/gestures.ts';
import { useOverlay } from '../model/overlay.ts';

export function LayerTitle({ name }: { readonly name: string }) {
  const renaming = useOverlay((overlay) => overlay.renaming === name);
  if (renaming) return <TitleField name={name} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: F2 does the same from the keyboard.
    <span
      className="layer-name"
      title={name}
      onDoubleClick={(event) => {
        event.stopPropagation();
        if (isEditable(useEditor.getState())) useOverlay.setState({ renaming: name });
      }}
    >
      {name}
    </span>
  );
}

function TitleField({ name }: { readonly name: string }) {
  const open = useRef(true);
  const close = () => {
    open.current = false;
    useOverlay.setState({ renaming: undefined });
    canvasControls.current?.focus();
  };
  const commit = (text: string) => {
    // Closing takes the focus away, which would commit once more.
    if (!open.current) return;
    close();
    const newName = text.trim();
    if (newName === name) return;
    const problem = useEditor.getState().view?.byName.has(newName)
      ? l10n.t('There is already a layer named "{0}".', newName)
      : nameProblem(newName);
    if (problem) notify({ severity: 'error', message: problem });
    else void perform(() => renameLayer(name, newName));
  };
  return (
    <input
      className="layer-name-field nodrag nopan nokey"
      aria-label={l10n.t('New name of {0}', name)}
      defaultValue={name}
      ref={(field) => field?.select()}
      onBlur={({ target }) => commit(target.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') commit(event.currentTarget.value);
        if (event.key === 'Escape') close();
      }}
    />
  );
}
