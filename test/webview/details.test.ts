/** Results of real trainings as drawings and as text: a layer in detail in the inspector, and trials of fixes in the panel of the run. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import type { EventKind, EventOfKind, TrainingEvent } from '../../engine/protocol/events.ts';
import { writeEvent } from '../../engine/protocol/eventText.ts';
import type { Job } from '../../engine/protocol/training.ts';
import { formatNumber } from '../../engine/schema/numbers.ts';
import { type JobHost, runJob } from '../../engine/train/job.ts';
import { compareAlternatives } from '../../engine/trials/holdsBack.ts';
import { repair } from '../../engine/trials/repair.ts';
import { trial } from '../../engine/trials/trial.ts';
import { straight } from '../fixtures/straight.ts';
import { inBrowser, node, open, page, until } from './driver.ts';

const images = `{ "layers": {
  "image": { "type": "input", "shape": [28, 28, 1] },
  "conv": { "type": "conv2d", "from": "image", "filters": 6, "kernelSize": 5, "stride": 2 },
  "tanh": { "type": "tanh", "from": "conv" },
  "flat": { "type": "flatten", "from": "tanh" },
  "out": { "type": "dense", "from": "flat", "units": 4 } },
  "training": { "data": { "type": "shapes", "samples": 64, "testSamples": 8 },
    "loss": { "type": "softmaxCrossEntropy", "from": "out" }, "optimizer": "adam", "epochs": 2 } }`;

const sequences = `{ "layers": {
  "numbers": { "type": "input", "shape": [30, 2] },
  "memory": { "type": "lstm", "from": "numbers", "hiddenSize": 8 },
  "sum": { "type": "dense", "from": "memory", "units": 1 } },
  "training": { "data": { "type": "adding", "sequenceLength": 30, "samples": 64, "testSamples": 8 },
    "loss": { "type": "meanSquaredError", "from": "sum" }, "optimizer": "adam", "epochs": 2 } }`;

/** A learning rate that is too low, and a softmax before a loss that applies its own. */
const sick = `{ "layers": {
  "point": { "type": "input", "shape": [2] },
  "hidden": { "type": "dense", "from": "point", "units": 8 },
  "bend": { "type": "tanh", "from": "hidden" },
  "scores": { "type": "dense", "from": "bend", "units": 2 },
  "answer": { "type": "softmax", "from": "scores" } },
  "training": { "data": { "type": "points", "samples": 200, "testSamples": 50 },
    "loss": { "type": "softmaxCrossEntropy", "from": "answer" },
    "optimizer": { "type": "adam", "learningRate": 1e-9 }, "batchSize": 20, "epochs": 4 } }`;

/** The events of a job whose every step is measured in detail. */
async function ran(
  job: (job: Job, host: JobHost) => Promise<{ readonly reason: string }>,
  asked: Omit<Job, 'folder'>,
): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  const end = await job(
    { ...asked, folder: '.' },
    {
      openBackend: () => referenceBackend,
      now: () => 0,
      yield: async () => {},
      emit: (event) => events.push(event),
      probes: () => true,
    },
  );
  expect(end).toMatchObject({ reason: 'finished' });
  return events;
}

const trained = (text: string) => ran(runJob, { task: 'train', text });

function only<K extends EventKind>(kind: K, events: readonly TrainingEvent[]): EventOfKind<K> {
  const found = events.find((event): event is EventOfKind<K> => event.event === kind);
  if (!found) throw new Error(`no ${kind}`);
  return found;
}

const drawing = (title: string) =>
  page.locator('.drawing', { has: page.locator('figcaption', { hasText: title }) });
/** The text of a drawing for screen readers. */
const words = (title: string) => drawing(title).getByRole('img').first().getAttribute('aria-label');

async function show(text: string, layer: string): Promise<void> {
  const events = await trained(text);
  await open(text);
  await page.evaluate((events) => window.host.run({ state: 'running', task: 'train' }, events), events);
  await node(layer).click();
  await drawing('Activations').waitFor();
}

inBrowser();

describe('the details of a layer', () => {
  it('show the kernels and feature maps of a convolution, and how its values are distributed', async () => {
    await show(images, 'conv');
    expect(await words('Activations')).toMatch(/^From −\d.* to \d.*, with the peak at/);
    expect(await words('Updates')).toMatch(/^From \d\.\de−\d+ to \d/);
    expect(await words('Weights')).toMatch(/^kernel, 6 of 5 × 5, ±/);
    expect(await words('Feature maps')).toMatch(/^maps, 6 of 12 × 12, ±/);
    expect(await words('Activity of each channel')).toMatch(/^0 of 6 at zero/);
    await page.getByText('Sample 1 of 8 test samples').getByRole('button', { name: 'Choose…' }).click();
    await until('the host is asked', async () =>
      (await page.evaluate(() => window.host.commands)).includes('chooseSample'),
    );
    // The text about a layer is no wider than its panel, whatever is drawn.
    const overflow = await page
      .locator('.inspector')
      .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(overflow).toBe(0);
  });

  it('draw a picture in more than one colour', async () => {
    await show(images, 'conv');
    const colours = await drawing('Weights')
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(Array.from({ length: data.length / 4 }, (_, i) => data.slice(4 * i, 4 * i + 4).join()))
          .size;
      });
    expect(colours).toBeGreaterThan(10);
  });

  it('show the curve of an activation over the distribution of its inputs', async () => {
    await show(images, 'tanh');
    expect(await words('Function and slope')).toMatch(/^Tanh from .*, flat for \d+\s% of the inputs$/);
  });

  it('follow the gates of a recurrent layer, and bracket its memory', async () => {
    await show(sequences, 'memory');
    const rows = await drawing('Gates along the sequence').locator('.track').allInnerTexts();
    expect(rows).toEqual(['input', 'forget', 'output']);
    expect(await words('Gates along the sequence')).toMatch(
      /^input, mean: 0\.\d+ at the first step, 0\.\d+ at the last$/,
    );
    await page.getByText(/^Effective memory: \d+ of 30 steps$/).waitFor();
    expect(await page.locator('.statistics-part').count()).toBeGreaterThan(3);
  });
});

describe('a replay', () => {
  const slider = () => page.getByRole('slider', { name: 'Step whose statistics are shown' });
  const spoken = () => slider().getAttribute('aria-valuetext');
  const spread = async () => (await node('conv').locator('.badge-std').textContent())?.trim();

  it('moves graph, details and findings to any reading, while the run continues in the background', async () => {
    const events = await trained(images);
    const readings = events.filter((event) => event.event === 'stats');
    const spreads = readings.map(({ layers }) => formatNumber(layers.conv.std as number));
    const shows = async (index: number) => {
      await page.locator('.replay-mark', { hasText: new RegExp(`step ${readings[index].step}$`) }).waitFor();
      expect(await spoken()).toBe(`step ${readings[index].step} of ${readings.at(-1)!.step}`);
      expect(await spread()).toContain(spreads[index]);
    };
    await open(images);
    const [before, after] = [events.slice(0, -8), events.slice(-8)];
    const known = before.filter((event) => event.event === 'stats').length - 1;
    readings.length = known + 1;
    const late: TrainingEvent = {
      ...{ event: 'finding', code: 'relu/dead', layer: 'tanh', severity: 'warning' },
      ...{ step: readings[known].step, evidence: { value: 1, limit: 0.5 }, message: 'Late.', path: [] },
    };
    await page.evaluate(
      (events) => window.host.run({ state: 'running', task: 'train' }, events),
      [...before, late],
    );
    const finding = page.getByRole('list', { name: 'Findings' });
    await finding.waitFor();
    expect(await spoken()).toMatch(/^newest, step/);
    expect(await page.locator('.replay-mark').count()).toBe(0);
    await slider().press('ArrowLeft');
    await shows(known - 1);
    expect(await finding.count()).toBe(0);
    await page.evaluate((events) => window.host.report(events), after);
    await slider().press('Home');
    await shows(0);
    await slider().press('ArrowRight');
    await shows(1);
    await node('tanh').click();
    await page.locator('.inspector').getByText(`Replay: statistics of step ${readings[1].step} of`).waitFor();
    await slider().press('PageUp');
    await shows(Math.min(known, 11));
    await slider().press('End');
    await shows(known);
    await finding.waitFor();
    // There is one such button.
    await page.getByRole('button', { name: 'Live', exact: true }).click();
    await page.locator('.replay-mark').waitFor({ state: 'detached' });
    const newest = events.findLast((event) => event.event === 'stats');
    expect(await spread()).toContain(formatNumber(newest!.layers.conv.std as number));
  });

  it('plays from the start to the last reading, and stops there', async () => {
    const events = (await trained(images)).filter(({ event }) => event !== 'stats');
    const reading = (step: number): TrainingEvent => ({
      ...{ event: 'stats', step },
      layers: { tanh: { std: step } },
    });
    await open(images);
    await page.evaluate(
      (events) => window.host.run({ state: 'idle' }, events),
      [...events, ...[1, 2, 3].map(reading)],
    );
    // The replay is short: the wait begins before it.
    const plays = page.getByRole('button', { name: 'Pause the replay' }).waitFor();
    await page.getByRole('button', { name: 'Replay the run' }).click();
    await plays;
    await page.getByRole('button', { name: 'Replay the run' }).waitFor();
    expect(await spoken()).toBe('step 3 of 3');
  });

  it('has all its controls in a narrow panel, dark ones in a dark theme, shows curves above findings, and covers no card', async () => {
    const events = await trained(images);
    const finding = (layer: string): TrainingEvent => ({
      ...{ event: 'finding', code: 'relu/dead', layer, severity: 'warning', step: 1, path: [] },
      ...{ evidence: { value: 1, limit: 0.5 }, message: `${layer}: ${'many words about it '.repeat(8)}` },
    });
    const found = ['conv', 'tanh', 'out'].map(finding);
    const show = async (width: number) => {
      await open(images, { width, height: 800 });
      await page.evaluate((events) => window.host.run({ state: 'idle' }, events), [...events, ...found]);
      await slider().press('Home');
      await page.locator('.training .replay-mark').waitFor();
      expect(await page.locator('.stage-canvas > .replay-mark').count()).toBe(0);
    };
    const box = async (selector: string) => (await page.locator(selector).first().boundingBox())!;
    await show(700);
    expect(await slider().evaluate((element) => getComputedStyle(element).colorScheme)).toBe('dark');
    const plot = await box('.chart-plot canvas');
    const body = await box('.run-body');
    expect(plot.height).toBeGreaterThan(60);
    expect(plot.y + plot.height).toBeLessThanOrEqual(body.y + body.height);
    await show(340);
    const panel = await box('.training');
    for (const button of await page.locator('.scrubber').getByRole('button').all()) {
      const { x, width } = (await button.boundingBox())!;
      expect(x + width).toBeLessThanOrEqual(panel.x + panel.width);
    }
    await page.locator('.training-header').getByRole('button', { name: 'Hide the training panel' }).click();
    const mark = await box('.stage-canvas > .replay-mark');
    const graph = await box('.react-flow');
    expect(graph.y).toBeGreaterThanOrEqual(mark.y + mark.height);
  });
});

describe('a fix on trial', () => {
  const panel = () => page.getByRole('region', { name: 'Training' });
  const row = async (name: string) =>
    panel().getByRole('row').filter({ hasText: name }).getByRole('cell').allInnerTexts();

  it('is requested beside the fix, can be cancelled, and shows both trainings with the choice to keep it', async () => {
    const events = await trained(sick);
    const tried = only('trial', await ran(trial, { task: 'try', text: sick, code: 'update/tooSmall' }));
    await open(sick);
    await page.evaluate((events) => window.host.run({ state: 'idle' }, events), events);
    await panel()
      .getByRole('listitem')
      .filter({ hasText: 'learning rate' })
      .getByText('Try', { exact: true })
      .click();
    await page.evaluate(() =>
      window.host.trial({
        state: 'running',
        task: 'try',
        doing: 'Training with the fix',
        step: 20,
        steps: 40,
      }),
    );
    await panel().getByText('Training with the fix · step 20').waitFor();
    await panel().getByRole('button', { name: 'Cancel' }).click();
    await page.evaluate(
      (event) => window.host.trial({ state: 'done', event, stale: false }),
      writeEvent(tried),
    );
    await panel().getByText(tried.verdict).waitFor();
    expect(await row('Largest update ratio (limit')).toHaveLength(2);
    expect(await row('Loss (train)')).not.toEqual(await row('Loss (test)'));
    await panel().getByRole('img', { name: 'Loss over the steps of the trial' }).waitFor();
    await panel().getByRole('button', { name: 'Keep' }).click();
    await page.evaluate(() => window.host.trial({ state: 'kept' }));
    expect(await panel().getByRole('button', { name: 'Continue' }).count()).toBe(0);
    // The findings of the text before the fix offer no fix again.
    await panel().getByRole('list', { name: 'Findings' }).waitFor();
    expect(await panel().getByText('Try', { exact: true }).count()).toBe(0);
    await panel().getByRole('button', { name: 'Train Again' }).click();
    const sent = await page.evaluate(() => [window.host.tried, window.host.decisions, window.host.commands]);
    expect(sent).toEqual([['update/tooSmall'], ['cancel', 'keep', 'discard'], ['train']]);
    expect(await page.evaluate(() => window.host.edits)).toEqual([]);
  });

  it('that was applied is marked as in the text until it is undone', async () => {
    const fix = {
      title: 'Set "learningRate" to 0.01',
      edit: { kind: 'setTraining', path: ['optimizer', 'learningRate'], value: 0.01 },
    };
    const found = {
      code: 'update/tooSmall',
      severity: 'warning',
      step: 1,
      path: [],
      message: 'Too slow.',
      fix,
    };
    await open(sick);
    await page.evaluate(
      (events) => window.host.run({ state: 'idle' }, events),
      [
        ...(await trained(sick)).filter(({ event }) => event === 'plan'),
        { event: 'finding', ...found, evidence: { value: 1, limit: 2 } } as TrainingEvent,
        { event: 'end', reason: 'finished', step: 40 } as const,
      ],
    );
    const repairButton = panel().getByRole('button', { name: 'Repair' });
    await panel().getByRole('button', { name: 'Find What Holds It Back' }).waitFor();
    expect((await repairButton.boundingBox())!.height, 'its word is in one line').toBeLessThan(28);
    const button = panel().getByRole('button', { name: fix.title, exact: true });
    await button.click();
    await panel().getByText('In the text').waitFor();
    expect(await button.count()).toBe(0);
    await until('the focus stays there', () =>
      page.evaluate(() => document.activeElement?.textContent === 'In the text'),
    );
    await node('point').click();
    await page.keyboard.press('Control+z');
    await button.waitFor();
    await page.keyboard.press('Control+y');
    await panel().getByText('In the text').waitFor();
  });

  it('is not offered for a finding of another text, which says so; a place of a card and other fixes do not count', async () => {
    const fixOf = (path: readonly string[], value: number) => ({
      title: `Set "${path.at(-1)}" to ${value}`,
      edit: { kind: 'setTraining', path, value } as const,
    });
    const fixes = [fixOf(['optimizer', 'learningRate'], 0.01), fixOf(['clipNorm'], 5)];
    const found = { severity: 'warning', step: 1, path: [], evidence: { value: 1, limit: 2 } } as const;
    await open(sick);
    await page.evaluate(
      (events) => window.host.run({ state: 'idle' }, events),
      [
        ...(await trained(sick)).filter(({ event }) => event === 'plan'),
        ...fixes.map((fix, index) => ({
          ...({
            event: 'finding',
            ...found,
            code: ['update/tooLarge', 'gradient/exploding'][index],
          } as const),
          ...{ message: `Finding ${index}.`, fix },
        })),
        { event: 'end', reason: 'finished', step: 40 } as const,
      ],
    );
    const [rate, clip] = fixes.map(({ title }) => panel().getByRole('button', { name: title, exact: true }));
    const change = (text: string) => page.evaluate((text) => window.host.change(text), text);
    const moved = sick.replace(/\}\s*$/, ', "layout": { "point": [40, 0] } }');
    await change(moved);
    await rate.click();
    await panel().getByText('In the text').waitFor();
    await clip.waitFor();
    const withFix = await page.evaluate(() => window.host.text);
    await change(sick.replace('"units": 2', '"units": 3'));
    await panel().getByText('Finding 0. Found at step 1. The network has changed since.').waitFor();
    for (const gone of [rate, clip, panel().getByText('Try', { exact: true })])
      expect(await gone.count()).toBe(0);
    expect(await panel().getByRole('button', { name: 'Repair' }).count()).toBe(0);
    await panel().getByRole('button', { name: 'Find What Holds It Back' }).waitFor();
    await change(withFix);
    await clip.waitFor();
    expect(await panel().getByText('The network has changed since.').count()).toBe(0);
  });

  it('of a mistake that is no longer in the text is not offered', async () => {
    await open(images);
    const fix = {
      title: 'Set "units" to 5',
      edit: { kind: 'setAttribute', layer: 'out', attribute: 'units', value: 5 } as const,
    };
    await page.evaluate(
      (events) => window.host.run({ state: 'idle' }, events),
      [{ event: 'end', reason: 'failed', step: 0, message: 'out: has 10 outputs', fix } as const],
    );
    await panel().getByRole('button', { name: fix.title }).waitFor();
    await page.evaluate(() => window.host.change(window.host.text.replace('"units": 4', '"units": 3')));
    await panel().getByText('The network has changed since.').waitFor();
    expect(await panel().getByRole('button', { name: fix.title }).count()).toBe(0);
  });

  it('of a mistake by which a run failed is beside the reason', async () => {
    await open(images);
    const fix = {
      title: 'Set "units" to 5',
      edit: { kind: 'setAttribute', layer: 'out', attribute: 'units', value: 5 },
    };
    await page.evaluate(
      (events) => window.host.run({ state: 'idle' }, events),
      [{ event: 'end', reason: 'failed', step: 0, message: 'out: has 10 outputs', fix } as TrainingEvent],
    );
    await panel().getByRole('button', { name: fix.title }).click();
    await panel().getByText('In the text').waitFor();
    expect(await page.evaluate(() => window.host.text)).toContain('"units": 5 }');
    await panel().getByText('The network has changed since.').waitFor();
  });

  it('of a repair shows its path, and cannot be kept in a text that has changed since', async () => {
    const repaired = only('repair', await ran(repair, { task: 'repair', text: sick }));
    await open(sick);
    const show = (stale: boolean) =>
      page.evaluate(([event, stale]) => window.host.trial({ state: 'done', event, stale }), [
        writeEvent(repaired),
        stale,
      ] as const);
    await show(true);
    await panel().getByText('The text has changed since then. Undo, or try again.').waitFor();
    expect(await panel().getByRole('button', { name: 'Keep' }).count()).toBe(0);
    const path = await panel()
      .getByRole('list', { name: 'Fixes that were tried' })
      .getByRole('listitem')
      .allInnerTexts();
    expect(path[0]).toMatch(/^Helps: Remove "answer"\. The fix clears the finding\./);
    expect(path[1]).toMatch(/^Helps: Set "learningRate" to 0\.001/);
    await show(false);
    await panel().getByRole('button', { name: 'Discard' }).click();
    expect(await page.evaluate(() => window.host.decisions)).toEqual(['discard']);
  });

  it('of comparisons is offered after a run without a cause, and lists the changes, those that help first', async () => {
    const compared = only('comparison', await ran(compareAlternatives, { task: 'compare', text: straight }));
    await open(straight);
    await page.evaluate(() =>
      window.host.run({ state: 'idle' }, [{ event: 'end', reason: 'finished', step: 400 }]),
    );
    await panel().getByText('No findings').waitFor();
    await panel().getByRole('button', { name: 'Find What Holds It Back' }).click();
    await page.evaluate(
      (event) => window.host.trial({ state: 'done', event, stale: false }),
      writeEvent(compared),
    );
    const rows = panel().getByRole('list', { name: 'Changes that were tried' }).getByRole('listitem');
    await rows.first().waitFor();
    const texts = await rows.allInnerTexts();
    expect(texts).toHaveLength(compared.attempts.length);
    expect(texts[0]).toMatch(
      /^Clearly better: Add a hidden layer of 32 units after "point"\. \d+\.\d\d\s% instead of \d+\.\d\d\s%\.$/,
    );
    expect(texts.at(-1)).toMatch(
      /^.+\. Not clearly better: the test score \(Accuracy\) is \d+\.\d\d\s% instead of \d+\.\d\d\s%\.$/,
    );
    for (const { outcome, fix, verdict } of compared.attempts)
      if (outcome !== 'kept') expect(texts).toContain(`${fix.title}. ${verdict}`);
    await panel().getByRole('button', { name: 'Keep' }).click();
    expect(await page.evaluate(() => [window.host.commands, window.host.decisions])).toEqual([
      ['findWhatHoldsBack'],
      ['keep'],
    ]);
    const { fix: _, ...unchanged } = { ...compared, after: compared.before };
    await page.evaluate(
      (event) => window.host.trial({ state: 'done', event, stale: false }),
      writeEvent(unchanged),
    );
    await panel().getByText('Nothing to keep').waitFor();
    expect(await row('Steps'), 'the one training, and how long it was').toEqual([`${compared.before.steps}`]);
    expect(await panel().getByText('with fix').count()).toBe(0);
    await panel().getByRole('img', { name: 'Loss over the steps of the trial', exact: true }).waitFor();
  });
});
