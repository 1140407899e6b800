/** Keys of the graph. They work while the focus is on the canvas, and never inside a field. */
import { useEffect, useMemo } from 'react';
import { useReactFlow } from 'reactflow';
import { command } from '../host.ts';
import { select, useEditor } from '../model/editor.ts';
import type { EdgeEnd } from '../model/gestures.ts';
import { useOverlay } from '../model/overlay.ts';
import { pickConnection, pickNewLayer } from '../overlay/pickers.ts';
import { copyOf, cut, double, layerMenu, pasteText, remove, rename, selectAll } from './actions.ts';
import { canvasControls } from './controls.ts';

const inField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName));

const selection = (): readonly string[] => useEditor.getState().selection;

function openMenuOfSelection(canvas: HTMLElement): void {
  const names = selection();
  const card = [...canvas.querySelectorAll<HTMLElement>('.react-flow__node')].find(
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

export function useShortcuts(
  selectedEdges: readonly EdgeEnd[],
  clearEdges: () => void,
): React.KeyboardEventHandler<HTMLElement> {
  const { zoomIn, zoomOut, zoomTo } = useReactFlow();
  useClipboard();
  return useMemo(() => {
    const removeSelected = () => {
      if (selectedEdges.length > 0 && selection().length === 0) cut(selectedEdges);
      else remove(selection());
    };
    const plain: { readonly [key: string]: (event: React.KeyboardEvent<HTMLElement>) => void } = {
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
      contextmenu: ({ currentTarget }) => openMenuOfSelection(currentTarget),
    };
    const withCommand: { readonly [key: string]: () => void } = {
      a: selectAll,
      d: () => double(selection()),
      z: () => command('undo'),
      y: () => command('redo'),
      'shift+z': () => command('redo'),
    };
    return (event) => {
      if (inField(event.target)) return;
      const commandKey = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      const handler =
        event.shiftKey && key === 'f10'
          ? plain.contextmenu
          : commandKey
            ? withCommand[event.shiftKey ? `shift+${key}` : key]
            : event.altKey
              ? undefined
              : plain[key];
      if (!handler) return;
      event.preventDefault();
      event.stopPropagation();
      handler(event);
    };
  }, [selectedEdges, clearEdges, zoomIn, zoomOut, zoomTo]);
}

/**
 * Copy, cut and paste as the browser tells of them, because VS Code handles those keys itself and then asks the
 * page. Without the "before" events it would find nothing to copy where no text is selected.
 */
function useClipboard(): void {
  useEffect(() => {
    const outside = (event: Event) => inField(event.target) || inField(document.activeElement);
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
