/** Gestures on the graph in a real browser, against a host that applies edits with the engine's own functions. */
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
  settled,
  source,
  target,
  text,
  until,
} from './driver.ts';
import { branches, chain } from './network.ts';

inBrowser();

describe('layers', () => {
  test('dragged from the palette onto a connection, a layer comes between its ends, in one edit', async () => {
    await open(chain);
    await node('relu1').waitFor();
    await drag(await centre(paletteItem('maxPool2d')), await between('relu1', 'flat'));
    await node('maxPool1').waitFor();
    expect(await connections()).toEqual(
      expect.arrayContaining(['maxPool1 < relu1', 'flat < maxPool1', 'relu1 < conv1']),
    );
    expect(await edits()).toHaveLength(1);
    expect(await text()).toContain('// the usual choice');
  });

  test('a layer that is dropped on the empty canvas stays there, and is connected by dragging from handle to handle', async () => {
    await open(chain);
    const free = await centre(node('relu1'));
    await drag(await centre(paletteItem('tanh')), { x: free.x + 280, y: free.y });
    await node('tanh1').waitFor();
    expect((await centre(node('tanh1'))).x).toBeCloseTo(free.x + 280, -1);
    await drag(await centre(source('conv1')), await centre(target('tanh1')));
    await until('tanh1 is connected', async () => (await connections()).includes('tanh1 < conv1'));
    await page.locator('[data-id="tanh1:0"]').waitFor({ state: 'attached' });
  });

  test('a click in the palette adds after the selection', async () => {
    await open(chain);
    await node('conv1').click();
    await paletteItem('sigmoid').click();
    await node('sigmoid1').waitFor();
    expect(await connections()).toEqual(expect.arrayContaining(['sigmoid1 < conv1', 'relu1 < sigmoid1']));
    await page.locator('.inspector h2', { hasText: 'sigmoid1' }).waitFor();
  });

  test('a drag that is cancelled with Escape adds nothing', async () => {
    await open(chain);
    const from = await centre(paletteItem('tanh'));
    const to = await centre(node('conv1'));
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x + 200, to.y, { steps: 10 });
    await page.locator('.ghost').waitFor();
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(await page.locator('.ghost').count()).toBe(0);
    expect(await edits()).toEqual([]);
  });

  for (const key of ['Delete', 'Backspace'])
    test(`${key} removes the selected layer and connects its neighbours, and undo restores it`, async () => {
      await open(chain);
      await node('relu1').click();
      await page.keyboard.press(key);
      await node('relu1').waitFor({ state: 'detached' });
      expect(await connections()).toContain('flat < conv1');
      await page.keyboard.press('Control+z');
      await node('relu1').waitFor();
      expect(await text()).toBe(chain);
      await page.keyboard.press('Control+Shift+z');
      await node('relu1').waitFor({ state: 'detached' });
    });

  test('a dragged card is one edit on the drop, and does not jump back in the meantime', async () => {
    await open(chain);
    const start = await centre(node('relu1'));
    await drag(start, { x: start.x + 150, y: start.y + 10 });
    await until('the place is written', async () => (await text()).includes('"layout"'));
    expect(await edits()).toEqual(['moveLayers']);
    expect((await centre(node('relu1'))).x).toBeCloseTo(start.x + 150, -1);
    await page.keyboard.press('Control+z');
    await until('it is back', async () => Math.abs((await centre(node('relu1'))).x - start.x) < 2);
  });

  test('a card or a connection that is held over the palette does not make the graph run away, at its edge the graph follows', async () => {
    await open(chain);
    await settled();
    const view = () =>
      page.locator('.react-flow__viewport').evaluate((element: HTMLElement) => element.style.transform);
    const frames = () =>
      page.evaluate(async () => {
        for (let frame = 0; frame < 20; frame++) await new Promise(requestAnimationFrame);
      });
    const { x, width } = (await page.locator('.palette').boundingBox())!;
    for (const held of [() => node('relu1'), () => source('conv1')]) {
      const start = await centre(held());
      await page.mouse.move(start.x, start.y);
      await page.mouse.down();
      await page.mouse.move(start.x - 30, start.y, { steps: 5 });
      // In one step, so that the pointer is not at the edge of the graph on the way.
      await page.mouse.move(x + width / 2, start.y);
      const before = await view();
      await frames();
      expect(await view()).toBe(before);
      await page.mouse.move(x + width + 10, start.y);
      await until('the graph follows at its edge', async () => (await view()) !== before);
      await page.mouse.move(-20, start.y);
      await page.mouse.up();
      const released = await view();
      await frames();
      expect(await view()).toBe(released);
      await page.keyboard.press('Escape');
    }
  });

  test('Alt and arrow keys move the selected card, in one edit when they rest', async () => {
    await open(chain);
    await node('relu1').click();
    const start = await centre(node('relu1'));
    // In one go: on a slow machine, there would be a rest between presses of the keyboard.
    await page.evaluate(() => {
      const key = { key: 'ArrowRight', code: 'ArrowRight', altKey: true, bubbles: true };
      for (let press = 0; press < 4; press++)
        document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', key));
    });
    await until('the place is written', async () => (await text()).includes('"layout"'));
    expect((await centre(node('relu1'))).x).toBeGreaterThan(start.x);
    expect(await edits()).toEqual(['moveLayers']);
  });

  test('F2 and a double click on the name rename the layer everywhere', async () => {
    await open(chain);
    await node('conv1').click();
    await page.keyboard.press('F2');
    await page.keyboard.type('first');
    await page.keyboard.press('Enter');
    await node('first').waitFor();
    expect(await connections()).toContain('relu1 < first');
    await node('first').locator('.layer-name').dblclick();
    await page.keyboard.type('last');
    await page.keyboard.press('Enter');
    await node('last').waitFor();
    expect(await connections()).toContain('relu1 < last');
    expect(await edits()).toEqual(['renameLayer', 'renameLayer']);
  });

  test('Ctrl+D duplicates, and copied layers are pasted as text', async () => {
    await open(chain);
    await node('relu1').click();
    await page.keyboard.press('Control+d');
    await node('relu2').waitFor();
    // The stack stays closed, and the copy covers nothing.
    await settled();
    const boxes = await Promise.all(
      ['conv1', 'relu1', 'flat', 'relu2'].map((name) => node(name).boundingBox()),
    );
    const [conv, relu, flat, copy] = boxes.map((box) => box!);
    expect(relu.y - conv.y - conv.height).toBeLessThan(2);
    expect(flat.y - relu.y - relu.height).toBeLessThan(2);
    const below = flat.y + flat.height;
    expect(copy.y >= below || copy.x >= relu.x + relu.width || copy.x + copy.width <= relu.x).toBe(true);
    await page.keyboard.press('Control+c');
    await page.keyboard.press('Control+v');
    await node('relu3').waitFor();
    expect(await connections()).toContain('relu3 < conv1');
  });
});

describe('connections', () => {
  test('an impossible one shows the reason while it is dragged, and is not made', async () => {
    await open(chain);
    const [from, to] = [await centre(source('flat')), await centre(target('conv1'))];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 30 });
    await page.locator('.connection-hint', { hasText: 'cycle' }).waitFor();
    await page.mouse.up();
    expect(await text()).toBe(chain);
  });

  test('dropped on a card they end at its first free input', async () => {
    await open(branches);
    await drag(await centre(source('left')), await centre(node('sum')));
    await until('sum reads left', async () => (await connections()).includes('sum < left'));
  });

  test('dropped on the empty canvas they offer a choice of layers', async () => {
    await open(chain);
    const from = await centre(source('relu1'));
    await drag(from, { x: from.x + 160, y: from.y + 20 });
    await page.keyboard.type('tanh');
    await page.keyboard.press('Enter');
    await node('tanh1').waitFor();
    expect(await connections()).toContain('tanh1 < relu1');
  });

  test('a selected connection is cut with Delete', async () => {
    await open(chain);
    await node('relu1').waitFor();
    const { x, y } = await between('relu1', 'flat');
    await page.mouse.click(x, y);
    await page.locator('.react-flow__edge.selected').waitFor({ state: 'attached' });
    await page.keyboard.press('Delete');
    await until('it is cut', async () => !(await connections()).includes('flat < relu1'));
    await node('flat').locator('.layer-problem.error').waitFor();
  });

  test('a new layer is selected from the moment in which it appears', async () => {
    await open(chain);
    await page.evaluate(() => {
      new MutationObserver((_, observer) => {
        const card = document.querySelector('.react-flow__node[data-id="tanh1"]');
        if (!card) return;
        observer.disconnect();
        document.body.dataset.first = card.className;
      }).observe(document.body, { childList: true, subtree: true });
    });
    await node('conv1').click();
    await page.keyboard.press('/');
    await page.keyboard.type('tanh');
    await page.keyboard.press('Enter');
    await node('tanh1').waitFor();
    expect((await page.evaluate(() => document.body.dataset.first))?.split(' ')).toContain('selected');
  });

  test('without a mouse: search, add, connect and choose an input by keys alone', async () => {
    await open(chain);
    await node('conv1').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('/');
    await page.keyboard.type('tanh');
    await page.keyboard.press('Enter');
    await node('tanh1').waitFor();
    await page.keyboard.press('c');
    await page.keyboard.type('flat');
    await page.keyboard.press('Enter');
    await until('flat reads tanh1', async () => (await connections()).includes('flat < tanh1'));
    await page.keyboard.press('c');
    await page.locator('.picker-row').first().waitFor();
    const rows = await page.locator('.picker-row .picker-label').allInnerTexts();
    expect(rows).not.toContain('flat');
    const [refused] = await page.locator('.picker-row[aria-disabled=true] .picker-description').all();
    const { scrollWidth, clientWidth } = await refused.evaluate((element) => ({
      scrollWidth: element.scrollWidth,
      clientWidth: element.clientWidth,
    }));
    expect(scrollWidth, 'the reason is complete').toBe(clientWidth);
    await page.keyboard.press('Escape');
    // As with the keyboard: the choices are listed when the field has the focus.
    await page.getByLabel('What tanh1 reads at its input').focus();
    await page.getByLabel('What tanh1 reads at its input').selectOption('image');
    await until('tanh1 reads image', async () => (await connections()).includes('tanh1 < image'));
  });
});
