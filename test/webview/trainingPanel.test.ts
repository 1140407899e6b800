/** The training panel: its header, its findings and its curves; in a real browser. */
import { describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { inBrowser, node, open, page, until } from './driver.ts';
import { chain } from './network.ts';
import { epochOfRun as run } from './running.ts';

inBrowser();

describe('the training panel', () => {
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

  test.each([1400, 1000, 940, 700])(
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

  test('in a very narrow panel no button of a finding is cut off', async () => {
    await open(chain, { width: 180, height: 780 });
    const finding: TrainingEvent = {
      event: 'finding',
      ...{ code: 'update/tooLarge', severity: 'warning', step: 5, path: ['training'] },
      ...{ evidence: { value: 0.5, limit: 0.1 }, measures: 'The update ratio', message: 'It is too high.' },
      fix: { title: 'Set "learningRate" to 0.01', edit: { kind: 'setTraining', path: ['epochs'], value: 1 } },
    };
    const ended = [...run, finding, { event: 'end', reason: 'finished', step: 10 } as TrainingEvent];
    await page.evaluate((events) => window.host.run({ state: 'idle' }, events), ended);
    const list = page.locator('.run-findings');
    const buttons = list.getByRole('button');
    await buttons.filter({ hasText: 'Find What' }).waitFor();
    expect(await buttons.count()).toBe(5);
    await list.getByRole('button', { name: 'update/tooLarge' }).click();
    await until('the page of the finding is requested', () =>
      page.evaluate(() => window.host.explained.join() === 'update/tooLarge'),
    );
    const room = await list.evaluate((one) => one.getBoundingClientRect().left + one.clientWidth);
    for (const button of await buttons.all()) {
      const { x, width } = (await button.boundingBox())!;
      expect(x + width, await button.innerText()).toBeLessThanOrEqual(room);
    }
  });

  test.each([1400, 1000, 700])('at %i pixels findings leave the curves their room', async (width) => {
    await open(chain, { width, height: 780 });
    const finding: TrainingEvent = {
      event: 'finding',
      ...{ code: 'update/tooLarge', severity: 'warning', step: 5, path: ['training'] },
      ...{ evidence: { value: 0.5, limit: 0.1 }, measures: 'The update ratio' },
      message: 'Each update changes the weights too much: the learning rate is too high.',
    };
    const ended = [...run, finding, { event: 'end', reason: 'finished', step: 10 } as TrainingEvent];
    await page.evaluate((events) => window.host.run({ state: 'idle' }, events), ended);
    await page.locator('.run-findings', { hasText: 'the learning rate is too high' }).waitFor();
    await page.locator('.chart canvas').nth(1).waitFor();
    const widths = await page
      .locator('.chart')
      .evaluateAll((charts) => charts.map((chart) => chart.getBoundingClientRect().width));
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(176);
  });

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

  test('that was hidden stays hidden when the tab is shown again, also after a failure', async () => {
    const failed = [
      { event: 'end', reason: 'failed', step: 0, message: 'data: no such file' } as TrainingEvent,
    ];
    await open(chain);
    await page.evaluate(() => window.host.run({ state: 'running', task: 'train' }, []));
    await page.evaluate((events) => window.host.report(events), failed);
    await page.locator('.training-header .icon-button[title="Hide the training panel"]').click();
    // A page that is shown again knows no run, and receives it whole.
    await page.evaluate(() => window.host.run({ state: 'idle' }, []));
    await page.evaluate((events) => window.host.run({ state: 'idle' }, events), failed);
    await until(
      'the run is idle',
      async () => (await page.getByRole('button', { name: 'Train', exact: true }).count()) > 0,
    );
    expect(await page.locator('.training').count()).toBe(0);
  });

  test('before the end of the first epoch, the training score is that of the last window, and is marked as such', async () => {
    await open(chain);
    const events = run.filter(({ event }) => event !== 'epoch');
    await page.evaluate((events) => window.host.run({ state: 'running', task: 'train' }, events), events);
    await page.locator('.chart', { hasText: /train, mean of 5 steps 2\.00/ }).waitFor();
  });
});
