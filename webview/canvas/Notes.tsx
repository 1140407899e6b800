/** Notes on layers, beside their cards. Notes are comments in the text, and what is written here becomes a comment. */
import * as l10n from '@vscode/l10n';
import { useEffect, useRef, useState } from 'react';
import { ViewportPortal } from 'reactflow';
import { insideName } from '../../engine/spec/reference.ts';
import { Icon } from '../controls/Icon.tsx';
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { isEditable, select, useEditor } from '../model/editor.ts';
import type { FlowNode } from '../model/flow.ts';
import type { NetworkView } from '../model/network.ts';
import { useOverlay } from '../model/overlay.ts';
import { takeTypedAhead } from '../model/typedAhead.ts';
import { drawingOf } from '../model/unfolding.ts';
import { changeable } from './blockActions.ts';

const width = 190;
const gap = 14;
/** The space that a note of a few lines takes. */
const height = 60;

export function Notes({ nodes }: { readonly nodes: readonly FlowNode[] }) {
  const view = useEditor((state) => state.view);
  const edited = useOverlay((overlay) => overlay.notedLayer);
  const shown = nodes.filter(({ id }) => noteOf(view, id) !== undefined || id === edited);
  if (shown.length === 0) return null;
  return (
    <ViewportPortal>
      {shown.map((node) => (
        <Note
          key={node.id}
          layer={node.id}
          text={noteOf(view, node.id) ?? ''}
          edited={node.id === edited}
          left={node.position[0] + node.width + gap}
          top={node.position[1]}
          narrow={node.frames.length > 0 || isCrowded(node, nodes)}
        />
      ))}
    </ViewportPortal>
  );
}

/** For a layer in a frame, the note in its block. */
function noteOf(view: NetworkView | undefined, name: string): string | undefined {
  const item = view && drawingOf(view).byName.get(name);
  if (!item) return undefined;
  if (item.block === undefined) return view.analysis.notes.get(name);
  return view.whole.notes.get(insideName(item.block, item.written));
}

/** Another card is where the note would be, so only an icon is shown until the pointer is over it. */
function isCrowded(node: FlowNode, nodes: readonly FlowNode[]): boolean {
  const left = node.position[0] + node.width + gap;
  const top = node.position[1];
  return nodes.some(
    ({ id, position: [x, y], width: itsWidth, height: itsHeight }) =>
      id !== node.id &&
      !node.frames.includes(id) &&
      x < left + width &&
      x + itsWidth > left &&
      y < top + height &&
      y + itsHeight > top,
  );
}

interface NoteProps {
  readonly layer: string;
  readonly text: string;
  readonly edited: boolean;
  readonly left: number;
  readonly top: number;
  readonly narrow: boolean;
}

function Note({ layer, text, edited, left, top, narrow }: NoteProps) {
  return (
    <div
      className={`note nopan nodrag ${narrow && !edited ? 'narrow' : ''}`}
      style={{ transform: `translate(${left}px, ${top}px)` }}
    >
      <div className="note-paper" style={{ width }}>
        {edited ? <NoteField layer={layer} text={text} /> : <NoteText layer={layer} text={text} />}
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

function NoteField({ layer, text }: { readonly layer: string; readonly text: string }) {
  const [{ text: typed }] = useState(takeTypedAhead);
  const field = useRef<HTMLTextAreaElement>(null);
  const open = useRef(true);
  useEffect(() => {
    const { current } = field;
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
    if (written.trim() !== text.trim())
      void perform(() => ({ edit: { kind: 'setNote', layer, text: written.trim() } }));
  };
  return (
    <textarea
      ref={field}
      className="field note-field nokey nowheel"
      aria-label={l10n.t('Note on {0}', layer)}
      placeholder={l10n.t('A comment in the text')}
      rows={3}
      defaultValue={text + typed}
      onBlur={({ target }) => commit(target.value)}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        const done = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
        if (!done && event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        if (done) commit(event.currentTarget.value);
        else close();
      }}
    />
  );
}
