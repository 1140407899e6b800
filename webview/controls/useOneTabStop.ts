/** Makes a list of buttons one Tab stop, through which the arrow keys lead, as in the lists of VS Code. */
import { type RefObject, useEffect, useLayoutEffect } from 'react';

const steps: { readonly [key: string]: (at: number, last: number) => number } = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_at, last) => last,
};

/** `selector` finds the buttons in the list, whose role is that of a vertical toolbar: so screen readers announce the arrow keys. */
export function useOneTabStop(list: RefObject<HTMLElement | null>, selector: string): void {
  // After every drawing, because the buttons may be others.
  useLayoutEffect(() => {
    const all = list.current ? buttons(list.current, selector) : [];
    if (all.filter(({ tabIndex }) => tabIndex === 0).length !== 1) keepOne(all, all[0]);
  });
  useEffect(() => {
    const { current } = list;
    if (!current) return;
    const listening = new AbortController();
    const { signal } = listening;
    const onFocus = ({ target }: FocusEvent) => {
      const all = buttons(current, selector);
      const focused = all.find((button) => button === target);
      if (focused) keepOne(all, focused);
    };
    const onKey = (event: KeyboardEvent) => {
      const all = buttons(current, selector);
      const at = all.indexOf(event.target as HTMLElement);
      // With Alt, the arrow keys move cards.
      const isAlone = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
      if (at < 0 || !isAlone || !Object.hasOwn(steps, event.key)) return;
      event.preventDefault();
      all[steps[event.key](at, all.length - 1)].focus();
    };
    current.addEventListener('focusin', onFocus, { signal });
    current.addEventListener('keydown', onKey, { signal });
    return () => listening.abort();
  }, [list, selector]);
}

const buttons = (list: HTMLElement, selector: string): readonly HTMLElement[] => [
  ...list.querySelectorAll<HTMLElement>(selector),
];

function keepOne(all: readonly HTMLElement[], stop: HTMLElement | undefined): void {
  for (const button of all) button.tabIndex = button === stop ? 0 : -1;
}
