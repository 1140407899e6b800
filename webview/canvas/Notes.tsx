/** Notes on layers, beside their cards. Notes are comments in the text, and what is written here becomes a comment. */
import * as l10n from '@vscode/l10n';
import { useEffect, useRef, useState } from 'react';
import { ViewportPortal } from 'reactflow';
import { Icon } from '../controls/Icon.tsx';
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { isEditable, select, useEditor } from '../model/editor.ts';
import type { FlowNode } from '../model/flow.ts';
import type { Point } from '../model/geometry.ts';
import { useOverlay } from '../model/overlay.ts';
import { takeTypedAhead } from '../model/typedAhead.ts';
import { changeable } from './blockActions.ts';
import { isCrowded, note, noteCorner, noteOf, withNotes } from './noteBoxes.ts';

export function Notes({ nodes }: { readonly nodes: readonly FlowNode[] }) {
  const view = useEditor((state) => state.view);
  const edited = useOverlay((overlay) => overlay.notedLayer);
  const shown = new Set(withNotes(view, nodes));
  const written = edited === undefined ? undefined : nodes.find(({ id }) => id === edited);
  if (written) shown.add(written);
  if (shown.size === 0) return null;
  return (
    <ViewportPortal>
      {[...shown].map((card) => (
        <Note
          key={card.id}
          layer={card.id}
          text={noteOf(view, card.id) ?? ''}
          edited={card.id === edited}
          corner={noteCorner(card)}
          narrow={card.frames.length > 0 || isCrowded(card, nodes)}
        />
      ))}
    </ViewportPortal>
  );
}

interface NoteProps {
  readonly layer: string;
  readonly text: string;
  readonly edited: boolean;
  readonly corner: Point;
  readonly narrow: boolean;
}

function Note({ layer, text, edited, corner: [left, top], narrow }: NoteProps) {
  return (
    <div
      className={`note nopan nodrag ${edited ? 'edited' : narrow ? 'narrow' : ''}`}
      style={
        {
          transform: `translate(${left}px, ${top}px)`,
          '--note-width': `${note.width}px`,
        } as React.CSSProperties
      }
    >
      <div className="note-paper">
        {edited ? (
          <NoteField layer={layer} text={text} corner={[left, top]} />
        ) : (
          <NoteText layer={layer} text={text} />
        )}
      </div>
      <Icon name="note" className="note-sign" />
    </div>
  );
}

const edit = (layer: string): void => {
  if (isEditable(useEditor.getState()) && changeable([layer]).length > 0)
    useOverlay.setState({ notedLayer: layer });
};

function NoteText({ layer, text }: { readonly layer: string; readonly text: string }) {
  return (
    <button
      type="button"
      className="note-text"
      // The graph is a single stop of the Tab key; a shortcut leads to the note of a layer.
      tabIndex={-1}
      aria-label={l10n.t('Note on {0}: {1}', layer, text)}
      onClick={() => select([layer])}
      onDoubleClick={(event) => {
        event.stopPropagation();
        edit(layer);
      }}
    >
      {text}
    </button>
  );
}

interface NoteFieldProps {
  readonly layer: string;
  readonly text: string;
  readonly corner: Point;
}

/** Notes that could not be written, for example because the text had changed, by layer. Their field has them when it opens again. */
const refused = new Map<string, string>();

function NoteField({ layer, text, corner }: NoteFieldProps) {
  const [{ text: typed }] = useState(takeTypedAhead);
  const [begun] = useState(() => refused.get(layer) ?? text);
  const field = useRef<HTMLTextAreaElement>(null);
  const open = useRef(true);
  const at = useRef(corner);
  useEffect(() => {
    const { current } = field;
    const [x, y] = at.current;
    canvasControls.current?.reveal({ x, y, width: note.width, height: note.height });
    current?.focus({ preventScroll: true });
    current?.setSelectionRange(current.value.length, current.value.length);
  }, []);
  const close = () => {
    open.current = false;
    useOverlay.setState({ notedLayer: undefined });
    canvasControls.current?.focus();
  };
  const commit = (written: string) => {
    // Closing removes the focus, which would commit a second time.
    if (!open.current) return;
    close();
    refused.delete(layer);
    if (written.trim() === text.trim()) return;
    void perform(() => ({ edit: { kind: 'setNote', layer, text: written.trim() } })).then((applied) => {
      if (!applied) refused.set(layer, written);
    });
  };
  return (
    <textarea
      ref={field}
      className="field note-field nokey nowheel"
      aria-label={l10n.t('Note on {0}', layer)}
      placeholder={l10n.t('A comment in the text')}
      rows={3}
      defaultValue={begun + typed}
      onBlur={({ target }) => commit(target.value)}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        // Escape keeps the note too, as in other canvases: undo takes it back, but nothing would bring back what was discarded.
        const isEnd = event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey));
        if (!isEnd) return;
        event.preventDefault();
        event.stopPropagation();
        commit(event.currentTarget.value);
      }}
    />
  );
}
