/** The shortcuts of the graph from package.json: their texts for people, and the keys that trigger them. */
import { create } from 'zustand';
import type { ContributedKeys } from '../../engine/protocol/editor.ts';
import type { GraphActionName } from '../../engine/protocol/graphActions.ts';

export const isApple = typeof navigator !== 'undefined' && navigator.platform.startsWith('Mac');

export const useKeys = create<{ readonly actions: readonly ContributedKeys[] }>()(() => ({ actions: [] }));

const names: { readonly [key: string]: string } = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  delete: 'Del',
  backspace: '⌫',
  escape: 'Esc',
  enter: 'Enter',
  tab: 'Tab',
  numpad_add: 'Num +',
  numpad_subtract: 'Num −',
};
const modifiers: { readonly [key: string]: string } = isApple
  ? { cmd: '⌘', ctrl: '⌃', shift: '⇧', alt: '⌥' }
  : { ctrl: 'Ctrl+', shift: 'Shift+', alt: 'Alt+' };

/** "ctrl+d" as "Ctrl+D", on Apple's keyboards "⌘D"; "shift+/" as the character it writes. */
export function keyText(chord: string): string {
  if (chord === 'shift+/') return '?';
  if (chord === 'shift+=') return '+';
  return chord
    .split('+')
    .map((part) => modifiers[part] ?? names[part] ?? part.toUpperCase())
    .join('');
}

const chordsOf = ({ keys }: ContributedKeys): string[] => keys.map(({ key, mac }) => (isApple ? mac : key));

const keysOf = (action: GraphActionName): readonly string[] =>
  useKeys
    .getState()
    .actions.filter((contributed) => contributed.action === action)
    .flatMap(chordsOf);

/** The first of the keys as people read it, for menus and tooltips. */
export const firstKey = (action: GraphActionName): string | undefined => {
  const [chord] = keysOf(action);
  return chord === undefined ? undefined : keyText(chord);
};

/** The default action of a key combination. */
export const actionOf = (chord: string): GraphActionName | undefined =>
  useKeys.getState().actions.find((contributed) => chordsOf(contributed).includes(chord))?.action;

/** Characters that VS Code binds by their key on a US keyboard, where other keyboards need other keys or Shift. */
const usKeys: { readonly [character: string]: { readonly code: string; readonly chord: string } } = {
  '/': { code: 'Slash', chord: '/' },
  '?': { code: 'Slash', chord: 'shift+/' },
};

/** The action of a character that this keyboard writes with other keys than a US keyboard, so that VS Code does not recognize it. */
export function actionElsewhere({ key, code, ctrlKey, metaKey }: KeyboardEvent): GraphActionName | undefined {
  const usual = ctrlKey || metaKey || !Object.hasOwn(usKeys, key) ? undefined : usKeys[key];
  return usual && usual.code !== code ? actionOf(usual.chord) : undefined;
}

const pressed: { readonly [key: string]: string } = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** A pressed key in the notation of VS Code. Shift alone is part of the character, except with named keys. */
export function chordOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): string {
  const named = key.length > 1;
  const parts = [
    ctrlKey && 'ctrl',
    metaKey && 'cmd',
    // For other characters, the character itself shows whether Shift is pressed.
    shiftKey && (named || ctrlKey || metaKey || /^[a-z]$/i.test(key)) && 'shift',
    altKey && 'alt',
    pressed[key] ?? key.toLowerCase(),
  ];
  return parts.filter((part) => part !== false).join('+');
}
