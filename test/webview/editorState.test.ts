/** The states of the editor: problems, runs, empty and narrow views; in a real browser. */
import { describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { centre, edits, inBrowser, node, open, page, text, until } from './driver.ts';
import { branches, chain, viewOf } from './network.ts';

inBrowser();

const stats = (mean: number): TrainingEvent => ({
  event: 'stats',
  step: 1,
  layers: {
    conv1: {
      ...{ mean, std: Math.abs(mean) / 2, min: -1, max: 1, zeroFraction: 0.25 },
      ...{ gradNorm: Math.abs(mean) * 3, gradRms: 0.1 },
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
  {
    event: 'step',
    step: 10,
    epoch: 1,
    loss: 2.3,
    metrics: { accuracy: 0.1, 'logits.f1': 0.2 },
    samplesPerSecond: 1000,
    points: [
      { step: 5, loss: 3, metrics: { accuracy: 0.2, 'logits.f1': 0.1 } },
      { step: 10, loss: 2, metrics: { accuracy: 0.3, 'logits.f1': 0.2 } },
    ],
  },
  {
    event: 'epoch',
    epoch: 1,
    step: 10,
    train: { loss: 1, accuracy: 0.5, 'logits.f1': 0.3 },
    test: { loss: 0.9, accuracy: 0.625, 'logits.f1': 0.4 },
    penalty: 0.0625,
    seconds: 1,
  },
];

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

  test('a run shows its curves and scores, and Stop sends a request to the host', async () => {
    await open(chain);
    expect(await page.locator('.training').count()).toBe(0);
    await page.evaluate((events) => window.host.run({ state: 'running', task: 'train' }, events), run);
    await page.locator('.training', { hasText: 'train, epoch 1' }).waitFor();
    const charts = await page.locator('.chart').allTextContents();
    const plain = charts.map((chart) => chart.replaceAll('\u00a0', ' '));
    expect(plain[0]).toMatch(/^Losslogpenalty 0.0625train, epoch 1 1.00test 0.900/);
    expect(await page.locator('.run-quantities.progress').textContent()).toContain('linemean of 5 steps');
    expect(plain[1]).toMatch(/^Accuracytrain, epoch 1 50.00 %test 62.50 %/);
    expect(plain[2]).toMatch(/^logits: F1train, epoch 1 /);
    await page.locator('.training canvas').nth(2).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await until('the host is asked', async () =>
      (await page.evaluate(() => window.host.commands)).includes('stop'),
    );
  });

  test('curves that cannot be loaded show a message at their place and can be requested again; nothing moves when they appear', async () => {
    await open(chain);
    // Chromium reports the refused request in the console, too.
    page.removeAllListeners('console');
    await page.route(/Chart-/, (route) => route.abort());
    await page.evaluate((events) => window.host.run({ state: 'idle' }, events), run);
    const charts = page.locator('.chart');
    await page.locator('.chart[role="alert"]', { hasText: 'could not be loaded' }).nth(2).waitFor();
    const boxes = () => charts.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
    const before = await boxes();
    expect(await node('conv1').isVisible()).toBe(true);
    await page.unroute(/Chart-/);
    for (let left = await charts.count(); left > 0; left--)
      await page.getByRole('button', { name: 'Try again' }).first().click();
    await page.locator('.chart canvas').nth(2).waitFor();
    expect(await boxes()).toEqual(before);
  });

  test('all charts show the values at the pointer at once, and the loss has a logarithmic scale', async () => {
    await open(chain);
    await page.evaluate((events) => window.host.run({ state: 'idle' }, events), run);
    const plot = page.locator('.chart-plot .u-over').first();
    await plot.waitFor();
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + 2, box.y + box.height / 2);
    await page.locator('.chart', { hasText: /^Loss.*train, step 5 3\.00/ }).waitFor();
    await page.locator('.chart', { hasText: /^Accuracytrain, step 5 20\.00/ }).waitFor();
    await page.mouse.move(box.x - 200, box.y - 20);
    await page.locator('.chart', { hasText: /^Loss.*train, epoch 1/ }).waitFor();
    const scale = page.getByRole('button', { name: 'log', exact: true });
    await scale.click();
    expect(await scale.getAttribute('aria-pressed')).toBe('true');
    await until('the choice is kept', async () =>
      page.evaluate(
        () =>
          (window.host.state as { panels?: { logarithmicLoss?: boolean } })?.panels?.logarithmicLoss === true,
      ),
    );
  });

  test('assumptions about the data are listed in the training panel, during and after the run', async () => {
    await open(chain);
    const warnings = ['"sales.csv" has no header.', 'The last batch has one row.'].map((message) => ({
      code: 'data/doubt',
      message,
      path: [],
    }));
    const events = run.map((event) => (event.event === 'plan' ? { ...event, warnings } : event));
    await page.evaluate((events) => window.host.run({ state: 'running', task: 'train' }, events), events);
    const list = page.getByRole('list', { name: 'Warnings' });
    await list.waitFor();
    const texts = warnings.map(({ message }) => message);
    expect(await list.getByRole('listitem').allTextContents()).toEqual(texts);
    await page.evaluate(() => window.host.run({ state: 'idle' }, []));
    await page.evaluate((events) => window.host.run({ state: 'idle' }, events), [
      ...events,
      { event: 'end', reason: 'finished', step: 10 },
    ] as TrainingEvent[]);
    await page.locator('.training', { hasText: 'Finished' }).waitFor();
    expect(await list.getByRole('listitem').allTextContents()).toEqual(texts);
    await page.evaluate((events) => window.host.run({ state: 'idle' }, events), run);
    await list.waitFor({ state: 'detached' });
  });

  test.each([1400, 1000, 480])(
    'at %i pixels the header of the training panel keeps its height',
    async (width) => {
      await open(chain, { width, height: 700 });
      const evaluation: TrainingEvent[] = [
        { event: 'evaluation', test: { loss: 0.5, accuracy: 0.75 }, samples: 1000, seconds: 1 },
        { event: 'end', reason: 'finished', step: 10 },
      ];
      await page.evaluate((events) => window.host.run({ state: 'running', task: 'train' }, events), run);
      await page.locator('.training', { hasText: 'train, epoch 1' }).waitFor();
      const header = page.locator('.training-header');
      // In a column beside the graph, it has one more line.
      expect((await header.boundingBox())!.height).toBe(width === 1400 ? 54 : 32);
      // An entry is completely on the line, or not at all.
      const cut = await page.locator('.run-quantities.progress').evaluate((list) => {
        const [line, right] = [list.getBoundingClientRect(), list.getBoundingClientRect().right];
        const boxes = [...list.children].map((entry) => entry.getBoundingClientRect());
        return boxes.filter((box) => box.top < line.bottom - 1 && box.right > right + 0.5).length;
      });
      expect(cut).toBe(0);
      const axes = await page
        .locator('.chart-plot')
        .evaluateAll((plots) =>
          plots.map(
            (plot) => plot.getBoundingClientRect().top - plot.parentElement!.getBoundingClientRect().top,
          ),
        );
      expect(new Set(axes).size).toBe(1);
      await page.evaluate((events) => window.host.run({ state: 'idle' }, events), [...run, ...evaluation]);
      await page.locator('.run-state', { hasText: 'Evaluated on 1,000 test samples' }).waitFor();
      expect(await page.locator('.run-quantities.results').textContent()).toBe(
        'Loss0.500Accuracy75.00\u00a0%',
      );
    },
  );

  test.each([1400, 1000, 700])(
    'at %i pixels a run without findings says so in one line, above curves that are in view completely',
    async (width) => {
      await open(chain, { width, height: 780 });
      const ended = [...run, { event: 'end', reason: 'finished', step: 10 } as TrainingEvent];
      await page.evaluate((events) => window.host.run({ state: 'idle' }, events), ended);
      await page.locator('.findings-head', { hasText: 'No findings' }).waitFor();
      await page.locator('.chart canvas').nth(1).waitFor();
      const [head, charts, chart] = await page.evaluate(() =>
        ['.findings-head', '.charts', '.chart'].map((part) =>
          document.querySelector(part)!.getBoundingClientRect(),
        ),
      );
      expect(head.height).toBeLessThan(30);
      expect(head.bottom).toBeLessThanOrEqual(charts.top);
      expect(chart.bottom).toBeLessThanOrEqual(charts.bottom);
    },
  );

  test('a failed evaluation is reported without the scores of an earlier one, and the run stays as it was', async () => {
    await open(chain);
    const evaluated: TrainingEvent[] = [
      ...run,
      { event: 'end', reason: 'finished', step: 10 },
      { event: 'evaluation', test: { loss: 0.5, accuracy: 0.75 }, samples: 1000, seconds: 1 },
      { event: 'evaluationEnd', reason: 'finished' },
    ];
    await page.evaluate(
      (events) => window.host.run({ state: 'idle' }, events, Date.UTC(2026, 1, 3)),
      evaluated,
    );
    await page.locator('.run-quantities.results').waitFor();
    await page.locator('.training-header .icon-button[title="Hide the training panel"]').click();
    await page.evaluate(
      (events) => window.host.report(events),
      [{ event: 'evaluationEnd', reason: 'failed', message: 'data: no such file' } as TrainingEvent],
    );
    await page.locator('.run-state.failed', { hasText: 'Evaluation failed' }).waitFor();
    await page.locator('.run-message', { hasText: 'data: no such file' }).waitFor();
    expect(await page.locator('.run-quantities.results').count()).toBe(0);
    expect(await page.locator('.training-header').textContent()).not.toContain('Earlier run');
    expect(await page.locator('.chart').count()).toBeGreaterThan(0);
    await page.locator('.training').getByText('Open text').click();
    await page.locator('.training').getByText('Show log').click();
    expect(await page.evaluate(() => window.host.commands)).toEqual(['openTextToSide', 'showLog']);
  });

  test('before the end of the first epoch, the training score is that of the last window, and is marked as such', async () => {
    await open(chain);
    const events = run.filter(({ event }) => event !== 'epoch');
    await page.evaluate((events) => window.host.run({ state: 'running', task: 'train' }, events), events);
    await page.locator('.chart', { hasText: /train, mean of 5 steps 2\.00/ }).waitFor();
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
    const earlier = Date.UTC(2026, 10, 3, 12);
    await page.evaluate(({ events, earlier }) => window.host.run({ state: 'idle' }, events, earlier), {
      events: [...run, stats(0.5)],
      earlier,
    });
    await page.locator('.training', { hasText: /Earlier run, .*2026/ }).waitFor();
    await page.locator('.training canvas').nth(2).waitFor();
    const statistics = node('conv1').locator('.layer-statistics');
    expect(await statistics.getAttribute('title')).toMatch(/earlier run, .*2026/);
    await node('conv1').click();
    await page
      .locator('.inspector')
      .getByText(/earlier run, .*2026/)
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
    await page.keyboard.press('0');
    await page.locator('.react-flow__node').first().waitFor();
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

  for (const width of [1000, 700, 480])
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
