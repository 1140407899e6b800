/** Layers in the graph: bypassed layers, the table, documentation in the palette. */
import { expect, test } from 'vitest';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import {
  centre,
  connections,
  drag,
  edits,
  inBrowser,
  node,
  open,
  page,
  paletteItem,
  settled,
  source,
  target,
  text,
  until,
} from './driver.ts';
import { branches, chain, withBlock } from './network.ts';

const dead = { mean: 0, std: 0.3, min: 0, max: 1, zeroFraction: 0.99, deadFraction: 0.9 };

inBrowser();

test('M bypasses a layer, which stays and is marked, and M restores it', async () => {
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

test('a kind in the palette shows its documentation, and an activation its curve', async () => {
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

test('several selected layers are given one attribute at once, in one edit', async () => {
  await open(branches.replace('"kernelSize": 1', '"kernelSize": 1, "useBias": false'));
  for (const name of ['stem', 'left', 'right']) await node(name).click({ modifiers: ['Control'] });
  await page.locator('.inspector h2', { hasText: '3 layers' }).waitFor();
  const inspector = page.locator('.inspector');
  const filters = inspector.getByLabel('filters (required)');
  expect(await filters.inputValue()).toBe('16');
  await inspector.locator('.form-field', { hasText: 'kernelSize' }).getByText('mixed').waitFor();
  // Where they differ, no value is shown, not even the default of one of them.
  const padding = inspector.getByLabel('padding');
  expect(await padding.evaluate((list: HTMLSelectElement) => list.selectedOptions[0].text)).toBe('');
  expect(await inspector.getByLabel('useBias').evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(
    true,
  );
  await filters.fill('8');
  await filters.press('Enter');
  await until('all three have it', async () => ((await text()).match(/"filters": 8/g) ?? []).length === 3);
  expect(await edits()).toEqual(['several']);
  await page.keyboard.press('Escape');
});

test('selecting and walking are not undo steps; each gesture is one edit and one undo step', async () => {
  await open(branches);
  const expected = async (count: number) => {
    await until(`${count} edits`, async () => (await edits()).length >= count);
    expect(await edits()).toHaveLength(count);
  };
  // The same choices in every run.
  let state = 12345;
  const draw = (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  const names = ['stem', 'left', 'leftRelu', 'right'];
  let count = 0;
  for (let round = 0; round < 6; round++) {
    // Copies come into view, and then others may leave it.
    await settled();
    await page.keyboard.press('1');
    await settled();
    await node(names[draw(names.length)]).click();
    for (let step = 0; step < 4; step++)
      await page.keyboard.press(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'][draw(4)]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+a');
    await node(names[draw(names.length)]).click();
    const before = await text();
    await page.keyboard.press(['m', 'Control+d', 'm', 'Control+d'][draw(4)]);
    await expected(++count);
    await until('the text changed', async () => (await text()) !== before);
  }
  for (let undo = 0; undo < count; undo++) await page.keyboard.press('Control+z');
  await until('everything is undone', async () => (await text()) === branches);
});

test('a problem of a layer is fixed on its card as in the text, in one edit', async () => {
  const faulty = chain.replace('"type": "relu"', '"type": "rellu"');
  await open(faulty);
  await node('relu1').click({ button: 'right' });
  await page.getByRole('menuitem', { name: /relu/ }).first().click();
  await until('it is fixed', async () => (await text()) === chain);
  await page.keyboard.press('Control+z');
  await until('undo takes it back', async () => (await text()) === faulty);
  await node('relu1').click();
  const button = page.locator('.inspector .problem-fix').first();
  const icon = button.locator('.codicon');
  // Neither the button nor its icon is squeezed.
  expect((await button.boundingBox())!.width).toBeGreaterThan(120);
  expect((await icon.boundingBox())!.width).toBeGreaterThanOrEqual(14);
  await button.click();
  await until('it is fixed again', async () => (await text()) === chain);
  expect(await edits()).toHaveLength(2);
});

test('a card that is dragged with Alt leaves a copy where it is dropped, and goes back', async () => {
  await open(branches);
  const start = await centre(node('right'));
  await page.keyboard.down('Alt');
  await drag(start, { x: start.x + 60, y: start.y + 150 });
  await page.keyboard.up('Alt');
  await node('right2').waitFor();
  expect(await connections()).toContain('right2 < stem');
  expect(await edits()).toHaveLength(1);
  expect(await text()).toMatch(/"layout": \{\s*"right2": \[/);
});

test('a card that is dragged with Alt is copied with the rows that move with it', async () => {
  await open(branches);
  const start = await centre(node('left'));
  await page.keyboard.down('Alt');
  await drag(start, { x: start.x - 60, y: start.y + 260 });
  await page.keyboard.up('Alt');
  await node('left2').waitFor();
  expect(await connections()).toEqual(expect.arrayContaining(['left2 < stem', 'leftRelu2 < left2']));
  expect(await edits()).toHaveLength(1);
});

test('a drag that begins on a heading of the palette marks no text', async () => {
  await open(chain);
  const heading = await centre(page.locator('.palette h3').first());
  await drag(heading, { x: heading.x + 300, y: heading.y + 80 });
  expect(await page.evaluate(() => String(getSelection()))).toBe('');
});

test('shapes are on the connections where they change, and on no others', async () => {
  await open(branches);
  await page.locator('.edge-label.quiet').first().waitFor();
  const labels = await page.locator('.edge-label.quiet').allTextContents();
  expect(labels).toContain('32×32×3');
  expect(labels.filter((label) => label === '32×32×3')).toHaveLength(1);
});

test('no shape on a connection covers the name of an input', async () => {
  const recurrent = (name: string, type: string) =>
    `"${name}": { "type": "${type}", "from": "numbers", "hiddenSize": 24 },
    "${name}Sum": { "type": "dense", "from": "${name}", "units": 1 }`;
  await open(`{
  "format": 1,
  "layers": {
    "numbers": { "type": "input", "shape": [60, 2] },
    ${recurrent('simple', 'simpleRnn')},
    ${recurrent('lstm', 'lstm')}
  }
}`);
  await page.locator('.edge-label.quiet').nth(3).waitFor();
  const boxes = (selector: string) =>
    page
      .locator(selector)
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON() as DOMRect));
  const names = await boxes('.handle-label');
  expect(names.length).toBeGreaterThan(3);
  const covered = (await boxes('.edge-label.quiet')).flatMap((label) =>
    names.filter(
      (name) =>
        label.left < name.right &&
        name.left < label.right &&
        label.top < name.bottom &&
        name.top < label.bottom,
    ),
  );
  expect(covered).toEqual([]);
});

test('a block unfolds in place and folds again by key and by button; the text stays as it is', async () => {
  await open(withBlock);
  const selected = () => page.evaluate(() => window.host.selected.join());
  await node('uses').click();
  await page.keyboard.press('e');
  await node('uses/1/conv').waitFor();
  expect(await node('uses/2/conv').count()).toBe(0);
  await page.keyboard.press('Shift+E');
  await node('uses/2/conv').waitFor();
  // Each part gets the statistics under the name with which it runs.
  await page.evaluate((stats) => window.host.run({ state: 'running', task: 'train' }, [stats]), {
    event: 'stats',
    step: 1,
    layers: { 'uses/2/relu': { ...dead } },
  } as unknown as TrainingEvent);
  for (const name of ['uses', 'uses/2', 'uses/2/relu'])
    await node(name).locator('.health-mark').first().waitFor();
  expect(await node('uses/1').locator('.health-mark').count()).toBe(0);
  await node('uses/2/conv').click();
  await until('its text is asked for', async () => (await selected()) === 'uses/2/conv');
  await page.keyboard.press('Delete');
  await page.getByText('conv is a layer of the block pair.').waitFor();
  await node('uses/1').click({ position: { x: 60, y: 12 } });
  await until('the use is what the text has of a copy', async () => (await selected()) === 'uses');
  await node('uses').getByRole('button', { name: 'Fold block' }).first().click();
  await node('uses/1').waitFor({ state: 'detached' });
  await until('it is selected', async () => (await selected()) === 'uses');
  await page.keyboard.press('Shift+E');
  await node('uses/2/conv').waitFor();
  await settled();
  await node('uses/2/conv').click();
  await page.keyboard.press('i');
  await page.locator('.trail', { hasText: 'copy 2 of 2' }).waitFor();
  await node('conv').locator('.selected').waitFor();
  await page.locator('.note-text', { hasText: 'finds edges' }).waitFor();
  expect(await edits()).toEqual([]);
  expect(await text()).toBe(withBlock);
});

test('a layer in a frame is given an attribute in place, for all uses of the block; a copy has none of its own', async () => {
  await open(withBlock);
  await node('uses').click();
  await page.keyboard.press('Shift+E');
  await node('uses/2/conv').waitFor();
  await settled();
  await node('uses/2/conv').click();
  const filters = page.locator('.inspector').getByLabel('filters');
  await filters.fill('3');
  await filters.press('Enter');
  await until('the block has it', async () => /"conv": \{[^}]*"filters": 3/.test(await text()));
  expect(await edits()).toEqual(['inBlock']);
  await node('uses/1/conv').locator('.layer-shape', { hasText: '×3' }).waitFor();
  await node('uses/1').click({ position: { x: 60, y: 12 } });
  await page.locator('.inspector', { hasText: 'Enter the block to change it' }).waitFor();
  // Together with other layers too, and once for all uses.
  await node('flat').click();
  for (const use of ['uses/1/conv', 'uses/2/conv']) await node(use).click({ modifiers: ['Control'] });
  await page.locator('.inspector h2', { hasText: '3 layers' }).waitFor();
  const penalty = page.locator('.inspector').getByLabel('l2');
  await penalty.fill('0.1');
  await penalty.press('Enter');
  await until('both have it', async () => ((await text()).match(/"l2": 0.1/g) ?? []).length === 2);
  expect(await edits()).toEqual(['inBlock', 'several']);
});

test('among several selected layers, the inspector says which it can set, duplicate and delete', async () => {
  await open(withBlock);
  await node('uses').click();
  await page.keyboard.press('Shift+E');
  await node('uses/2/conv').waitFor();
  await settled();
  await node('flat').click();
  await node('uses/1/conv').click({ modifiers: ['Control'] });
  const inspector = page.locator('.inspector');
  await inspector.getByText('Attributes of all 2 layers', { exact: true }).waitFor();
  await inspector.getByText('Only these can be duplicated or deleted: flat', { exact: true }).waitFor();
  await node('uses/2').click({ modifiers: ['Control'], position: { x: 60, y: 12 } });
  await inspector.getByText('Attributes of 2 of the 3 layers', { exact: true }).waitFor();
  const copies = inspector.getByText(/^These copies of a block are left out, /);
  await inspector.getByText(/: uses\/2$/).waitFor();
  for (const use of ['uses/1', 'flat', 'uses/1/conv'])
    await node(use).click({
      modifiers: ['Control'],
      ...(use === 'uses/1' ? { position: { x: 60, y: 12 } } : {}),
    });
  await inspector.getByText('Attributes of 0 of the 2 layers', { exact: true }).waitFor();
  expect(await copies.textContent()).toMatch(/: uses\/(?:1, uses\/2|2, uses\/1)$/);
});

test('unfolded and selected layers follow a rename, also inside of a block', async () => {
  await open(withBlock);
  const rename = async (from: string, to: string) => {
    const renamed = (await text()).replaceAll(`"${from}"`, `"${to}"`);
    await page.evaluate((renamed) => window.host.change(renamed), renamed);
  };
  await node('uses').click();
  await page.keyboard.press('Shift+E');
  await node('uses/2/conv').waitFor();
  await settled();
  await node('uses/2/conv').click();
  await rename('uses', 'stage');
  await node('stage/2/conv').locator('.selected').waitFor();
  await rename('stage', 'uses');
  await node('uses/2/conv').locator('.selected').waitFor();
  await rename('conv', 'filter');
  await node('uses/2/filter').locator('.selected').waitFor();
  await page.keyboard.press('i');
  await page.locator('.trail', { hasText: 'uses' }).waitFor();
  await rename('uses', 'stage');
  await page.locator('.trail', { hasText: 'stage' }).waitFor();
  await node('filter').locator('.selected').waitFor();
});

test('an unfolded block is connected at its own ports, as the folded card is', async () => {
  const apart = withBlock.replace(', "from": "image"', '').replace(', "from": "uses"', '');
  await open(apart.replace('"filters": 1', '"filters": 2').replace(', "repeat": 2', ''));
  await node('uses').click();
  await page.keyboard.press('e');
  await node('uses/conv').waitFor();
  await settled();
  await drag(await centre(source('image')), await centre(target('uses')));
  await until('the use reads the input', async () => (await connections()).includes('uses < image'));
  // The line to the first layer inside passes behind the head of the frame.
  const { x } = await centre(node('uses/conv'));
  const { y } = await centre(node('uses').locator('.frame-face'));
  const layersAt = () =>
    page.evaluate(
      ([x, y]) => document.elementsFromPoint(x, y).map((element) => element.getAttribute('class') ?? ''),
      [x, y],
    );
  const depthOf = async (name: string) => (await layersAt()).findIndex((classes) => classes.includes(name));
  await until('the line is drawn', async () => (await depthOf('react-flow__edge-')) >= 0);
  expect(await depthOf('frame-face')).toBeLessThan(await depthOf('react-flow__edge-'));
  await drag(await centre(source('uses')), await centre(target('flat')));
  await until('its output is read', async () => (await connections()).includes('flat < uses'));
  expect(await edits()).toEqual(['connect', 'connect']);
  await page.keyboard.press('Shift+E');
  await node('uses/conv').waitFor({ state: 'detached' });
  // The folded block is drawn on further cards, and the shape below it does not touch them once the cards have moved to their places.
  const isBelow = () =>
    page.evaluate(() => {
      const card = document.querySelector('.react-flow__node[data-id="uses"] .block')!;
      const label = [...document.querySelectorAll('.edge-label.quiet')].find(
        (one) => one.textContent === '8×8×2',
      );
      const shadow =
        card.getBoundingClientRect().bottom - Number.parseFloat(getComputedStyle(card, '::after').bottom);
      return label !== undefined && label.getBoundingClientRect().top >= shadow - 1;
    });
  await until('the shape is below the cards', isBelow);
});
