/** Results of real trainings as drawings and as text: a layer in detail in the inspector, and a replay. */
import { describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { formatNumber } from '../../engine/schema/numbers.ts';
import { inBrowser, node, open, page, until } from './driver.ts';
import { trained } from './trainedEvents.ts';

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

  it('keep the weights of two matrices apart', async () => {
    await show(sequences, 'memory');
    const weights = drawing('Weights');
    const above = (await weights.locator('canvas').first().boundingBox())!;
    const name = (await weights.getByText('recurrentKernel').boundingBox())!;
    expect(name.y - above.y - above.height).toBeGreaterThan(5);
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
