/** Statistics along a sequence of several selected layers, on the same axes in the inspector. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { eventsOf } from '../engine/eventsOf.ts';
import { inBrowser, node, open, page } from './driver.ts';

const network = `{ "layers": {
  "numbers": { "type": "input", "shape": [12, 2] },
  "simple": { "type": "simpleRnn", "from": "numbers", "hiddenSize": 4 },
  "lstm": { "type": "lstm", "from": "numbers", "hiddenSize": 4 },
  "gru": { "type": "gru", "from": "numbers", "hiddenSize": 4 },
  "all": { "type": "concat", "from": ["simple", "lstm", "gru"] },
  "sum": { "type": "dense", "from": "all", "units": 1 } },
  "training": { "data": { "type": "adding", "sequenceLength": 12, "samples": 32, "testSamples": 8 },
    "loss": { "type": "meanSquaredError", "from": "sum" }, "optimizer": "adam", "epochs": 1 } }`;

inBrowser();

describe('several recurrent layers that are selected', () => {
  const figures = () => page.locator('.inspector .drawing');
  const figure = (title: string) => figures().filter({ hasText: title });
  const select = async (...names: readonly string[]) => {
    for (const [index, name] of names.entries())
      await node(name)
        .locator('.layer-name')
        .click(index === 0 ? {} : { modifiers: ['Shift'] });
    await page.locator('.inspector').getByText(`${names.length} layers`, { exact: true }).waitFor();
  };

  let events: readonly TrainingEvent[];

  const train = async (text: string) => {
    events = await eventsOf(text);
    await open(text);
    await show(events);
  };
  const show = (events: readonly TrainingEvent[]) =>
    page.evaluate((events) => window.host.run({ state: 'idle' }, events), events);

  beforeEach(() => train(network));

  it('have their gradients through time on the same axes, each with a line and its memory', async () => {
    await select('simple', 'lstm', 'gru');
    const gradients = figure('Gradient at each time step');
    await gradients.waitFor();
    expect(await gradients.locator('.compared path').count()).toBe(3);
    expect(await gradients.getByRole('img').getAttribute('aria-label')).toMatch(
      /^simple: \S+ at the first step, \S+ at the last; lstm: .*; gru: /,
    );
    const lines = await gradients.locator('.courses li').allInnerTexts();
    expect(lines.map((line) => line.replaceAll('\n', ' '))).toEqual(
      ['simple', 'lstm', 'gru'].map((name) =>
        expect.stringMatching(`^${name} Effective memory: \\d+ of 12 steps$`),
      ),
    );
    const looks = await gradients
      .locator('.courses path')
      .evaluateAll((paths) => paths.map((path) => getComputedStyle(path).strokeDasharray));
    expect(new Set(looks).size).toBe(3);
  });

  it('share axes for each state and gate that at least two of them have', async () => {
    await select('lstm', 'gru');
    const hidden = figure('States along the sequence');
    await hidden.waitFor();
    // Only one of them has a cell state, and no gate of one is a gate of the other.
    expect(await hidden.count()).toBe(1);
    expect(await hidden.locator('figcaption').innerText()).toContain('hidden');
    expect(await figures().count()).toBe(2);
  });

  it('lie at zero if no gradient reaches them', async () => {
    const zeros = events.map((event) => {
      if (event.event !== 'stats') return event;
      const layers = Object.entries(event.layers).map(([name, stats]) => [
        name,
        'gradThroughTime' in stats ? { ...stats, gradThroughTime: [0, 0, 0] } : stats,
      ]);
      return { ...event, layers: Object.fromEntries(layers) };
    });
    await show(zeros);
    await select('simple', 'gru');
    const gradients = figure('Gradient at each time step');
    await gradients.getByText('0', { exact: true }).waitFor();
    expect(await gradients.innerText()).not.toContain('logarithmic');
    expect(await gradients.locator('.compared path').first().getAttribute('d')).toMatch(/^M0 1L/);
  });

  it('say which of them were edited after the run', async () => {
    await page.evaluate(() =>
      window.host.change(
        window.host.text.replace(/("gru".*"hiddenSize": )4/, '$15').replace(/("sum".*"units": )1/, '$12'),
      ),
    );
    await select('sum', 'simple', 'gru');
    await page
      .locator('.inspector .statistics-note', {
        hasText: 'Measured before these layers were edited or their shapes changed: gru',
      })
      .waitFor();
  });

  it('are drawn as far as their lines can be told apart, and it says so', async () => {
    const more = ['b', 'c', 'd', 'e'];
    const copies = more.map(
      (name) => `"${name}": { "type": "simpleRnn", "from": "numbers", "hiddenSize": 2 },`,
    );
    await train(
      network
        .replace('"all"', `${copies.join(' ')} "all"`)
        .replace('"gru"]', `"gru", ${more.map((name) => `"${name}"`).join(', ')}]`),
    );
    await select(...more, 'gru');
    await page
      .locator('.inspector .statistics-note', { hasText: 'The first 4 of 5 layers are drawn.' })
      .waitFor();
    expect(await figure('Gradient at each time step').locator('.compared path').count()).toBe(4);
  });

  it('are not compared with layers that have no such statistics', async () => {
    await select('lstm', 'sum');
    expect(await figures().count()).toBe(0);
  });
});
