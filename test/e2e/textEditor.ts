/** A line of a text editor that a person clicks, and what may be in the way. */
import type { Page } from 'playwright-core';
import { reaction, worked } from './quickInput.ts';
import { soon, until } from './until.ts';

interface Place {
  /** The point to click: near the left edge of the text, in the middle of the line. If the line is not in view, in the middle of the text. */
  readonly x: number;
  readonly y: number;
  /** What is in the way; undefined if a click reaches the line. */
  readonly obstacle?: string;
  /** How far to scroll so that the line is in view, in pixels. Undefined if VS Code has not drawn the line. */
  readonly scroll?: number;
  readonly height: number;
}

/** Runs in the page: where the first line that contains `text` is, and what covers it. Undefined if there is no text. */
function placeOfLine(text: string): Place | undefined {
  const words = text.replaceAll(' ', '\u00a0');
  const areas = [...document.querySelectorAll('.monaco-editor .editor-scrollable')].filter(
    (area) => area.querySelector('.view-line') && area.getBoundingClientRect().width > 0,
  );
  const line = areas
    .flatMap((area) => [...area.querySelectorAll('.view-line')])
    .find((one) => one.textContent?.includes(words));
  const area = line?.closest('.editor-scrollable') ?? areas.at(-1);
  if (!area) return undefined;
  const { left, top, bottom, height } = area.getBoundingClientRect();
  const middle = (top + bottom) / 2;
  if (!line) return { x: left + 60, y: middle, height, obstacle: 'VS Code has not drawn the line' };
  const box = line.getBoundingClientRect();
  const y = (box.top + box.bottom) / 2;
  if (box.top < top || box.bottom > bottom)
    return {
      x: left + 60,
      y: middle,
      height,
      scroll: y - middle,
      obstacle: 'the line is scrolled out of view',
    };
  const x = left + 60;
  const hit = document.elementFromPoint(x, y);
  const isText = hit?.closest('.editor-scrollable') === area && !hit.closest('.contentWidgets, .view-zones');
  if (isText) return { x, y, height };
  const names: string[] = [];
  for (let at = hit; at && names.length < 4; at = at.parentElement)
    names.push([at.localName, ...at.classList].join('.'));
  return {
    x,
    y,
    height,
    obstacle: `${names.join(' in ')} lies over the line: "${hit?.textContent?.slice(0, 80)}"`,
  };
}

/** Runs in the page: whether the cursor is in the first line that contains `text`, and its editor has the focus. */
function hasCursor(text: string): boolean {
  const words = text.replaceAll(' ', '\u00a0');
  const line = [...document.querySelectorAll('.monaco-editor .view-line')].find((one) =>
    one.textContent?.includes(words),
  );
  const editor = line?.closest('.monaco-editor.focused');
  const number = editor?.querySelector('.margin-view-overlays .active-line-number');
  if (!line || !number) return false;
  const [box, at] = [line.getBoundingClientRect(), number.getBoundingClientRect()];
  return Math.abs(box.top - at.top) < box.height / 2;
}

/** Lets the pointer rest on a line until a hover opens. */
export async function hoverLine(page: Page, text: string): Promise<void> {
  let shift = 0;
  await until(`a hover opens at the line ${text}`, async () => {
    const place = await page.evaluate(placeOfLine, text);
    if (!place || place.obstacle !== undefined) return false;
    // VS Code opens a hover after a movement of the pointer.
    shift = 1 - shift;
    await page.mouse.move(place.x + shift, place.y);
    return worked(page.locator('.monaco-hover:visible').first().waitFor({ timeout: reaction }));
  });
}

/**
 * Clicks into the first line that contains `text`, until the cursor is there. The line may be out of view, and the editor redraws
 * its lines while it scrolls, is resized or gets decorations. A hover may lie over the line: it is shown where the pointer rests, and
 * stays as long as the pointer is on it.
 */
export async function clickLine(
  page: Page,
  text: string,
  movePointerAway: () => Promise<void>,
): Promise<void> {
  let obstacle = 'there is no text';
  let looks = 0;
  await until(
    () => `the cursor is in the line ${text}; at last, ${obstacle}`,
    async () => {
      const place = await page.evaluate(placeOfLine, text);
      if (!place) return false;
      if (place.obstacle !== undefined) {
        obstacle = place.obstacle;
        if (obstacle.includes('lies over')) await movePointerAway();
        else {
          // Lines that are not drawn are found by looking through the text from its beginning.
          const next = looks++ % 20 === 0 ? -1e6 : 0.8 * place.height;
          await page.mouse.move(place.x, place.y);
          await page.mouse.wheel(0, place.scroll ?? next);
          await page.waitForTimeout(100);
        }
        return false;
      }
      obstacle = `the cursor did not follow a click at ${Math.round(place.x)}, ${Math.round(place.y)}`;
      await page.mouse.click(place.x, place.y);
      return soon(() => page.evaluate(hasCursor, text), reaction);
    },
  );
  await movePointerAway();
}
