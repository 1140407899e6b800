/** The field on a card in which a layer's name is typed. An invalid name stays in the field, with the reason below. */
import * as l10n from '@vscode/l10n';
import { useId, useRef, useState } from 'react';
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { useEditor } from '../model/editor.ts';
import { renameLayer } from '../model/gestures.ts';
import { useOverlay } from '../model/overlay.ts';
import { renameProblem } from '../model/renaming.ts';
import { takeTypedAhead } from '../model/typedAhead.ts';

export function TitleField({ name }: { readonly name: string }) {
  const problemId = useId();
  const [problem, setProblem] = useState<string>();
  // What was typed before the field appeared replaces the name.
  const [{ text: typed, entered }] = useState(takeTypedAhead);
  const open = useRef(true);
  const close = () => {
    open.current = false;
    useOverlay.setState({ renaming: undefined });
    canvasControls.current?.focus();
  };
  const commit = (text: string) => {
    // Closing removes the focus, which would commit a second time.
    if (!open.current) return;
    const newName = text.trim();
    const refusal = renameProblem(useEditor.getState().view, name, newName);
    setProblem(refusal);
    if (refusal !== undefined) return;
    close();
    if (newName !== name) void perform(() => renameLayer(name, newName));
  };
  return (
    <span className="layer-name-editor">
      <input
        className="layer-name-field nodrag nopan nokey"
        aria-label={l10n.t('New name of {0}', name)}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : problemId}
        defaultValue={typed === '' ? name : typed}
        // biome-ignore lint/a11y/noAutofocus: the field was opened to type in.
        autoFocus
        onFocus={({ target }) => {
          if (typed === '') target.select();
          else if (entered) commit(target.value);
        }}
        onChange={() => setProblem(undefined)}
        onBlur={({ target }) => commit(target.value)}
        onDoubleClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return;
          event.stopPropagation();
          if (event.key === 'Enter') commit(event.currentTarget.value);
          else close();
        }}
      />
      {problem !== undefined && (
        <span className="layer-name-problem" id={problemId} role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}
