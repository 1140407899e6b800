/** The view after edits that change the layout: what was in view stays in view. */
import { expect, test } from 'vitest';
import { followed } from '../../webview/canvas/following.ts';
import type { FlowNode } from '../../webview/model/flow.ts';
import { inBrowser, node, open, page, settled, until } from './driver.ts';

inBrowser();

/** Dense layers one after another; with `aside`, the last one reads the input, so that it lies beside the others. */
const chainOf = (count: number, aside = false) => {
  const lines = Array.from({ length: count }, (_, index) => {
    const from = aside && index === count - 1 ? 0 : index;
    return `    "l${index + 1}": { "type": "dense", "from": "l${from}", "units": 8 }`;
  });
  return `{ "layers": {\n    "l0": { "type": "input", "shape": [8] },\n${lines.join(',\n')}\n} }`;
};

/** Cards that reach beyond the canvas, or under the legend. */
const cut = () =>
  page.evaluate(() => {
    const canvas = document.querySelector('.canvas')!.getBoundingClientRect();
    return [...document.querySelectorAll<HTMLElement>('.react-flow__node')]
      .filter((card) => {
        const { left, right, top, bottom } = card.getBoundingClientRect();
        return left < canvas.left || right > canvas.right || top < canvas.top || bottom > canvas.bottom - 14;
      })
      .map((card) => card.dataset.id);
  });

test('a network that was in view is in view again after it has grown in any direction, and after undo', async () => {
  await open(chainOf(4), { width: 1000, height: 520 });
  expect(await cut()).toEqual([]);
  for (const network of [chainOf(5), chainOf(5, true), chainOf(4), chainOf(6)]) {
    await page.evaluate((text) => window.host.change(text), network);
    await until('the cards are there', async () => (await page.locator('.react-flow__node').count()) > 4);
    await settled();
    expect(await cut(), network).toEqual([]);
  }
  // A person has chosen another part: it stays.
  await node('l6').waitFor();
  await page.mouse.move(600, 300);
  await page.mouse.wheel(0, 900);
  await settled();
  const before = await page.locator('.react-flow__viewport').getAttribute('style');
  await page.evaluate((text) => window.host.change(text), chainOf(5));
  await settled();
  expect(await page.locator('.react-flow__viewport').getAttribute('style')).toBe(before);
});

test('a layer that is found moves the view only if it is out of view, or too small to read', async () => {
  const view = () => page.locator('.react-flow__viewport').getAttribute('style');
  const find = async (name: string) => {
    await page.locator('.canvas').focus();
    await page.keyboard.press('Control+f');
    await page.locator('.picker input').waitFor();
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await until('it is found', async () => (await page.evaluate(() => window.host.selected))[0] === name);
    await settled();
  };
  await open(chainOf(3));
  const before = await view();
  await find('l3');
  expect(await view()).toBe(before);
  await open(chainOf(300));
  await page.getByRole('button', { name: 'Fit' }).first().click();
  await settled();
  await find('l150');
  expect((await node('l150').boundingBox())!.width).toBeGreaterThan(150);
});

test('a card that an edit puts under the second line of the legend is brought above it', () => {
  const frame = { width: 600, height: 500 };
  const at = (y: number) => [
    { id: 'card', position: [100, y], width: 200, height: 60 } as unknown as FlowNode,
  ];
  const view = { x: 0, y: 0, zoom: 1 };
  expect(followed(at(100), at(412), [], view, frame)).toBeUndefined();
  expect(followed(at(100), at(420), [], view, frame)).toEqual({ x: 0, y: -8, zoom: 1 });
});
