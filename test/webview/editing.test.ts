/** Faults that people noticed while they edited in the graph, each with the gesture that showed it. */
import { describe, expect, test } from 'vitest';
import {
  between,
  centre,
  connections,
  drag,
  edits,
  inBrowser,
  node,
  open,
  page,
  paletteItem,
  source,
  target,
  text,
  until,
} from './driver.ts';
import { branches, chain, connectionsOf, viewOf, withBlock } from './network.ts';

inBrowser();

describe('a double click', () => {
  test('on a connection inserts a layer into it', async () => {
    await open(chain);
    await node('flat').waitFor();
    const { x, y } = await between('relu1', 'flat');
    await page.mouse.dblclick(x, y);
    await page.locator('.picker input').waitFor();
    await page.keyboard.type('dropout');
    await page.keyboard.press('Enter');
    await node('dropout1').waitFor();
    expect(await connections()).toEqual(expect.arrayContaining(['dropout1 < relu1', 'flat < dropout1']));
  });

  test('on the body of a card opens its layer in the inspector, and adds nothing', async () => {
    await open(chain, { width: 780, height: 700 });
    await node('conv1').waitFor();
    expect(await page.locator('.inspector').count()).toBe(0);
    await node('conv1').locator('.layer-icon').dblclick();
    await page.locator('.inspector h2', { hasText: 'conv1' }).waitFor();
    expect(await page.locator('.picker input').count()).toBe(0);
    expect(await edits()).toEqual([]);
  });
});

describe('a layer from the palette', () => {
  test('dropped on a card comes after it, with the place shown before', async () => {
    await open(chain);
    const from = await centre(paletteItem('maxPool2d'));
    const to = await centre(node('relu1'));
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 20 });
    await page.locator('.drop-place').waitFor();
    await page.locator('.ghost-hint', { hasText: 'after relu1' }).waitFor();
    const place = (await page.locator('.drop-place').boundingBox())!;
    const card = (await node('relu1').boundingBox())!;
    expect(place.y).toBeGreaterThanOrEqual(card.y + card.height);
    expect(place.width).toBeCloseTo(card.width, 0);
    await page.mouse.up();
    await node('maxPool1').waitFor();
    expect(await connections()).toEqual(expect.arrayContaining(['maxPool1 < relu1', 'flat < maxPool1']));
    expect(await text()).not.toContain('"layout"');
  });

  test('that joins a stack is joined by the seam, also while the pointer enlarges the dot above it', async () => {
    await open(chain);
    const from = await centre(paletteItem('dropout'));
    const to = await centre(source('flat'));
    await drag(from, to);
    await node('dropout1').waitFor();
    const line = page.locator('.react-flow__edge[data-id="dropout1:0"] .layer-edge');
    await until('the seam is drawn', async () => /h264$/.test((await line.getAttribute('d')) ?? ''));
    await page.mouse.move(to.x + 300, to.y + 100);
    expect(await line.getAttribute('d')).toMatch(/h264$/);
  });

  test('added at a double click lies there, covers no card and moves none', async () => {
    await open(chain);
    const names = ['image', 'conv1', 'relu1', 'flat', 'logits'];
    await node('logits').waitFor();
    const places = async () => Promise.all(names.map(async (name) => centre(node(name))));
    const before = await places();
    const card = (await node('logits').boundingBox())!;
    const at = { x: card.x - 10, y: card.y + card.height - 4 };
    await page.mouse.dblclick(at.x, at.y);
    await page.locator('.picker input').waitFor();
    await page.keyboard.type('dense');
    await page.keyboard.press('Enter');
    await node('dense1').waitFor();
    expect(await places()).toEqual(before);
    const added = (await node('dense1').boundingBox())!;
    const covers =
      added.x + added.width > card.x && added.y < card.y + card.height && added.y + added.height > card.y;
    expect(covers).toBe(false);
    expect(Math.abs(added.y + added.height / 2 - at.y)).toBeLessThan(2 * added.height);
  });

  test('that reads nothing is not placed on top of a card', async () => {
    await open(chain);
    await drag(await centre(paletteItem('input')), await centre(node('relu1')));
    expect(await edits()).toEqual([]);
  });

  test('leaves no list open if the palette is narrow', async () => {
    await open(chain, { width: 780, height: 700 });
    await page.getByRole('button', { name: 'Activation' }).click();
    const card = await centre(node('flat'));
    await drag(await centre(paletteItem('tanh')), card);
    await node('tanh1').waitFor();
    await page.locator('.flyout').waitFor({ state: 'detached' });
  });
});

describe('a selection box', () => {
  test('selects layers, which can then be copied, and no words of the page', async () => {
    await open(chain);
    const first = (await node('conv1').boundingBox())!;
    const last = (await node('relu1').boundingBox())!;
    await page.keyboard.down('Shift');
    await drag(
      { x: first.x - 20, y: first.y - 4 },
      { x: last.x + last.width + 20, y: last.y + last.height + 3 },
    );
    await page.keyboard.up('Shift');
    await until('both are selected', async () => (await page.locator('.layer-card.selected').count()) >= 2);
    expect(await page.evaluate(() => String(window.getSelection()))).toBe('');
    // Words that were selected before, beside the graph.
    await page.evaluate(() =>
      window.getSelection()?.selectAllChildren(document.querySelector('.palette h3')!),
    );
    await page.keyboard.press('Control+c');
    await page.keyboard.press('Control+v');
    await node('relu2').waitFor();
    expect(await connections()).toContain('relu2 < conv2');
  });
});

test('Select All outside of a field selects no words of the page', async () => {
  await open(chain);
  await node('conv1').click();
  await page.locator('.inspector summary').first().focus();
  await page.keyboard.press('Control+a');
  expect(await page.evaluate(() => window.getSelection()?.toString())).toBe('');
});

describe('a connection', () => {
  test('between two cards, where it is short, is within reach of the pointer between the dots at its ends', async () => {
    await open(chain);
    const { x } = await between('image', 'conv1');
    const above = (await node('image').boundingBox())!;
    const [top, bottom] = [above.y + above.height, (await node('conv1').boundingBox())!.y];
    for (const share of [0.3, 0.4, 0.6, 0.7]) {
      await page.mouse.click(x, top + share * (bottom - top));
      await page.locator('.react-flow__edge.selected').waitFor({ state: 'attached' });
      await page.keyboard.press('Escape');
      await page.locator('.react-flow__edge.selected').waitFor({ state: 'detached' });
    }
    await drag(await centre(paletteItem('dropout')), { x, y: bottom - 1 });
    await node('dropout1').waitFor();
    expect(await connections()).toEqual(expect.arrayContaining(['dropout1 < image', 'conv1 < dropout1']));
  });

  test('that is cut does not move its cards, and neither does undo', async () => {
    await open(chain);
    await node('logits').waitFor();
    const names = ['image', 'conv1', 'relu1', 'flat', 'logits'];
    const places = async () => Promise.all(names.map(async (name) => centre(node(name))));
    const before = await places();
    const { x, y } = await between('relu1', 'flat');
    await page.mouse.click(x, y);
    await page.locator('.react-flow__edge.selected').waitFor({ state: 'attached' });
    await page.keyboard.press('Delete');
    await node('flat').locator('.layer-problem.error').waitFor();
    expect(await places()).toEqual(before);
    expect(await text()).not.toContain('"layout"');
    await page.keyboard.press('Control+z');
    await until('it is back', async () => (await connections()).includes('flat < relu1'));
    expect(await places()).toEqual(before);
  });

  test('dragged from a filled input is read from another layer, or cut off on the canvas', async () => {
    await open(branches);
    await node('sum').waitFor();
    await drag(await centre(target('leftRelu')), await centre(source('right')));
    await until('it reads right', async () => (await connections()).includes('leftRelu < right'));
    const input = await centre(target('leftRelu'));
    await drag(input, { x: input.x - 260, y: input.y - 13 });
    await until('it is cut', async () => !(await connections()).some((line) => line.startsWith('leftRelu')));
  });

  for (const [what, to, why] of [
    ['an input layer', () => centre(node('image')), 'image takes no input'],
    ['a card that would close a cycle', () => centre(node('conv1')), 'cycle'],
  ] as const)
    test(`over ${what} shows the complete reason why it cannot end there before the button is released`, async () => {
      await open(chain);
      const from = await centre(source('flat'));
      const end = await to();
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(end.x, end.y, { steps: 30 });
      const hint = page.locator('.connection-hint.refused', { hasText: why });
      await hint.waitFor();
      const box = (await hint.boundingBox())!;
      const top = await page.evaluate(
        ([x, y]) => getComputedStyle(document.elementsFromPoint(x, y)[0]).pointerEvents !== 'none',
        [box.x + 4, box.y + 4] as const,
      );
      expect(top).toBe(true);
      const dashes = (line: Element) => getComputedStyle(line).strokeDasharray;
      expect(await page.locator('.react-flow__connection-path').evaluate(dashes)).not.toBe('none');
      expect(box.x + box.width).toBeLessThanOrEqual(1400);
      await page.mouse.up();
      expect(await edits()).toEqual([]);
    });

  test('shows over a card what it would connect', async () => {
    await open(branches);
    const from = await centre(source('left'));
    const end = await centre(node('sum'));
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(end.x, end.y, { steps: 30 });
    await page.locator('.connection-hint', { hasText: 'sum reads left' }).waitFor();
    await page.mouse.up();
    await until('it does', async () => (await connections()).includes('sum < left'));
  });
});

describe('a name that is taken', () => {
  test('stays in the field of the card with the reason, until it is corrected or cancelled', async () => {
    await open(chain);
    await node('conv1').locator('.layer-name').dblclick();
    await page.keyboard.type('relu1');
    await page.keyboard.press('Enter');
    const field = page.getByLabel('New name of conv1');
    await node('conv1').getByRole('alert').getByText('already a layer named "relu1"').waitFor();
    expect(await field.inputValue()).toBe('relu1');
    expect(await page.locator('.banner').count()).toBe(0);
    await field.press('End');
    await field.type('b');
    await field.press('Enter');
    await node('relu1b').waitFor();
    expect(await connections()).toContain('relu1 < relu1b');
  });

  test('stays in the field of the inspector with the reason', async () => {
    await open(chain);
    await node('conv1').click();
    const field = page.locator('.inspector').getByLabel('name', { exact: true });
    await field.fill('relu1');
    await field.press('Enter');
    await page.locator('.inspector').getByRole('alert').getByText('already a layer').waitFor();
    expect(await field.inputValue()).toBe('relu1');
    expect(await page.locator('.banner').count()).toBe(0);
    await field.press('Escape');
    expect(await field.inputValue()).toBe('conv1');
    expect(await edits()).toEqual([]);
  });
});

describe('in every field', () => {
  const fields = [
    ['the inspector', async () => page.locator('.inspector').getByLabel('name', { exact: true }).focus()],
    ['the search of the palette', async () => page.getByLabel('Search layers').focus()],
    [
      'the picker',
      async () => {
        await node('conv1').focus();
        await page.keyboard.press('/');
        await page.locator('.picker input').waitFor();
      },
    ],
    [
      'the name on a card',
      async () => {
        await node('conv1').locator('.layer-name').dblclick();
        await page.getByLabel('New name of conv1').waitFor();
      },
    ],
  ] as const;
  for (const [what, enter] of fields)
    test(`of ${what} F1 and F6 reach VS Code, and letters do not`, async () => {
      await open(chain);
      await node('conv1').click();
      await enter();
      await page.evaluate(() => {
        const heard: string[] = [];
        Object.assign(window, { heard });
        // As VS Code does in every webview.
        window.addEventListener('keydown', ({ key }) => heard.push(key));
      });
      for (const key of ['F1', 'm', 'F6', 'Backspace', 'Control+Shift+P']) await page.keyboard.press(key);
      const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard);
      expect(heard.filter((key) => !['Control', 'Shift'].includes(key))).toEqual(['F1', 'F6', 'P']);
    });
});

describe('a block', () => {
  const residual = `{
  "blocks": {
    "residual": {
      "input": { "type": "blockInput" },
      "conv": { "type": "conv2d", "from": "input", "filters": 8, "kernelSize": 3, "padding": "same" },
      "sum": { "type": "add", "from": ["conv", "input"] },
      "output": { "type": "blockOutput", "from": "sum" }
    }
  },
  "layers": {
    "image": { "type": "input", "shape": [8, 8, 8] },
    "stages": { "type": "residual", "from": "image", "repeat": 3 },
    "mean": { "type": "globalAveragePool", "from": "stages" }
  }
}
`;

  test('is one card with the worst of what is inside; a double click leads in, the trail out', async () => {
    await open(residual);
    expect(await node('stages').innerText()).toContain('×3');
    await page.evaluate(() =>
      window.host.run({ state: 'running', task: 'train' }, [
        {
          event: 'stats',
          step: 1,
          layers: { 'stages/1/conv': { gradNorm: 1 }, 'stages/2/conv': { gradNorm: Number.NaN } },
        },
      ]),
    );
    await node('stages').locator('.health-mark.bad').waitFor();
    await node('stages').dblclick();
    await node('conv').waitFor();
    expect(await node('image').count()).toBe(0);
    // It shows the first copy, which is healthy.
    expect(await node('conv').locator('.health-mark').count()).toBe(0);
    await node('conv').click();
    await until('the text shows which one', async () =>
      (await page.evaluate(() => window.host.selected)).includes('stages/1/conv'),
    );
    await page.locator('.trail select').selectOption('2');
    await node('conv').locator('.health-mark.bad').waitFor();
    await node('conv').click();
    await page.keyboard.press('Delete');
    await node('conv').waitFor({ state: 'detached' });
    expect(await text()).toContain('"sum": { "type": "add", "from": ["input", "input"] }');
    await page.locator('.trail button').first().click();
    await node('stages').waitFor();
    expect(await page.evaluate(() => window.host.edits)).toHaveLength(1);
  });

  test('is made from the selected layers and dissolved by a key, each in one edit; if that is impossible, the reason is shown', async () => {
    await open(chain);
    await node('conv1').click();
    await node('flat').click({ modifiers: ['Shift'] });
    await page.keyboard.press('Control+g');
    await page.getByText('through relu1').waitFor();
    expect(await edits()).toEqual([]);
    await node('relu1').click({ modifiers: ['Shift'] });
    await page.keyboard.press('Control+g');
    await node('block1').waitFor();
    expect(await connections()).toEqual(['block1 < image', 'logits < block1']);
    await page.keyboard.press('Control+Shift+g');
    await node('conv1').waitFor();
    expect(await edits()).toHaveLength(2);
    expect((await connections()).sort()).toEqual(connectionsOf(viewOf(chain)).sort());
    expect(await text()).not.toContain('blocks');
  });

  test('is dissolved into layers that are all in view', async () => {
    await open(withBlock, { width: 1400, height: 320 });
    await node('uses').click();
    await page.keyboard.press('Control+Shift+g');
    const canvas = (await page.locator('.react-flow').boundingBox())!;
    const selected = page.locator('.react-flow__node.selected');
    await until('all layers of the block are in view', async () => {
      const boxes = await selected.evaluateAll((all) => all.map((one) => one.getBoundingClientRect()));
      const within = boxes.filter(
        ({ left, right, top, bottom }) =>
          left >= canvas.x &&
          right <= canvas.x + canvas.width &&
          top >= canvas.y &&
          bottom <= canvas.y + canvas.height,
      );
      return boxes.length === 4 && within.length === 4;
    });
  });
});
