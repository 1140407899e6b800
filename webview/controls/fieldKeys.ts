/**
 * Keys in fields. What a field needs for typing stays with it; every other key goes on to VS Code, which owns F1, F6 and
 * all that people bind. Without this, a letter typed in a field would also be a key of the graph.
 */

export const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName));

/** Keys that move the cursor or delete, beside those that write a sign. */
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

/** Some keyboards write a sign such as @ or [ with AltGr, which looks like Ctrl+Alt. */
function belongsToField(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey } = event;
  if (key.length === 1 && event.getModifierState('AltGraph')) return true;
  if (ctrlKey || metaKey) return clipboardKeys.has(key.toLowerCase());
  return key.length === 1 || editingKeys.has(key);
}

/** Listens behind the fields' own handlers and before VS Code, whose listener is at the window. */
export const keepFieldKeys = (): void =>
  document.addEventListener('keydown', (event) => {
    if (isField(event.target) && belongsToField(event)) event.stopPropagation();
  });
