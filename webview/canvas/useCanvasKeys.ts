/**
 * Keyboard shortcuts of the graph as the page receives them. Shortcuts of actions are passed to VS Code, which sends back the bound
 * action. The page only keeps the browser from scrolling or leaving, and keeps what is typed before a field appears.
 */
import { useEffect } from 'react';
import { graphAction } from '../../engine/protocol/graphActions.ts';
import { isField } from '../controls/fieldKeys.ts';
import { command, reportFocus } from '../host.ts';
import { select, useEditor } from '../model/editor.ts';
import { graphHandlers } from '../model/graphHandlers.ts';
import { actionElsewhere, actionOf, chordOf } from '../model/keys.ts';
import { isBehindDialog, useOverlay } from '../model/overlay.ts';
import { isTypingAhead, startTypingAhead, typeAhead } from '../model/typedAhead.ts';
import { layerMenu } from './actions.ts';

type Canvas = React.RefObject<HTMLElement | null>;

/** Whether the focus is on the canvas, or nowhere because the focused card was removed. Behind an open dialog, it is out of reach. */
const isOurs = (canvas: Canvas, target: EventTarget | null): boolean =>
  target === document.body
    ? !isBehindDialog(useOverlay.getState())
    : target instanceof Node && (canvas.current?.contains(target) ?? false);

function openMenuOfSelection(): void {
  const names = useEditor.getState().selection;
  const card = [...document.querySelectorAll<HTMLElement>('.react-flow__node')].find(
    ({ dataset }) => dataset.id === names[0],
  );
  const box = card?.getBoundingClientRect();
  if (box) useOverlay.setState({ menu: layerMenu(names, { x: box.left + box.width / 2, y: box.bottom }) });
}

/** Undo always belongs to the document, and the menu key always opens the menu, whatever people have bound. */
const fixed: { readonly [chord: string]: () => void } = {
  'ctrl+z': () => command('undo'),
  'cmd+z': () => command('undo'),
  'ctrl+y': () => command('redo'),
  'ctrl+shift+z': () => command('redo'),
  'cmd+shift+z': () => command('redo'),
  contextmenu: openMenuOfSelection,
  'shift+f10': openMenuOfSelection,
};

/** Enter and Space select the card that has the focus, before Enter opens it. */
function selectFocused(event: KeyboardEvent): boolean {
  if (!(event.target instanceof HTMLElement) || (event.key !== 'Enter' && event.key !== ' ')) return false;
  const { id } = event.target.matches('.react-flow__node') ? event.target.dataset : {};
  if (id === undefined || (event.key === 'Enter' && useEditor.getState().selection.includes(id)))
    return false;
  select([id]);
  return true;
}

export function useCanvasKeys(canvas: Canvas): void {
  useFocusReport(canvas);
  useClickToFocus(canvas);
  useEffect(() => {
    const keep = (event: KeyboardEvent) => {
      event.preventDefault();
      event.stopPropagation();
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (!isOurs(canvas, event.target) || isField(event.target)) return;
      if (isTypingAhead() && typeAhead(event)) {
        keep(event);
        return;
      }
      const chord = chordOf(event);
      if (Object.hasOwn(fixed, chord)) {
        keep(event);
        fixed[chord]();
      } else if (selectFocused(event)) keep(event);
      else if (actElsewhere(event)) keep(event);
      else prepare(event, chord);
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, [canvas]);
}

function actElsewhere(event: KeyboardEvent): boolean {
  const action = actionElsewhere(event);
  if (action === undefined) return false;
  if (graphAction(action).opensField) startTypingAhead(chordOf(event));
  graphHandlers.current?.[action]();
  return true;
}

function prepare(event: KeyboardEvent, chord: string): void {
  const action = actionOf(chord);
  if (action === undefined) return;
  const { byPointer, opensField } = graphAction(action);
  // Tab leaves the graph for people who use the keyboard.
  if (byPointer?.includes(chord) && !cameByPointer) return;
  event.preventDefault();
  if (opensField) startTypingAhead(chord);
}

let cameByPointer = false;

/** Reports to VS Code whether keys apply to the graph, and whether the pointer moved the focus there. */
function useFocusReport(canvas: Canvas): void {
  useEffect(() => {
    let last = '';
    const report = () => {
      const focus = {
        // While VS Code shows an input box, Enter belongs to that.
        canvas:
          document.hasFocus() && isOurs(canvas, document.activeElement) && !isField(document.activeElement),
        pointer: cameByPointer,
      };
      const text = JSON.stringify(focus);
      if (text !== last) reportFocus(focus);
      last = text;
    };
    const onPointer = () => {
      cameByPointer = true;
      // Runs after the browser has moved the focus.
      requestAnimationFrame(report);
    };
    const onKey = ({ key }: KeyboardEvent) => {
      if (key !== 'Tab' || (cameByPointer && isOurs(canvas, document.activeElement))) return;
      cameByPointer = false;
    };
    const later = () => requestAnimationFrame(report);
    const listening = new AbortController();
    const { signal } = listening;
    document.addEventListener('focusin', report, { signal });
    document.addEventListener('focusout', later, { signal });
    window.addEventListener('focus', later, { signal });
    window.addEventListener('blur', report, { signal });
    document.addEventListener('pointerdown', onPointer, { signal, capture: true });
    document.addEventListener('keydown', onKey, { signal, capture: true });
    report();
    return () => listening.abort();
  }, [canvas]);
}

/** A click on the empty canvas focuses it, so that its shortcuts work at once. */
function useClickToFocus(canvas: Canvas): void {
  useEffect(() => {
    const element = canvas.current;
    const focus = ({ target }: PointerEvent) => {
      if (target instanceof Element && !target.closest('.react-flow__node, button, input'))
        element?.focus({ preventScroll: true });
    };
    element?.addEventListener('pointerdown', focus, true);
    return () => element?.removeEventListener('pointerdown', focus, true);
  }, [canvas]);
}
