/** Aligning and distributing cards, rows and stacks; in a real browser. */
import { expect, test } from 'vitest';
import { edits, inBrowser, node, open, page, text, until } from './driver.ts';
import { branches, chain, viewOf } from './network.ts';

inBrowser();

const selected = () => page.evaluate(() => window.host.selected);

test('cards are aligned and distributed, each in one edit', async () => {
  await open(branches);
  for (const name of ['left', 'right', 'stem']) await node(name).click({ modifiers: ['Control'] });
  await until('three are selected', async () => (await selected()).length === 3);
  await page.evaluate(() => window.host.act('alignLeft'));
  await until('they are aligned', async () => {
    const boxes = await Promise.all(['left', 'right', 'stem'].map((name) => node(name).boundingBox()));
    return new Set(boxes.map((box) => Math.round(box!.x))).size === 1;
  });
  expect(await edits()).toEqual(['moveLayers']);
});

test('rows are arranged with the card above them, which has equal gaps to its neighbours', async () => {
  const placed = { image: [0, 0], conv1: [0, 100], logits: [0, 600] };
  await open(chain.replace(/\n}\n$/, `,\n  "layout": ${JSON.stringify(placed)}\n}\n`));
  for (const name of ['image', 'conv1', 'relu1', 'logits'])
    await node(name).click({ modifiers: ['Control'] });
  await until('four are selected', async () => (await selected()).length === 4);
  await page.evaluate(() => window.host.act('distributeDown'));
  await until('they are distributed', async () => (await edits()).length === 1);
  const { layout } = viewOf(await text()).analysis.spec;
  expect([...layout.keys()]).toEqual(['image', 'conv1', 'logits']);
  // image is 26 high, and the stack of conv1, relu1 and flat 118.
  expect(layout.get('conv1')).toEqual([0, 26 + (600 - 26 - 118) / 2]);
});

test('two rows of one stack are arranged as one, so that they stay in it', async () => {
  const placed = { image: [0, 0], conv1: [0, 100], logits: [40, 600] };
  await open(chain.replace(/\n}\n$/, `,\n  "layout": ${JSON.stringify(placed)}\n}\n`));
  for (const name of ['relu1', 'flat']) await node(name).click({ modifiers: ['Control'] });
  await until('two are selected', async () => (await selected()).length === 2);
  await page.evaluate(() => window.host.act('alignLeft'));
  await node('logits').click({ modifiers: ['Control'] });
  await until('three are selected', async () => (await selected()).length === 3);
  await page.evaluate(() => window.host.act('alignRight'));
  await until('they are aligned', async () => (await edits()).length > 0);
  expect(await edits()).toHaveLength(1);
  const { layout } = viewOf(await text()).analysis.spec;
  expect(layout.get('relu1')?.[0]).toBe(40);
  expect(layout.has('flat')).toBe(false);
});
