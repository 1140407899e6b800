/** Notes on layers, as a person writes them on the canvas. */
import { describe, expect, test } from 'vitest';
import { edits, inBrowser, node, open, page, settled, text, until } from './driver.ts';
import { chain } from './network.ts';

inBrowser();

describe('a note', () => {
  test('is the comment of the text, is changed on the canvas, and takes what is typed at once', async () => {
    await open(chain);
    await page.locator('.note', { hasText: 'the usual choice' }).waitFor();
    await node('flat').click();
    await page.keyboard.type('none row');
    await page.getByLabel('Note on flat').waitFor();
    await page.keyboard.press('Control+Enter');
    await until('the comment is written', async () =>
      (await text()).includes('    // one row\n    "flat": {'),
    );
    await page.locator('.note-text', { hasText: 'one row' }).waitFor();
    expect(await edits()).toEqual(['setNote']);
    await page.keyboard.press('Control+z');
    await until('undo takes it back', async () => (await text()) === chain);
  });

  test.each([
    { layers: 12, detail: 'far' },
    { layers: 40, detail: 'specks' },
    // This many are drawn on one canvas, not as cards.
    { layers: 210, detail: 'far' },
  ])(
    'takes what is typed at once, and can be read, among $layers layers zoomed out to $detail',
    async ({ layers, detail }) => {
      const lines = Array.from({ length: layers }, (_, index) => {
        const from = index === 0 ? 'input' : `dense${index}`;
        return `    "dense${index + 1}": { "type": "dense", "from": "${from}", "units": 8 }`;
      });
      await open(`{ "layers": {\n    "input": { "type": "input", "shape": [8] },\n${lines.join(',\n')}\n} }`);
      await page.evaluate(() => window.host.reveal('dense2'));
      await page.locator('.inspector', { hasText: 'dense2' }).waitFor();
      const shown = () => page.locator('[data-detail]').first().getAttribute('data-detail');
      await until('it is zoomed out', async () => {
        if ((await shown()) === detail) return true;
        await page.getByTitle('Zoom out (−)').click();
        await settled();
        return false;
      });
      await page.locator('.canvas').focus();
      await page.keyboard.type('nmore');
      const field = page.getByLabel('Note on dense2', { exact: true });
      await field.waitFor();
      await until('it has the text and the focus', () =>
        field.evaluate(
          (field) => field === document.activeElement && (field as HTMLTextAreaElement).value === 'more',
        ),
      );
      expect(await edits()).toEqual([]);
      await settled();
      const height = await field.evaluate(
        (field) =>
          (Number.parseFloat(getComputedStyle(field).fontSize) * field.getBoundingClientRect().width) /
          (field as HTMLElement).offsetWidth,
      );
      expect(height).toBeGreaterThan(10.9);
      await page.keyboard.press('Escape');
      await until('the comment is written', async () => (await text()).includes('    // more\n    "dense2"'));
    },
  );

  test('is changed by a double click, kept by Escape, and removed if it is emptied', async () => {
    await open(chain);
    const field = page.getByLabel('Note on relu1', { exact: true });
    await page.locator('.note-text').dblclick();
    await field.fill('something else');
    await field.press('Escape');
    await field.waitFor({ state: 'detached' });
    await page.locator('.note-text', { hasText: 'something else' }).waitFor();
    await page.keyboard.press('Control+z');
    await until('undo takes it back', async () => (await text()) === chain);
    await page.locator('.note-text', { hasText: 'usual choice' }).dblclick();
    await field.fill('');
    await field.press('Control+Enter');
    await until('the comment is gone', async () => !(await text()).includes('usual choice'));
    await page.locator('.note').waitFor({ state: 'detached' });
  });
});
