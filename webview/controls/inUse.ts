/**
 * Notices that a person works in this page. VS Code looks every 250 ms whether a page has the focus, so it misses that the focus has
 * left and come back meanwhile. It would then give undo and every shortcut to another editor until the person clicks elsewhere.
 */

/** Longer than VS Code takes to notice, in milliseconds. */
const pause = 300;

/** Calls `report` a little after a key or a press of the pointer, if the page has the focus then. */
export function watchUse(page: EventTarget & Pick<Document, 'hasFocus'>, report: () => void): void {
  let isWaiting = false;
  const later = () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      if (page.hasFocus()) report();
    }, pause);
  };
  for (const type of ['keydown', 'pointerdown']) page.addEventListener(type, later, { capture: true });
}
