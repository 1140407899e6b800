/** Keyboard shortcuts of the graph in a real browser, bound as package.json contributes them. */
import { describe, expect, test } from 'vitest';
import { centre, connections, edits, inBrowser, node, open, page, text, until } from './driver.ts';
import { branches, chain, withBlock } from './network.ts';

inBrowser();

const selected = () => page.evaluate(() => window.host.selected);
const picker = () => page.locator('.picker input');

test('characters that follow a key that opens a field arrive in the field, and are not keys of the graph', async () => {
  await open(chain);
  await node('conv1').click();
  // "m", "x" and "n" are shortcuts, too, but the picker takes them first.
  await page.keyboard.type('/maxpool');
  await page.keyboard.press('Enter');
  await node('maxPool1').waitFor();
  expect(await connections()).toContain('maxPool1 < conv1');
  expect(await edits()).toHaveLength(1);
});

test('arrows walk along connections and to neighbours, and change nothing', async () => {
  await open(branches);
  await node('stem').click();
  await page.keyboard.press('ArrowDown');
  await until('a layer below', async () => ['left', 'right', 'sum'].includes((await selected())[0]));
  await page.keyboard.press('ArrowUp');
  await until('back up', async () => (await selected())[0] === 'stem');
  await page.keyboard.press('ArrowUp');
  await until('at the top', async () => (await selected())[0] === 'image');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-id'))).toBe('image');
  expect(await edits()).toEqual([]);
  expect(await text()).toBe(branches);
});

test('Shift and Ctrl click add to the selection', async () => {
  await open(chain);
  await node('conv1').click();
  await node('relu1').click({ modifiers: ['Shift'] });
  await node('flat').click({ modifiers: ['Control'] });
  await until('three are selected', async () => (await selected()).length === 3);
  expect([...(await selected())].sort()).toEqual(['conv1', 'flat', 'relu1']);
});

test('Shift and a drag select everything in the box', async () => {
  await open(chain);
  const [from, to] = [await centre(node('conv1')), await centre(node('flat'))];
  await page.keyboard.down('Shift');
  await page.mouse.move(from.x - 300, from.y - 45);
  await page.mouse.down();
  await page.mouse.move(to.x + 200, to.y + 30, { steps: 20 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await until('three are selected', async () => (await selected()).length === 3);
});

describe('a selected layer', () => {
  test('is replaced by another kind, which keeps what fits, in one edit', async () => {
    await open(chain);
    await node('conv1').click();
    await page.keyboard.type('rdepthwise');
    await page.keyboard.press('Enter');
    await until('it is another kind', async () => (await text()).includes('depthwiseConv2d'));
    expect(await text()).toContain('"kernelSize": 3, "padding": "same"');
    expect(await text()).not.toContain('"filters"');
    expect(await edits()).toEqual(['several']);
    await page.keyboard.press('Control+z');
    await until('undo brings it back', async () => (await text()) === chain);
  });

  test('is deleted by Shift+Delete without connecting its neighbours, and cards stay where they are', async () => {
    await open(chain);
    const before = await centre(node('flat'));
    await node('relu1').click();
    await page.keyboard.press('Shift+Delete');
    await node('relu1').waitFor({ state: 'detached' });
    expect(await connections()).toEqual(['conv1 < image', 'logits < flat']);
    expect(await centre(node('flat'))).toEqual(before);
  });

  test('is frozen and unfrozen by key', async () => {
    await open(chain);
    await node('conv1').click();
    await page.keyboard.press('f');
    await until('it is frozen', async () => (await text()).includes('"trainable": false'));
    await node('conv1').getByRole('img', { name: 'Frozen' }).waitFor();
    expect(await node('conv1').textContent()).toContain('frozen');
    await page.keyboard.press('f');
    await until('it trains again', async () => (await text()) === chain);
    await node('conv1').getByRole('img', { name: 'Frozen' }).waitFor({ state: 'detached' });
  });

  test('is cut from its inputs by key', async () => {
    await open(branches);
    await node('sum').click();
    await page.keyboard.press('x');
    await until(
      'it reads nothing',
      async () => !(await connections()).some((line) => line.startsWith('sum')),
    );
    expect(await edits()).toHaveLength(1);
  });

  test('is opened by Enter: the focus goes into the inspector', async () => {
    await open(chain);
    await node('conv1').click();
    await page.keyboard.press('Enter');
    await until('a field has the focus', () =>
      page.evaluate(() => document.activeElement?.closest('.inspector') !== null),
    );
  });
});

test('Escape in the inspector discards what is typed, and then leads back to the graph', async () => {
  await open(chain);
  await node('conv1').click();
  await page.keyboard.press('Enter');
  const field = page.getByLabel('name', { exact: true });
  await field.fill('other');
  await page.keyboard.press('Escape');
  await until('the name is back', async () => (await field.inputValue()) === 'conv1');
  const isFocused = () => page.locator('.canvas').evaluate((canvas) => canvas === document.activeElement);
  expect(await isFocused()).toBe(false);
  await page.keyboard.press('Escape');
  await until('the graph has the focus', isFocused);
  expect(await edits()).toEqual([]);
  await page.locator('.inspector').getByRole('button', { name: 'Duplicate' }).focus();
  await page.keyboard.press('Escape');
  await until('the graph has the focus again', isFocused);
});

test('after Escape no layer is one that keys apply to, and a second Escape leaves a block', async () => {
  await open(withBlock);
  await node('uses').click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Delete');
  await node('uses').click();
  await page.evaluate(() => window.host.act('enterBlock'));
  await node('conv').click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Delete');
  await node('conv').waitFor();
  await page.keyboard.press('Escape');
  await node('uses').waitFor();
  expect(await selected()).toEqual(['uses']);
  expect(await edits()).toEqual([]);
  expect(await text()).toBe(withBlock);
});

test('2 brings the selected layers to the middle of the view, and 1 the whole network', async () => {
  await open(chain);
  const offMiddle = async () => {
    const [card, canvas] = await Promise.all(
      [node('logits'), page.locator('.canvas')].map(async (part) => (await part.boundingBox())!),
    );
    return Math.abs(card.y + card.height / 2 - canvas.y - canvas.height / 2);
  };
  const before = await offMiddle();
  expect(before).toBeGreaterThan(60);
  await node('logits').click();
  await page.keyboard.press('2');
  await until('it is in the middle', async () => (await offMiddle()) < 5);
  await page.keyboard.press('1');
  await until('all is in view as before', async () => Math.abs((await offMiddle()) - before) < 2);
  expect(await edits()).toEqual([]);
});

test('Ctrl+F finds layers by name, kind, shape and finding', async () => {
  await open(chain.replace('"units": 10', '"units": 0'));
  await node('conv1').click();
  for (const [query, name] of [
    ['flat', 'flat'],
    ['fully connected', 'logits'],
    ['28×28×1 ', 'image'],
    ['finding', 'logits'],
  ]) {
    await node('conv1').click();
    await page.keyboard.press('Control+f');
    await picker().waitFor();
    await page.keyboard.type(query);
    await page.keyboard.press('Enter');
    await until(`"${query}" finds ${name}`, async () => (await selected())[0] === name);
  }
  expect(await edits()).toEqual([]);
});

test('Tab adds a layer at the pointer after the pointer was used, and leaves the graph after the keyboard was used', async () => {
  await open(chain);
  const card = await centre(node('relu1'));
  // Below the note beside relu1.
  await page.mouse.click(card.x + 330, card.y + 200);
  await until('VS Code knows where the focus is', () => page.evaluate(() => window.host.focus.pointer));
  await page.keyboard.press('Tab');
  await picker().waitFor();
  await page.keyboard.type('tanh');
  await page.keyboard.press('Enter');
  await node('tanh1').waitFor();
  expect(Math.abs((await centre(node('tanh1'))).x - card.x - 330)).toBeLessThan(200);
  await page.getByLabel('Search layers').focus();
  for (let presses = 0; presses < 200; presses++) {
    await page.keyboard.press('Tab');
    const where = await page.evaluate(
      () => document.activeElement?.closest('.palette, .canvas, .inspector')?.className,
    );
    if (where?.includes('inspector')) return;
    expect(await picker().count()).toBe(0);
  }
  throw new Error('Tab never left the graph');
});

test.each([
  ['the palette', 1400, 'Input', 'Dense'],
  ['the palette of a narrow editor', 700, 'Input', 'Core'],
])('%s is one Tab stop, through which the arrow keys lead', async (_what, width, first, second) => {
  await open(chain, { width, height: 800 });
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      return element?.closest('.palette') ? element.ariaLabel || element.innerText : '';
    });
  const entry = page.locator('.palette').getByRole('button', { name: first, exact: true });
  await entry.focus();
  const toolbar = page.getByRole('toolbar', { name: 'Kinds of layers' });
  expect(await toolbar.getByRole('button', { name: first, exact: true }).count(), 'announced as one').toBe(1);
  expect(await toolbar.getAttribute('aria-orientation')).toBe('vertical');
  await page.keyboard.press('ArrowDown');
  expect(await focused()).toBe(second);
  await page.keyboard.press('Alt+ArrowDown');
  expect(await focused(), 'with Alt, the arrows move cards').toBe(second);
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('');
  await page.keyboard.press('Shift+Tab');
  expect(await focused()).toBe(second);
  await page.keyboard.press('Home');
  expect(await focused()).toBe(first);
});

test('the search of the palette leads into its list with the arrow down, and Enter adds the layer', async () => {
  await open(chain);
  await node('conv1').click();
  await page.getByLabel('Search layers').fill('tanh');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await node('tanh1').waitFor();
});

test('the search at a place offers the layers that fit, explains why others do not, and moves no card out of view', async () => {
  await open(chain);
  await node('flat').click();
  await page.keyboard.press('/');
  await picker().waitFor();
  const rows = page.locator('.picker-row');
  const labels = async () => rows.locator('.picker-label').allTextContents();
  expect(await labels()).toContain('Dense');
  expect(await labels()).not.toContain('Conv 2D');
  await page.keyboard.type('conv2d');
  await page.locator('.picker-row[aria-disabled="true"]', { hasText: 'Conv 2D' }).first().waitFor();
});

test('in a low editor the search is shown completely, and moving through it does not move the page', async () => {
  await open(chain, { width: 500, height: 260 });
  await page.locator('.canvas').focus();
  await page.keyboard.press('/');
  await picker().waitFor();
  for (let moves = 0; moves < 12; moves++) await page.keyboard.press('ArrowDown');
  const box = (await page.locator('.picker').boundingBox())!;
  const row = (await page.locator('.picker-row[aria-selected="true"]').boundingBox())!;
  expect(box.y).toBeGreaterThanOrEqual(0);
  expect(box.y + box.height).toBeLessThanOrEqual(260);
  expect(row.y + row.height).toBeLessThanOrEqual(box.y + box.height);
  expect(await page.evaluate(() => document.scrollingElement!.scrollTop)).toBe(0);
});

test('? lists every key that is contributed, and Escape closes the list', async () => {
  await open(chain);
  await node('conv1').click();
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keyboard shortcuts of the graph' });
  await list.waitFor();
  const shown = (await list.locator('.key-row').allTextContents()).join('\n');
  for (const words of [
    'Add Layer…/Tab',
    'Find Layer…Ctrl+F',
    'Freeze or Unfreeze LayersF',
    'Show Keyboard Shortcuts of the Graph?',
  ])
    expect(shown).toContain(words);
  const headings = await list
    .locator('h3')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect()));
  const tops = [...new Set(headings.map(({ left }) => left))].map((column) =>
    Math.min(...headings.filter(({ left }) => left === column).map(({ top }) => top)),
  );
  expect(tops, 'its columns begin at one height').toEqual([tops[0], tops[0]]);
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });
  await page.keyboard.press('f');
  await until('the graph has its keys again', async () => (await text()).includes('"trainable": false'));
});

test('? and / work where they are on other keys than on a US keyboard', async () => {
  await open(chain);
  await node('conv1').click();
  const press = (key: string, code: string) =>
    page.evaluate((init) => document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', init)), {
      key,
      code,
      shiftKey: true,
      bubbles: true,
      cancelable: true,
    });
  // As on a German keyboard.
  await press('?', 'Minus');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts of the graph' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await press('/', 'Digit7');
  await picker().waitFor();
  await page.keyboard.press('Escape');
  await picker().waitFor({ state: 'detached' });
  await press('?', 'Minus');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts of the graph' }).waitFor();
  await press('?', 'Minus');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('a click beside a dialog, a picker or a menu closes it and does nothing else', async () => {
  await open(chain);
  await node('conv1').click();
  // On the empty canvas, where a click clears the selection.
  const pane = (await page.locator('.react-flow__pane').boundingBox())!;
  const spot = { x: pane.x + 80, y: pane.y + pane.height - 30 };
  const openings: readonly (readonly [string, () => Promise<void>])[] = [
    ['dialog', () => page.keyboard.press('?')],
    ['.picker', () => page.keyboard.press('/')],
    ['.context-menu', () => page.keyboard.press('Shift+F10')],
  ];
  for (const [box, show] of openings) {
    await node('conv1').focus();
    await show();
    await page.locator(box).waitFor();
    await page.mouse.click(spot.x, spot.y);
    await page.locator(box).waitFor({ state: 'detached' });
    expect(await selected(), box).toEqual(['conv1']);
  }
});

test('an open dialog keeps the focus, and returns it to the graph; the key that opened it closes it too', async () => {
  await open(chain);
  await node('conv1').click();
  const focused = () => page.evaluate(() => document.activeElement?.closest('dialog')?.ariaLabel);
  for (const [key, name] of [
    ['?', 'Keyboard shortcuts of the graph'],
    ['t', 'Table of layers'],
  ]) {
    await page.keyboard.press(key);
    const dialog = page.getByRole('dialog', { name });
    await dialog.waitFor();
    expect(await focused()).toBe(name);
    const stops = 2 + (await dialog.getByRole('button').count());
    for (let press = 0; press < stops; press++) {
      await page.keyboard.press('Tab');
      // From the last one the focus leaves the page for the frame of the browser, and returns.
      expect(['BODY', name]).toContain(
        (await focused()) ?? (await page.evaluate(() => document.activeElement?.tagName)),
      );
    }
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
    await until('the graph has the focus', () =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'Graph'),
    );
    await page.keyboard.press(key);
    await dialog.waitFor();
    await page.keyboard.press(key);
    await dialog.waitFor({ state: 'detached' });
  }
});

test('behind an open dialog, keys do not change the graph, even while nothing has the focus', async () => {
  await open(chain);
  await node('conv1').click();
  await page.keyboard.press('t');
  const dialog = page.getByRole('dialog', { name: 'Table of layers' });
  await dialog.waitFor();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  await page.keyboard.press('f');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('f');
  await until('the graph has its keys again', async () => (await text()).includes('"trainable": false'));
  expect(await edits()).toHaveLength(1);
});
