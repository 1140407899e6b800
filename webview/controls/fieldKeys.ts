/**
 * Keys in fields. Keys needed for typing stay in the field; all others are passed to VS Code, which handles F1, F6 and everything
 * that people bind. Without this, a letter typed in a field would also be a shortcut of the graph.
 */

export const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName));

/** Keys that move the cursor or delete, in addition to those that write a character. */
const editingKeys: ReadonlySet<string> = new Set([
  'Backspace',
  'Delete',
  'Enter',
  'Escape',
  'Home',
  'End',
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'PageUp',
  'PageDown',
]);

/** With Ctrl or Command: VS Code would otherwise take them for the whole page. */
const clipboardKeys: ReadonlySet<string> = new Set(['a', 'c', 'x', 'v', 'z', 'y']);

/** On some keyboards a character such as @ or [ needs AltGr, which is reported as Ctrl+Alt. */
function belongsToField(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey } = event;
  if (key.length === 1 && event.getModifierState('AltGraph')) return true;
  if (ctrlKey || metaKey) return clipboardKeys.has(key.toLowerCase());
  return key.length === 1 || editingKeys.has(key);
}

/** Listens after the fields' own handlers and before VS Code, whose listener is on the window. */
export const keepFieldKeys = (): void =>
  document.addEventListener('keydown', (event) => {
    if (isField(event.target) && belongsToField(event)) event.stopPropagation();
  });
