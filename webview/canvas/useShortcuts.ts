/** Keys of the graph. They work while the focus is on the canvas, and never inside a field. */
import { useEffect } from 'react';
import { useReactFlow } from 'reactflow';
import { isField } from '../controls/fieldKeys.ts';
import { command } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { select, useEditor } from '../model/editor.ts';
import type { EdgeEnd } from '../model/gestures.ts';
import { useOverlay } from '../model/overlay.ts';
import { pickConnection, pickNewLayer } from '../overlay/pickers.ts';
import { copyOf, cut, double, layerMenu, pasteText, remove, rename, selectAll } from './actions.ts';

const selection = (): readonly string[] => useEditor.getState().selection;

function openMenuOfSelection(): void {
  const names = selection();
  const card = [...document.querySelectorAll<HTMLElement>('.react-flow__node')].find(
    ({ dataset }) => dataset.id === names[0],
  );
  const box = card?.getBoundingClientRect();
  if (box) useOverlay.setState({ menu: layerMenu(names, { x: box.left + box.width / 2, y: box.bottom }) });
}

function connectSelection(): void {
  const { view } = useEditor.getState();
  const [layer] = selection();
  if (view && layer !== undefined && selection().length === 1) pickConnection(view, { layer });
}

/** "command+shift+z", "f2". Shift alone is part of the sign it makes, except with function keys. */
function chordOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): string {
  const command = ctrlKey || metaKey;
  const shift = shiftKey && (command || key.length > 1);
  return `${altKey ? 'alt+' : ''}${command ? 'command+' : ''}${shift ? 'shift+' : ''}${key.toLowerCase()}`;
}

/**
 * Listens at the window, before VS Code does, so that a key is not handled twice; also while nothing has the
 * focus, as after the focused card was removed.
 */
export function useShortcuts(
  canvas: React.RefObject<HTMLElement | null>,
  selectedEdges: readonly EdgeEnd[],
  clearEdges: () => void,
): void {
  const { zoomIn, zoomOut, zoomTo } = useReactFlow();
  useClipboard();
  useEffect(() => {
    const removeSelected = () => {
      if (selectedEdges.length > 0 && selection().length === 0) cut(selectedEdges);
      else remove(selection());
    };
    const actions: { readonly [chord: string]: () => void } = {
      delete: removeSelected,
      backspace: removeSelected,
      f2: () => rename(selection()[0]),
      '/': () => pickNewLayer({ place: 'after', layers: selection() }),
      c: connectSelection,
      '1': () => canvasControls.current?.fit(),
      '.': () => canvasControls.current?.fit(),
      '0': () => void zoomTo(1),
      '+': () => void zoomIn(),
      '=': () => void zoomIn(),
      '-': () => void zoomOut(),
      escape: () => {
        select([]);
        clearEdges();
      },
      contextmenu: openMenuOfSelection,
      'shift+f10': openMenuOfSelection,
      'command+a': selectAll,
      'command+d': () => double(selection()),
      'command+z': () => command('undo'),
      'command+y': () => command('redo'),
      'command+shift+z': () => command('redo'),
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const { target } = event;
      const ours = target === document.body || (target instanceof Node && canvas.current?.contains(target));
      const chord = chordOf(event);
      if (!ours || isField(target) || !Object.hasOwn(actions, chord)) return;
      event.preventDefault();
      event.stopPropagation();
      actions[chord]();
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, [canvas, selectedEdges, clearEdges, zoomIn, zoomOut, zoomTo]);
}

/**
 * Copy, cut and paste as the browser tells of them, because VS Code handles those keys itself and then asks the
 * page. Without the "before" events it would find nothing to copy where no text is selected.
 */
function useClipboard(): void {
  useEffect(() => {
    const outside = (event: Event) => isField(event.target) || isField(document.activeElement);
    const allow = (event: Event) => {
      if (!outside(event) && !window.getSelection()?.toString()) event.preventDefault();
    };
    const copy = (event: ClipboardEvent) => {
      const text = copyOf(selection());
      if (outside(event) || window.getSelection()?.toString() || text === '') return;
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
      if (event.type === 'cut') remove(selection());
    };
    const insert = (event: ClipboardEvent) => {
      if (outside(event)) return;
      event.preventDefault();
      pasteText(event.clipboardData?.getData('text/plain') ?? '');
    };
    const listening = new AbortController();
    const { signal } = listening;
    for (const name of ['beforecopy', 'beforecut', 'beforepaste'])
      document.addEventListener(name, allow, { signal });
    document.addEventListener('copy', copy, { signal });
    document.addEventListener('cut', copy, { signal });
    document.addEventListener('paste', insert, { signal });
    return () => listening.abort();
  }, []);
}
