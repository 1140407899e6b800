/** What one can see and change of layers in the graph: notes, bypassed layers, the table, documentation in the palette. */
import { describe, expect, test } from 'vitest';
import {
  centre,
  connections,
  edits,
  inBrowser,
  node,
  open,
  page,
  paletteItem,
  text,
  until,
} from './driver.ts';
import { branches, chain } from './network.ts';

inBrowser();

describe('a note', () => {
  test('is the comment of the text, is changed on the canvas, and takes what is typed at once', async () => {
    await open(chain);
    await page.locator('.note', { hasText: 'the usual choice' }).waitFor();
    await node('flat').click();
    await page.keyboard.type('none row');
    await page.keyboard.press('Control+Enter');
    await page.locator('.note', { hasText: 'one row' }).waitFor();
    expect(await text()).toContain('    // one row\n    "flat": {');
    expect(await edits()).toEqual(['setNote']);
    await page.keyboard.press('Control+z');
    await until('undo takes it back', async () => (await text()) === chain);
  });

  test('is changed by a double click, given up by Escape, and removed when emptied', async () => {
    await open(chain);
    const field = page.getByLabel('Note on relu1', { exact: true });
    await page.locator('.note-text').dblclick();
    await field.fill('something else');
    await field.press('Escape');
    await field.waitFor({ state: 'detached' });
    expect(await edits()).toEqual([]);
    await page.locator('.note-text').dblclick();
    await field.fill('');
    await field.press('Control+Enter');
    await until('the comment is gone', async () => !(await text()).includes('usual choice'));
    await page.locator('.note').waitFor({ state: 'detached' });
  });
});

test('M bypasses a layer, which is still there and says so, and M restores it', async () => {
  await open(chain);
  await node('relu1').click();
  await page.keyboard.press('m');
  await page.locator('.react-flow__node.bypassed[data-id="relu1"]').waitFor();
  expect(await text()).toContain('"relu1": { "type": "relu", "from": "conv1", "bypass": true }');
  expect(await connections()).toContain('flat < relu1');
  await page.keyboard.press('m');
  await until('it is as it was', async () => (await text()) === chain);
  expect(await edits()).toHaveLength(2);
});

test('the table has every layer with its cost and a total, sorts by any column, and leads to the layer', async () => {
  await open(branches);
  await node('stem').click();
  await page.keyboard.press('t');
  const table = page.getByRole('dialog', { name: 'Table of layers' });
  await table.waitFor();
  const names = () => table.locator('tbody th').allTextContents();
  expect(await names()).toEqual(['image', 'stem', 'left', 'leftRelu', 'right', 'sum']);
  await table.getByRole('button', { name: 'Parameters' }).click();
  expect((await names()).slice(0, 3)).toEqual(['left', 'stem', 'right']);
  await table.getByRole('button', { name: 'Parameters' }).click();
  expect((await names()).at(-1)).toBe('left');
  await table.getByRole('button', { name: 'Parameters' }).click();
  expect(await names()).toEqual(['image', 'stem', 'left', 'leftRelu', 'right', 'sum']);
  expect(await table.locator('tfoot').textContent()).toContain('Total');
  await table.getByRole('button', { name: 'left', exact: true }).click();
  await until('it is selected', async () => (await page.evaluate(() => window.host.selected))[0] === 'left');
  await table.waitFor({ state: 'detached' });
});

test('a kind in the palette explains itself, an activation with its curve', async () => {
  await open(chain);
  await paletteItem('tanh').scrollIntoViewIfNeeded();
  const { x, y } = await centre(paletteItem('tanh'));
  await page.mouse.move(x, y);
  const card = page.locator('.kind-card');
  await card.waitFor();
  expect(await card.textContent()).toContain('Formula:');
  const drawn = await card.locator('path.plot-value').getAttribute('d');
  expect(drawn?.split('L').length).toBe(161);
  await page.mouse.move(x + 600, y);
  await card.waitFor({ state: 'detached' });
});
