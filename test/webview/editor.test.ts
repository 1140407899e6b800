/** The graph editor in a real browser, against a host that applies edits with the engine's own functions. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../../engine/train/events.ts';
import { EditorServer } from './editorPage.ts';
import { branches, chain, connectionsOf, viewOf } from './network.ts';

let server: EditorServer;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  server = await EditorServer.start();
});

afterAll(() => server?.stop());

async function open(text: string, size?: { width: number; height: number }): Promise<void> {
  page = await server.open(text, 'dark', size);
  page.on('pageerror', (error) => errors.push(String(error.stack)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
}

/** Whatever a test did, the content policy was kept, nothing threw, and React had nothing to say. */
afterEach(async () => {
  expect(await page.evaluate(() => window.host.violations)).toEqual([]);
  expect(errors.splice(0)).toEqual([]);
  await page.close();
});

const text = () => page.evaluate(() => window.host.text);
const edits = () => page.evaluate(() => window.host.edits);
const node = (name: string): Locator => page.locator(`.react-flow__node[data-id="${name}"]`);
const connections = async () => connectionsOf(viewOf(await text()));

async function until(what: string, probe: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!(await probe())) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await page.waitForTimeout(25);
  }
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

async function centre(locator: Locator): Promise<Spot> {
  await locator.scrollIntoViewIfNeeded();
  const box = (await locator.boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function drag(from: Spot, to: Spot): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 30 });
  await page.mouse.up();
}

/** Centre of the way between two cards that stand one above the other. */
async function between(upper: string, lower: string): Promise<Spot> {
  const above = (await node(upper).boundingBox())!;
  const below = (await node(lower).boundingBox())!;
  return { x: above.x + above.width / 2, y: (above.y + above.height + below.y) / 2 };
}

const paletteItem = (type: string) => page.locator(`[data-layer-type="${type}"]`);
const source = (name: string) => node(name).locator('.react-flow__handle.source').first();
const target = (name: string) => node(name).locator('.react-flow__handle.target').first();

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

  test('dropped on the empty canvas it stands there, and is connected by dragging from handle to handle', async () => {
    await open(chain);
    const free = await centre(node('relu1'));
    await drag(await centre(paletteItem('tanh')), { x: free.x + 280, y: free.y });
    await node('tanh1').waitFor();
    expect((await centre(node('tanh1'))).x).toBeCloseTo(free.x + 280, -1);
    await drag(await centre(source('conv1')), await centre(target('tanh1')));
    await until('tanh1 is connected', async () => (await connections()).includes('tanh1 < conv1'));
    await page.locator('[data-id="tanh1:0"]').waitFor({ state: 'attached' });
  });

  test('a click in the palette adds behind the selection', async () => {
    await open(chain);
    await node('conv1').click();
    await paletteItem('sigmoid').click();
    await node('sigmoid1').waitFor();
    expect(await connections()).toEqual(expect.arrayContaining(['sigmoid1 < conv1', 'relu1 < sigmoid1']));
    await page.locator('.inspector h2', { hasText: 'sigmoid1' }).waitFor();
  });

  test('a drag given up with Escape adds nothing', async () => {
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
    test(`${key} removes the selected layer, joins what it stood between, and undo brings it back`, async () => {
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

  test('a dragged card is one edit on the drop, and does not jump back meanwhile', async () => {
    await open(chain);
    const start = await centre(node('relu1'));
    await drag(start, { x: start.x + 150, y: start.y + 10 });
    await until('the place is written', async () => (await text()).includes('"layout"'));
    expect(await edits()).toEqual(['moveLayers']);
    expect((await centre(node('relu1'))).x).toBeCloseTo(start.x + 150, -1);
    await page.keyboard.press('Control+z');
    await until('it is back', async () => Math.abs((await centre(node('relu1'))).x - start.x) < 2);
  });

  test('arrow keys move the selected card, in one edit when they rest', async () => {
    await open(chain);
    await node('relu1').click();
    const start = await centre(node('relu1'));
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
    await until('the place is written', async () => (await text()).includes('"layout"'));
    expect((await centre(node('relu1'))).x).toBeGreaterThan(start.x);
    expect(await edits()).toEqual(['moveLayers']);
  });

  test('F2 and a double click on the name rename, everywhere it is read', async () => {
    await open(chain);
    await node('conv1').click();
    await page.keyboard.press('F2');
    await page.keyboard.type('first');
    await page.keyboard.press('Enter');
    await node('first').waitFor();
    expect(await connections()).toContain('relu1 < first');
    await node('first').locator('.layer-name').dblclick();
    await page.keyboard.type('relu1');
    await page.keyboard.press('Enter');
    await page.locator('.banner', { hasText: 'already a layer named "relu1"' }).waitFor();
    expect(await edits()).toEqual(['renameLayer']);
  });

  test('Ctrl+D duplicates, and copied layers are pasted as text', async () => {
    await open(chain);
    await node('relu1').click();
    await page.keyboard.press('Control+d');
    await node('relu2').waitFor();
    await page.keyboard.press('Control+c');
    await page.keyboard.press('Control+v');
    await node('relu3').waitFor();
    expect(await connections()).toContain('relu3 < conv1');
  });
});

describe('connections', () => {
  test('one that cannot be says why while it is dragged, and is not made', async () => {
    await open(chain);
    const [from, to] = [await centre(source('flat')), await centre(target('conv1'))];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 30 });
    expect(await page.locator('.connection-hint').textContent()).toContain('cycle');
    await page.mouse.up();
    expect(await text()).toBe(chain);
  });

  test('dropped on a card they end at its first free input', async () => {
    await open(branches);
    await drag(await centre(source('left')), await centre(node('sum')));
    await until('sum reads left', async () => (await connections()).includes('sum < left'));
  });

  test('dropped on the empty canvas they ask for a layer', async () => {
    await open(chain);
    const from = await centre(source('relu1'));
    await drag(from, { x: from.x + 300, y: from.y + 20 });
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
    await page.getByLabel('What tanh1 reads at input').selectOption('image');
    await until('tanh1 reads image', async () => (await connections()).includes('tanh1 < image'));
  });
});

describe('inspector', () => {
  test('an attribute is one edit on Enter; a wrong value says what is expected and changes nothing', async () => {
    await open(chain);
    await node('conv1').click();
    const filters = page.getByLabel('filters (required)');
    await filters.fill('many');
    await filters.press('Enter');
    await page.locator('.form-problem', { hasText: 'a whole number' }).waitFor();
    expect(await text()).toBe(chain);
    await filters.fill('12');
    await filters.press('Enter');
    await until('it is written', async () => (await text()).includes('"filters": 12'));
    await page.getByText('28×28×12').first().waitFor();
    expect(await edits()).toEqual(['setAttribute']);
  });

  test('Backspace and undo in a field belong to the field', async () => {
    await open(chain);
    await node('conv1').click();
    const filters = page.getByLabel('filters (required)');
    await filters.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Control+z');
    expect(await filters.inputValue()).toBe('8');
    expect(await text()).toBe(chain);
    expect(await page.evaluate(() => window.host.commands)).toEqual([]);
  });

  test('with nothing selected the training section is made by choosing', async () => {
    await open(chain);
    await page.getByLabel('optimizer (required)').selectOption('adam');
    await until('adam is written', async () => /"optimizer".*adam/.test(await text()));
    await page.getByLabel('loss (required)').selectOption('softmaxCrossEntropy');
    await until('the loss is written', async () => /"loss".*"from": "logits"/.test(await text()));
    const rate = page.getByLabel('learningRate', { exact: true });
    await rate.fill('0.01');
    await rate.press('Enter');
    await until('the rate is written', async () => (await text()).includes('"learningRate": 0.01'));
  });
});

const stats = (mean: number): TrainingEvent => ({
  event: 'stats',
  step: 1,
  layers: {
    conv1: {
      activation: { mean, std: 1, min: -1, max: 1, zeroFraction: 0.25 },
      gradient: { gradNorm: Math.abs(mean) * 3, gradRms: 0.1 },
    },
  },
});

const run: TrainingEvent[] = [
  {
    event: 'plan',
    parameters: 10,
    memoryBytes: 10,
    backend: 'reference',
    trainSamples: 100,
    testSamples: 10,
    batchSize: 10,
    stepsPerEpoch: 10,
    epochs: 2,
  },
  { event: 'step', step: 1, epoch: 1, loss: 2.3, metrics: { accuracy: 0.1 }, samplesPerSecond: 1000 },
  {
    event: 'epoch',
    epoch: 1,
    step: 10,
    train: { loss: 1, accuracy: 0.5 },
    test: { loss: 0.9, accuracy: 0.625 },
    seconds: 1,
  },
];

describe('state', () => {
  test('an unreadable text keeps the last good graph, tells where, and lets nothing be changed', async () => {
    await open(chain);
    await node('logits').waitFor();
    await page.evaluate(() => window.host.change(window.host.text.replace('"relu1": {', '"relu1": {{')));
    await page.locator('.banner.error', { hasText: 'Line 6' }).waitFor();
    expect(await page.locator('.react-flow__node').count()).toBe(5);
    await node('relu1').click();
    await page.keyboard.press('Delete');
    expect(await edits()).toEqual([]);
    await page.locator('.banner').getByText('Open text').click();
    await until('the host is asked', async () =>
      (await page.evaluate(() => window.host.commands)).includes('openText'),
    );
    await page.evaluate(() => window.host.change(window.host.text.replace('{{', '{')));
    await page.locator('.banner.error').waitFor({ state: 'detached' });
  });

  test('statistics appear and change without moving a card', async () => {
    await open(chain);
    await node('conv1').waitFor();
    const places = () =>
      page
        .locator('.react-flow__node')
        .evaluateAll((all) => all.map((card) => (card as HTMLElement).style.transform));
    const before = await places();
    const send = (events: TrainingEvent[]) =>
      page.evaluate((events) => window.host.run({ state: 'running', task: 'train' }, events), events);
    await send([...run, stats(0.5)]);
    const badge = node('conv1').locator('.badge-mean');
    await badge.waitFor();
    const width = (await badge.boundingBox())!.width;
    await send([stats(-0.0000123)]);
    await until('the value changes', async () => (await badge.textContent())!.includes('e−'));
    expect((await badge.boundingBox())!.width).toBeCloseTo(width, 1);
    expect(await places()).toEqual(before);
  });

  test('a run shows its curves and figures, and Stop asks the host', async () => {
    await open(chain);
    expect(await page.locator('.training').count()).toBe(0);
    await page.evaluate((events) => window.host.run({ state: 'running', task: 'train' }, events), run);
    await page.locator('.training', { hasText: 'test accuracy' }).waitFor();
    expect(await page.locator('.run-figures').textContent()).toContain('62.50 %');
    expect(await page.locator('.training canvas').count()).toBe(2);
    await page.getByRole('button', { name: 'Stop' }).click();
    await until('the host is asked', async () =>
      (await page.evaluate(() => window.host.commands)).includes('stop'),
    );
  });

  test('an empty file offers starters, and one click makes a network', async () => {
    await open('');
    await page.getByText('Image classifier').click();
    await node('logits').waitFor();
    expect(await edits()).toEqual(['several']);
    expect(viewOf(await text()).analysis.sound).toBe(true);
  });

  test('reveal selects and centres a layer, and the host hears of the selection', async () => {
    await open(chain);
    await node('flat').waitFor();
    await page.evaluate(() => window.host.reveal('flat'));
    await page.locator('.react-flow__node.selected[data-id="flat"]').waitFor();
    await until('the host hears', async () =>
      (await page.evaluate(() => window.host.selected)).includes('flat'),
    );
  });

  test('the view is kept while the tab is hidden: viewport, selection, panels', async () => {
    await open(chain);
    await node('relu1').click();
    await page.getByTitle('Zoom in (+)').click();
    await page.getByTitle('Collapse').click();
    await until('it is kept', async () =>
      page.evaluate(() => {
        const kept = window.host.state as {
          selection?: string[];
          panels?: { viewport?: object; paletteOpen: boolean };
        };
        return (
          kept?.selection?.[0] === 'relu1' && kept.panels?.viewport !== undefined && !kept.panels.paletteOpen
        );
      }),
    );
  });

  for (const width of [1000, 700, 480])
    test(`at ${width} pixels nothing sticks out`, async () => {
      await open(branches, { width, height: 700 });
      await node('stem').waitFor();
      await page.evaluate((events) => window.host.run({ state: 'idle' }, events), run);
      await page.locator('.training').waitFor();
      const sticking = await page.evaluate(() =>
        ['html', '.toolbar', '.training-header', '.inspector', '.palette'].filter((selector) => {
          const element = document.querySelector(selector);
          return element !== null && element.scrollWidth > element.clientWidth;
        }),
      );
      expect(sticking).toEqual([]);
    });
});
