/** The states of the editor: problems, runs, empty and narrow views; in a real browser. */
import { describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { centre, edits, inBrowser, node, open, page, text, until } from './driver.ts';
import { branches, chain, viewOf } from './network.ts';
import { epochOfRun as run } from './running.ts';

inBrowser();

const stats = (mean: number): TrainingEvent => ({
  event: 'stats',
  step: 1,
  layers: {
    conv1: {
      ...{ mean, std: Math.abs(mean) / 2, min: -1, max: 1, zeroFraction: 0.25 },
      ...{ gradNorm: Math.abs(mean) * 3, gradRms: 0.1 },
    },
    relu1: { mean, std: Math.abs(mean) / 2, min: 0, max: 1, zeroFraction: 0.25 },
  },
});

test('a click on a card is reported as use of the page, so that shortcuts and undo go to it', async () => {
  await open(chain);
  const before = await page.evaluate(() => window.host.uses);
  await node('conv1').click();
  await until('it is reported', async () => (await page.evaluate(() => window.host.uses)) > before);
});

describe('state', () => {
  test('an unreadable text keeps the last good graph, shows the place, and allows no changes', async () => {
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
      (await page.evaluate(() => window.host.commands)).includes('openTextToSide'),
    );
    await page.evaluate(() => window.host.change(window.host.text.replace('{{', '{')));
    await page.locator('.banner.error').waitFor({ state: 'detached' });
  });

  test('a text that has not been readable yet shows no earlier graph, and says so', async () => {
    await open(chain.replace('"relu1": {', '"relu1": {{'));
    const message = page.locator('.banner.error .banner-text', {
      hasText: 'The graph appears when the text can be read.',
    });
    await message.waitFor();
    expect(await message.getAttribute('title'), 'a narrow editor cuts it off').toBe(
      await message.innerText(),
    );
    await page.evaluate(() => window.host.change(window.host.text.replace('{{', '{')));
    await page.locator('.banner.error').waitFor({ state: 'detached' });
    await node('relu1').waitFor();
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
    const badge = node('conv1').locator('.badge-std');
    await badge.waitFor();
    const width = (await badge.boundingBox())!.width;
    await send([stats(-0.0000123)]);
    await until('the value changes', async () => (await badge.textContent())!.includes('e−'));
    expect((await badge.boundingBox())!.width).toBeCloseTo(width, 1);
    expect(await places()).toEqual(before);
  });

  test('statistics of a layer that is edited are marked from the first edit on, also during a run', async () => {
    await open(chain);
    await page.evaluate(
      (events) => window.host.run({ state: 'running', task: 'train' }, events),
      [...run, stats(0.5)],
    );
    const statistics = node('conv1').locator('.layer-statistics');
    await statistics.waitFor();
    expect(await statistics.getAttribute('title')).toBeNull();
    await page.evaluate(() => window.host.change(window.host.text.replace('"filters": 8', '"filters": 16')));
    await until('the statistics are marked', async () =>
      /before this layer was edited/.test((await statistics.getAttribute('title')) ?? ''),
    );
    expect(await statistics.locator('.statistics-note').count()).toBe(1);
    // Its output has another shape now.
    expect(await page.locator('[title*="its shapes changed"] .statistics-note').count()).toBe(2);
    // The mark covers no digit.
    const value = (await statistics.locator('.badge-value').last().boundingBox())!;
    expect(value.x + value.width).toBeLessThan(
      (await statistics.locator('.statistics-note').boundingBox())!.x,
    );
    await page.evaluate((events) => window.host.report(events), [stats(0.25)]);
    await until('new statistics arrive', async () => /0\.125/.test((await statistics.textContent()) ?? ''));
    expect(await statistics.getAttribute('title')).toMatch(/before this layer was edited/);
    await page.evaluate(() => window.host.change(window.host.text.replace('"filters": 16', '"filters": 8')));
    await until('the mark is gone', async () => (await statistics.getAttribute('title')) === null);
  });

  test('statistics of an earlier run say when that was, until the next run begins', async () => {
    await open(chain);
    const earlier = Date.UTC(2025, 10, 3, 12);
    await page.evaluate(({ events, earlier }) => window.host.run({ state: 'idle' }, events, earlier), {
      events: [...run, stats(0.5)],
      earlier,
    });
    await page.locator('.training', { hasText: /Earlier run, .*2025/ }).waitFor();
    await page.locator('.training canvas').nth(2).waitFor();
    const statistics = node('conv1').locator('.layer-statistics');
    expect(await statistics.getAttribute('title')).toMatch(/earlier run, .*2025/);
    await node('conv1').click();
    await page
      .locator('.inspector')
      .getByText(/earlier run, .*2025/)
      .waitFor();
    await page.evaluate(
      (events) => window.host.run({ state: 'running', task: 'train' }, events),
      [...run, stats(0.25)],
    );
    await page
      .getByText(/earlier run/i)
      .first()
      .waitFor({ state: 'detached' });
    expect(await statistics.getAttribute('title')).toBeNull();
  });

  test('only the visible part of a network of two thousand layers is in the page, and the whole network can be fitted into the view', async () => {
    const layers = Array.from(
      { length: 2000 },
      (_, i) =>
        `"dense${i}": { "type": "dense", "units": 8, "from": "${i === 0 ? 'image' : `dense${i - 1}`}" }`,
    );
    await open(
      `{ "format": 1, "layers": { "image": { "type": "input", "shape": [8] },\n${layers.join(',\n')} } }`,
    );
    await node('image').waitFor();
    expect(await page.locator('.react-flow__node').count()).toBeLessThan(200);
    await page.getByTitle('Fit view (1)').click();
    await page.locator('.overview-drawing').waitFor();
    expect(await page.locator('.react-flow__node').count()).toBe(0);
    // A card that is double-clicked is as large as one that was searched.
    const overview = (await page.locator('.overview-drawing').boundingBox())!;
    await page.mouse.dblclick(overview.x + overview.width / 2, overview.y + overview.height / 2);
    await page.locator('[data-detail="middle"] .react-flow__node.selected').waitFor();
    expect(await page.locator('.react-flow__viewport').evaluate(({ style }) => style.transform)).toContain(
      'scale(0.6)',
    );
  });

  test('an empty file offers templates, and two clicks train one', async () => {
    await open('');
    await page.getByText('Convolutional network', { exact: true }).click();
    await node('logits').waitFor();
    expect(await edits()).toEqual(['several']);
    expect(viewOf(await text()).analysis.trainable).toBe(true);
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await until('the host is asked', async () =>
      (await page.evaluate(() => window.host.commands)).includes('train'),
    );
  });

  test('reveal selects a layer that is not sent back; one that is clicked is sent', async () => {
    await open(chain);
    await node('flat').waitFor();
    const before = await centre(node('flat'));
    await page.evaluate(() => window.host.reveal('flat'));
    await page.locator('.react-flow__node.selected[data-id="flat"]').waitFor();
    expect(await centre(node('flat')), 'what is in view already stays where it is').toEqual(before);
    await node('relu1').click();
    await until('the host hears of the click', async () =>
      (await page.evaluate(() => window.host.selected)).includes('relu1'),
    );
    expect(await page.evaluate(() => window.host.selections)).toEqual([['relu1']]);
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

  test('a view of the whole network that a person chose still shows all of it in less space', async () => {
    await open(chain);
    await node('flat').waitFor();
    await page.getByTitle('Zoom out (−)').click();
    await until('the view is the person’s', () =>
      page.evaluate(
        () => (window.host.state as { panels?: { viewport?: object } })?.panels?.viewport !== undefined,
      ),
    );
    await page.setViewportSize({ width: 1000, height: 400 });
    await until('every card is in the frame', () =>
      page.evaluate(() => {
        const frame = document.querySelector('.react-flow')!.getBoundingClientRect();
        return [...document.querySelectorAll('.react-flow__node')].every((card) => {
          const { top, bottom } = card.getBoundingClientRect();
          return top >= frame.top && bottom <= frame.bottom;
        });
      }),
    );
  });

  for (const width of [1920, 1400, 1000, 700, 480, 350])
    test(`at ${width} pixels nothing extends beyond the page`, async () => {
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
