/** The details of a layer in the inspector: what a real training measured in detail, as drawings and as text. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { runJob } from '../../engine/train/job.ts';
import { inBrowser, node, open, page } from './driver.ts';

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

/** The events of a training whose every step is measured in detail. */
async function trained(text: string): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  const end = await runJob(
    { task: 'train', text, folder: '.' },
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

const drawing = (title: string) =>
  page.locator('.drawing', { has: page.locator('figcaption', { hasText: title }) });
/** What a screen reader hears of a drawing. */
const words = (title: string) => drawing(title).getByRole('img').first().getAttribute('aria-label');

async function show(text: string, layer: string): Promise<void> {
  const events = await trained(text);
  await open(text);
  await page.evaluate((events) => window.host.run({ state: 'running', task: 'train' }, events), events);
  await node(layer).click();
  await drawing('Activations').waitFor();
}

describe('the details of a layer', () => {
  inBrowser();

  it('show the kernels and feature maps of a convolution, and how its values are distributed', async () => {
    await show(images, 'conv');
    expect(await words('Activations')).toMatch(/^From −\d.* to \d.*, with the peak at/);
    expect(await words('Updates')).toMatch(/^From \d\.\de−\d+ to \d/);
    expect(await words('Weights')).toMatch(/^kernel, 6 of 5 × 5, ±/);
    expect(await words('Feature maps')).toMatch(/^maps, 6 of 12 × 12, ±/);
    expect(await words('Activity of each channel')).toMatch(/^0 of 6 at zero/);
    // A layer's text stands no wider than its panel, whatever is drawn.
    const overflow = await page
      .locator('.inspector')
      .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(overflow).toBe(0);
  });

  it('draw a picture in colours that are not all alike', async () => {
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
    expect(await words('Function and slope')).toMatch(/^Tanh from .*, \d+ % of the inputs where it is flat$/);
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
