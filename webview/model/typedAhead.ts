/**
 * Keeps the keys that a person types between a shortcut that opens a field and the moment when the field appears. The shortcut goes
 * through VS Code, which may take longer than the next keystroke. No keystroke may get lost, or act as a shortcut of the graph.
 */

/**
 * The longest wait for the field, in milliseconds: a shortcut that people have bound to something else opens no field. A busy
 * machine needs more than a second.
 */
const patience = 3000;

let typed: { text: string; entered: boolean } | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
/** Shortcuts for which no field appeared in time, probably because people have bound them to something else. */
const deaf = new Set<string>();
/** The last of them, whose field may still appear. */
let late: string | undefined;

export const isTypingAhead = (): boolean => typed !== undefined;

export function startTypingAhead(chord: string): void {
  if (deaf.has(chord)) return;
  clearTimeout(timer);
  late = undefined;
  typed = { text: '', entered: false };
  timer = setTimeout(() => {
    typed = undefined;
    deaf.add(chord);
    late = chord;
  }, patience);
}

/** Keeps a key for the coming field; returns whether it did. */
export function typeAhead({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (!typed || ctrlKey || metaKey || altKey) return false;
  if (key === 'Enter') typed.entered = true;
  else if (key === 'Backspace') typed.text = typed.text.slice(0, -1);
  else if (key.length === 1) typed.text += key;
  else return false;
  return true;
}

/** The field has appeared and starts with this text; `entered` if Enter was already pressed. */
export function takeTypedAhead(): { readonly text: string; readonly entered: boolean } {
  const taken = typed ?? { text: '', entered: false };
  clearTimeout(timer);
  typed = undefined;
  // A field that appears late shows that its shortcut is bound to it. What else has opened a field is not known here.
  if (late !== undefined) deaf.delete(late);
  late = undefined;
  return taken;
}
