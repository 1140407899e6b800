/** A narrow editor: its palette, one icon for each group, and its inspector, which lies over the graph; in a real browser. */
import { describe, expect, test } from 'vitest';
import { connections, inBrowser, node, open, page, until } from './driver.ts';
import { chain } from './network.ts';

inBrowser();

describe('the palette of a narrow editor', () => {
  test('has a search, whose layer is added after the selected one', async () => {
    await open(chain, { width: 700, height: 700 });
    await node('conv1').click();
    await page.getByRole('button', { name: 'Search layers' }).click();
    await page.locator('.picker').waitFor();
    await page.keyboard.type('tanh');
    await page.keyboard.press('Enter');
    await node('tanh1').waitFor();
    expect(await connections()).toContain('tanh1 < conv1');
  });

  test('shows its last group even where the editor is low', async () => {
    await open(chain, { width: 700, height: 300 });
    await page.locator('.rail-button').last().click();
    await page.locator('.flyout').waitFor();
  });

  test('is not covered by the message that the text cannot be read', async () => {
    await open(chain, { width: 700, height: 700 });
    await page.evaluate(() => window.host.change(window.host.text.replace('"relu1": {', '"relu1": {{')));
    const banner = page.locator('.banner.error');
    await banner.waitFor();
    const palette = (await page.locator('.palette').boundingBox())!;
    const { x, y, height } = (await banner.boundingBox())!;
    expect(x).toBeGreaterThanOrEqual(palette.x + palette.width);
    expect(y + height, 'nor does it cover a card').toBeLessThanOrEqual(
      (await node('image').boundingBox())!.y,
    );
    expect(await banner.getByTitle(/^Line 6: /).count()).toBe(1);
  });
});

describe('the inspector of a narrow editor', () => {
  test('is folded whenever the editor becomes narrow, also if it was open in an earlier narrow one', async () => {
    await open(chain, { width: 700, height: 700 });
    const inspector = page.getByRole('region', { name: 'Inspector' });
    const card = await node('conv1').boundingBox();
    await page.mouse.dblclick(card!.x + 20, card!.y + 20);
    await inspector.waitFor();
    await page.setViewportSize({ width: 1400, height: 700 });
    await until('there is room beside the graph', async () => {
      const { x, width } = (await page.locator('.react-flow').boundingBox())!;
      return x + width <= (await inspector.boundingBox())!.x + 1;
    });
    await page.setViewportSize({ width: 700, height: 700 });
    await inspector.waitFor({ state: 'detached' });
  });
});
