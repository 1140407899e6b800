/**
 * What a person types between a key that opens a field and the moment in which the field is there. The key makes its way
 * through VS Code, which may take longer than the next keystroke; none of it may get lost, or act as a key of the graph.
 */

/** Longest wait for the field, in milliseconds: a key that was bound to something else opens none. */
const patience = 1000;

let typed: { text: string; entered: boolean } | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
/** Keys for which no field came: people have bound them otherwise. */
const deaf = new Set<string>();

export const isTypingAhead = (): boolean => typed !== undefined;

export function startTypingAhead(chord: string): void {
  if (deaf.has(chord)) return;
  clearTimeout(timer);
  typed = { text: '', entered: false };
  timer = setTimeout(() => {
    typed = undefined;
    deaf.add(chord);
  }, patience);
}

/** Takes a key for the field to come; answers whether it did. */
export function typeAhead({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (!typed || ctrlKey || metaKey || altKey) return false;
  if (key === 'Enter') typed.entered = true;
  else if (key === 'Backspace') typed.text = typed.text.slice(0, -1);
  else if (key.length === 1) typed.text += key;
  else return false;
  return true;
}

/** The field is there, and begins with this; `entered` when Enter was pressed already. */
export function takeTypedAhead(): { readonly text: string; readonly entered: boolean } {
  const taken = typed ?? { text: '', entered: false };
  clearTimeout(timer);
  typed = undefined;
  return taken;
}
