/** The training panel: its header, its findings and its curves; in a real browser. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { writeEvent } from '../../engine/protocol/eventText.ts';
import { inBrowser, node, open, page, until } from './driver.ts';
import { chain } from './network.ts';
import { epochOfRun as run } from './running.ts';
import { trial } from './trialEvent.ts';

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
    'at %i pixels a run without findings says so above curves that are in view completely',
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
      // In a column beside the graph, its buttons have a line of their own.
      expect(head.height).toBe(width === 1400 ? 48 : 24);
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
    const list = page.locator('.run-body');
    const buttons = list.locator('.findings-head, .run-findings').getByRole('button');
    await buttons.filter({ hasText: 'Find What' }).waitFor();
    expect(await buttons.count()).toBe(6);
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

  test.each([1400, 1000, 700])(
    'at %i pixels no curve moves when findings arrive or the run ends, and the findings are one click away',
    async (width) => {
      await open(chain, { width, height: 780 });
      const finding = (code: string): TrainingEvent => ({
        event: 'finding',
        ...{ code, severity: 'warning', step: 5, path: ['training'] },
        ...{ evidence: { value: 0.5, limit: 0.1 }, measures: 'The update ratio' },
        message: `${code}: ${'each update changes the weights too much. '.repeat(4)}`,
      });
      const show = (state: 'running' | 'idle', events: readonly TrainingEvent[]) =>
        page.evaluate(
          ([state, events]) =>
            window.host.run(
              state === 'running' ? { state, task: 'train' } : { state },
              events as TrainingEvent[],
            ),
          [state, events] as const,
        );
      const charts = page.locator('.chart');
      const boxes = () =>
        charts.evaluateAll((all) => all.map((chart) => chart.getBoundingClientRect().toJSON()));
      const head = page.locator('.findings-head');
      await show('running', run);
      await head.filter({ hasText: 'No findings so far' }).waitFor();
      await page.locator('.chart canvas').nth(2).waitFor();
      const before = await boxes();
      expect(Math.min(...before.map((box) => box.width))).toBeGreaterThanOrEqual(176);
      // Curves that were higher become as low again.
      await page.setViewportSize({ width: 1800, height: 1400 });
      await until('the curves are higher', async () => !isDeepStrictEqual(await boxes(), before));
      await page.setViewportSize({ width, height: 780 });
      await until('the curves are as they were', async () => isDeepStrictEqual(await boxes(), before));
      const found = [...run, ...['update/tooLarge', 'relu/dead', 'loss/diverges'].map(finding)];
      await show('running', found);
      await head.filter({ hasText: '3 findings' }).waitFor();
      expect(await boxes()).toEqual(before);
      await show('idle', [...found, { event: 'end', reason: 'finished', step: 10 }]);
      await head.filter({ hasText: 'Find What Holds It Back' }).waitFor();
      expect(await boxes()).toEqual(before);
      const isInView = (selector: string) =>
        page.evaluate((selector) => {
          const part = document.querySelector(selector)!.getBoundingClientRect();
          const body = document.querySelector('.run-body')!.getBoundingClientRect();
          return part.top >= body.top && part.top + 20 <= body.bottom;
        }, selector);
      // From wherever a person has scrolled.
      await page.locator('.run-body').evaluate((body) => {
        body.scrollTop = 8;
      });
      await head.getByText('3 findings').click();
      await until('the findings are in view', () => isInView('.run-findings'));
      if (await isInView('.chart')) return;
      await head.getByText('3 findings').click();
      await until('the curves are in view', () => isInView('.chart'));
    },
  );

  test('the sign of a finished run is a warning where its loss is above that of guessing', async () => {
    await open(chain);
    const baseline = { loss: 0.6, accuracy: 0.1, 'logits.f1': 0 };
    const ended = run.map((event) => (event.event === 'plan' ? { ...event, baseline } : event));
    await page.evaluate((events) => window.host.run({ state: 'idle' }, events), [
      ...ended,
      { event: 'end', reason: 'finished', step: 10 },
    ] as TrainingEvent[]);
    const state = page.locator('.run-state.guess', { hasText: 'Finished, loss above that of guessing' });
    await state.locator('.codicon-warning').waitFor();
    // What may hold a network back is a quiet offer beside a good result.
    const offer = page.getByRole('button', { name: 'Find What Holds It Back' });
    const classOf = () => offer.getAttribute('class');
    expect(await classOf()).toBe('finding-fix');
    const well = { event: 'end', reason: 'finished', step: 10 } as const;
    await page.evaluate((events) => window.host.run({ state: 'idle' }, events), [...run, well]);
    await page.locator('.run-state.finished').waitFor();
    expect(await classOf()).toBe('text-button');
  });

  test('a fault that several layers have is counted in each, as in the toolbar and in the text', async () => {
    await open(chain);
    const found = ['relu1', 'logits'].map(
      (layer): TrainingEvent => ({
        ...{ event: 'finding', code: 'relu/dead', layer, severity: 'error', step: 1, path: [] },
        ...{ evidence: { value: 1, limit: 0.5 }, message: `${layer}: all units are dead.` },
      }),
    );
    await page.evaluate((events) => window.host.run({ state: 'idle' }, events), [...run, ...found]);
    await page.locator('.findings-count', { hasText: '2 findings' }).waitFor();
  });

  test.each([1400, 900])('at %i pixels the title of a failed run has room above it', async (width) => {
    await open(chain, { width, height: 700 });
    await page.evaluate((events) => window.host.run({ state: 'idle' }, events), [
      { event: 'end', reason: 'failed', step: 0, message: 'data.csv: row 261 has 6 cells, but row 1 has 5.' },
    ] as TrainingEvent[]);
    const title = (await page.locator('.run-state strong').boundingBox())!;
    expect(title.y - (await page.locator('.training').boundingBox())!.y).toBeGreaterThanOrEqual(6);
  });

  test('what a repair has found to help is kept by default, whatever it has left', async () => {
    await open(chain);
    const { fix, before, after } = trial;
    const repaired = {
      event: 'repair',
      ...{ fix, before, after, verdict: 'One fix helps. Still reported: 1 warning.', attempts: [] },
      left: [{ code: 'init/symmetric', severity: 'warning', message: 'logits: all alike.', path: [] }],
    } as TrainingEvent;
    await page.evaluate(
      (event) => window.host.trial({ state: 'done', event, stale: false }),
      writeEvent(repaired),
    );
    await page.locator('.primary', { hasText: 'Keep' }).waitFor();
    await page.locator('.trial-header .codicon-pass').waitFor();
    expect(await page.locator('.training .primary').count()).toBe(1);
  });

  test('a run that failed at a row of its data offers to open that row', async () => {
    await open(chain);
    await page.evaluate(
      (events) => window.host.run({ state: 'idle' }, events, Date.UTC(2026, 1, 3)),
      [
        {
          event: 'end',
          reason: 'failed',
          step: 0,
          message: 'patients.csv: row 261 has 6 cells',
          row: { file: 'patients.csv', number: 261 },
        } as TrainingEvent,
      ],
    );
    await page
      .locator('.training [title="Open patients.csv at row 261"]', { hasText: 'Open row 261' })
      .click();
    expect(await page.evaluate(() => window.host.commands)).toEqual(['openFailure']);
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
    await page.locator('.run-quantities.results', { hasText: 'Accuracy (test)' }).waitFor();
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
    expect(await page.evaluate(() => window.host.commands)).toEqual(['openFailure', 'showLog']);
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

  test('a finding without a page in the reference is no link', async () => {
    await open(chain);
    const finding = (code: string): TrainingEvent => ({
      event: 'finding',
      ...{ code, severity: 'warning', step: 5, path: ['training'], message: `It is ${code}.` },
      ...{ evidence: { value: 0.5, limit: 0.1 }, measures: 'The update ratio' },
    });
    const found = [...run, finding('relu/dead'), finding('of/laterVersion')];
    await page.evaluate((events) => window.host.run({ state: 'idle' }, events), found);
    const list = page.locator('.run-findings');
    await list.getByText('of/laterVersion', { exact: true }).waitFor();
    expect(await list.getByRole('button').allTextContents()).toEqual(['relu/dead']);
  });

  test('suggests to keep a fix that helps, and to discard another one', async () => {
    await open(chain);
    for (const helps of [true, false]) {
      await page.evaluate(
        (event) => window.host.trial({ state: 'done', event, stale: false }),
        writeEvent({ ...trial, helps }),
      );
      const suggested = page.locator('.training .icon-button.primary');
      await suggested.getByText(helps ? 'Keep' : 'Discard').waitFor();
      expect(await suggested.count()).toBe(1);
    }
  });

  test('before the end of the first epoch, the training score is that of the last window, and is marked as such', async () => {
    await open(chain);
    const events = run.filter(({ event }) => event !== 'epoch');
    await page.evaluate((events) => window.host.run({ state: 'running', task: 'train' }, events), events);
    await page.locator('.chart', { hasText: /train, mean of 5 steps 2\.00/ }).waitFor();
  });
});
