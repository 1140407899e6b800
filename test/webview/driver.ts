/** The editor as a person uses it: what is visible, the pointer, and the text. */
import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeAll, expect, inject } from 'vitest';
import { EditorServer, patience } from './editorPage.ts';
import { connectionsOf, viewOf } from './network.ts';

/** For all test files of this process, with which it ends: to build the page and to start a browser takes longer than most tests. */
let server: EditorServer | undefined;
/** A page of a test ends before it has gained what compiling its code a second time, to be faster, has cost. */
const flags = ['--js-flags=--no-opt --no-maglev'];
/** The page of the test that runs. Tests use the same one with a new document, because a new one takes three times as long to open. */
export let page: Page;
const errors: string[] = [];

/** Gives a test file its browser. In every test, there must be no violation of the content policy, no error and no warning of React. */
export function inBrowser(): void {
  beforeAll(async () => {
    server ??= await EditorServer.start(inject('temporaryFolder'), flags);
  });
  afterEach(async ({ task }) => {
    // A test that failed may have left keys and buttons pressed.
    if (task.result?.state === 'fail') await page.close();
    else expect(await page.evaluate(() => window.host.violations)).toEqual([]);
    expect(errors.splice(0)).toEqual([]);
  });
}

/** Takes back what a test has changed about the page. */
async function reset(page: Page): Promise<void> {
  await page.unrouteAll();
  await page.emulateMedia({ reducedMotion: null });
  page.removeAllListeners('pageerror');
  page.removeAllListeners('console');
  page.on('pageerror', (error) => errors.push(String(error.stack)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
}

export async function open(text: string, size?: { width: number; height: number }): Promise<void> {
  if (!page || page.isClosed()) page = await server!.browser.newPage();
  await reset(page);
  await server!.open(text, 'dark', size, page);
  await page.locator('.react-flow__node, .empty-state, .overview-drawing, .banner').first().waitFor();
  await settled();
}

export const text = () => page.evaluate(() => window.host.text);
export const edits = () => page.evaluate(() => window.host.edits);
export const node = (name: string): Locator => page.locator(`.react-flow__node[data-id="${name}"]`);
export const connections = async () => connectionsOf(viewOf(await text()));

/** What the page shows, for errors. */
const shown = () =>
  page.evaluate(() => {
    const names = (selector: string) =>
      [...document.querySelectorAll(selector)].map((card) => card.getAttribute('data-id')).join(', ');
    const { activeElement } = document;
    return [
      `focus: ${activeElement?.localName} ${activeElement?.getAttribute('data-id') ?? activeElement?.className}`,
      `cards: ${names('.react-flow__node')}`,
      `selected: ${names('.react-flow__node.selected')}`,
      `edits: ${window.host.edits.join(', ')}`,
      `text: ${window.host.text}`,
    ].join('\n  ');
  });

export async function until(what: string, probe: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await probe())) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}\n  ${await shown()}`);
    await page.waitForTimeout(25);
  }
}

/** Waits until the view no longer moves: a click on a card that is moving may miss it. A network that was just opened is at rest. */
export async function settled(): Promise<void> {
  const place = () =>
    page.evaluate(async () => {
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
      return [...document.querySelectorAll<HTMLElement>('.react-flow__viewport, .react-flow__node')]
        .map(({ style: { transform } }) => transform)
        .join();
    });
  let before: string | undefined;
  await until('the view is at rest', async () => {
    const [earlier, now] = [before, await place()];
    before = now;
    return earlier === now;
  });
}

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export async function centre(locator: Locator): Promise<Spot> {
  await locator.scrollIntoViewIfNeeded();
  const box = (await locator.boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

export async function drag(from: Spot, to: Spot): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 30 });
  await page.mouse.up();
}

/** The point halfway between two cards, one of which is above the other. */
export async function between(upper: string, lower: string): Promise<Spot> {
  const above = (await node(upper).boundingBox())!;
  const below = (await node(lower).boundingBox())!;
  return { x: above.x + above.width / 2, y: (above.y + above.height + below.y) / 2 };
}

export const paletteItem = (type: string) => page.locator(`[data-layer-type="${type}"]`);
export const source = (name: string) => node(name).locator('.react-flow__handle.source').first();
export const target = (name: string) => node(name).locator('.react-flow__handle.target').first();
