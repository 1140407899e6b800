/** The exported page of a run in a real browser, opened as a file: it replays the run, loads nothing, and text in it is only text. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { Recording } from '../../engine/replay/recording.ts';
import { replayPage } from '../../engine/runs/replayPage.ts';
import { formatNumber } from '../../engine/schema/numbers.ts';
import { oneLine } from '../../engine/schema/plainText.ts';
import { gradientDashes, lineLook } from '../../webview/canvas/gradientFlow.ts';
import { pictureSheet } from '../../webview/controls/pictureSheet.ts';
import { light } from '../../webview/picture/looks.ts';
import { gather } from '../../webview/replay/gather.ts';
import { gatherDetails } from '../../webview/replay/gatherDetails.ts';
import { eventsOf } from '../engine/eventsOf.ts';
import { launchBrowser } from '../harness/browser.mjs';
import { payloads } from '../hostile/payloads.ts';
import { viewOf } from './network.ts';

const dist = path.resolve(import.meta.dirname, '../../dist');
const folder = mkdtempSync(path.join(os.tmpdir(), 'netloom-replay-'));
let browser: BrowserContext;

beforeAll(async () => {
  browser = await launchBrowser(path.join(folder, 'profile'));
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const pageOf = (name: string, text: string, events: readonly TrainingEvent[]) => {
  const recording = new Recording();
  for (const event of events) recording.add(event);
  return replayPage(dist, { name, text, recording, events: events.filter(({ event }) => event !== 'stats') });
};

interface Opened {
  readonly page: Page;
  /** Requests of the page other than for itself, messages in the console, and errors. */
  readonly noise: string[];
}

async function openPage(html: string | undefined): Promise<Opened> {
  const file = path.join(folder, 'page.html');
  writeFileSync(file, html!);
  const address = pathToFileURL(file).href;
  const page = await browser.newPage();
  const noise: string[] = [];
  page.on('request', (request) => request.url() !== address && noise.push(request.url()));
  page.on('console', (message) => noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(String(error)));
  await page.goto(address);
  await page.getByRole('slider').waitFor();
  return { page, noise };
}

const network = `{ "layers": {
  "image": { "type": "input", "shape": [12, 12, 1] },
  "conv": { "type": "conv2d", "from": "image", "filters": 4, "kernelSize": 3 },
  "relu": { "type": "relu", "from": "conv" },
  "flat": { "type": "flatten", "from": "relu" },
  "out": { "type": "dense", "from": "flat", "units": 4 } },
  "training": { "data": { "type": "shapes", "size": 12, "samples": 64, "testSamples": 8 }, "metrics": ["accuracy"],
    "loss": { "type": "softmaxCrossEntropy", "from": "out" }, "optimizer": "adam", "batchSize": 8, "epochs": 2 } }`;

test('an exported run replays from its file: slider and keys change picture, table, curves and findings', async () => {
  const events = await eventsOf(network);
  const readings = events.filter((event) => event.event === 'stats');
  const last = readings.at(-1)!;
  const found = (severity: 'info' | 'warning', step: number, message: string): TrainingEvent => ({
    ...{ event: 'finding', code: 'relu/dead', layer: 'relu', severity, step, message, path: [] },
    evidence: { value: 1, limit: 0.5 },
  });
  const findings = [
    found('info', readings[1].step, 'Half of relu is dead.'),
    found('warning', last.step, 'relu is dead.'),
  ];
  const { page, noise } = await openPage(await pageOf('shapes', network, [...events, ...findings]));
  const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'conv' }) });
  const spread = (index: number) => formatNumber(readings[index].layers.conv.std as number);
  const shows = async (index: number) => {
    expect(await page.getByRole('slider').getAttribute('aria-valuetext')).toBe(
      `step ${readings[index].step} of ${last.step}`,
    );
    expect(await row.getByRole('cell').allInnerTexts()).toContain(spread(index));
    expect(await page.locator('#graph .badge-value').allTextContents()).toContain(spread(index));
  };
  await shows(readings.length - 1);
  const dead = page.locator('.findings li', { hasText: 'Warning: relu is dead.' });
  expect(await dead.count()).toBe(1);
  const ofRelu = page.locator('.findings li', { hasText: 'relu' });
  expect(await ofRelu.count()).toBe(1);
  const legend = page.locator('figcaption').first();
  const before = await legend.innerText();
  await page.keyboard.press('ArrowLeft');
  await shows(readings.length - 2);
  expect(await ofRelu.allTextContents()).toEqual(['Information: Half of relu is dead.']);
  await page.getByRole('slider').fill('1');
  await shows(1);
  expect(await legend.innerText()).not.toBe(before);
  await page.keyboard.press('Home');
  await shows(0);
  await page.keyboard.press('PageUp');
  await shows(Math.min(10, readings.length - 1));
  await page.keyboard.press('End');
  // Connections have the look of this reading, and the first one the shape that flows along it.
  expect(await page.locator('#graph').getByText('12×12×1').count()).toBe(2);
  const view = viewOf(network);
  const expected = ['image', 'flat'].map((layer) => {
    const { width, level } = lineLook({ stats: last.layers, ran: view.whole }, view, { layer });
    const dashes = level && gradientDashes[level]?.replaceAll(/(\S+) ?/g, '$1px, ').replace(/, $/, '');
    return [`${width}px`, dashes ?? 'none'];
  });
  const lines = await page.locator('#graph .connection').evaluateAll((all) =>
    all.map((line) => {
      const { strokeWidth, strokeDasharray } = getComputedStyle(line);
      return [strokeWidth, strokeDasharray];
    }),
  );
  expect(lines).toEqual(expected);
  // The legend below the graph has what they say, not only the pointer.
  const explained = await page
    .getByRole('list', { name: 'Connections' })
    .getByRole('listitem')
    .allInnerTexts();
  const titles = await page.locator('#graph .connection title').allTextContents();
  expect(explained[0]).toBe('values that flow along: the wider, the larger');
  for (const meaning of titles.flatMap((title) => /gradient.*/.exec(title) ?? []))
    expect(explained).toContain(meaning);
  const details = page.getByRole('region', { name: 'A layer in detail' });
  const figure = (name: string) => details.getByRole('figure').filter({ hasText: name });
  await details.getByRole('combobox', { name: 'Layer' }).selectOption({ label: 'conv · Conv 2D' });
  await details.getByText(`measured at step ${last.step}`).waitFor();
  expect(await figure('Weights').locator('canvas').count()).toBe(1);
  const cut = await details
    .locator('strong')
    .evaluateAll((all) =>
      all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent),
    );
  expect(cut).toEqual([]);
  const maps = async () => [
    await figure('Feature maps')
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL()),
    await figure('Activations').locator('path').getAttribute('d'),
  ];
  const atEnd = await maps();
  await page.getByRole('slider').press('Home');
  await details.getByText(`measured at step ${readings[0].step}`).waitFor();
  const atStart = await maps();
  for (const [index, drawn] of atEnd.entries()) expect(atStart[index]).not.toBe(drawn);
  await page.getByRole('slider').press('End');
  expect(await maps()).toEqual(atEnd);
  const layer = details.getByRole('combobox', { name: 'Layer' });
  const cardOf = (name: string) => page.getByRole('button', { name: `${name} in detail` });
  expect(await cardOf('conv').getAttribute('aria-pressed')).toBe('true');
  await cardOf('relu').click();
  expect(await layer.locator('option:checked').innerText()).toBe('relu · ReLU');
  expect(await cardOf('conv').getAttribute('aria-pressed')).toBe('false');
  await cardOf('out').press('Enter');
  expect(await layer.locator('option:checked').innerText()).toBe('out · Dense');
  await layer.selectOption({ label: 'conv · Conv 2D' });
  expect(await cardOf('conv').getAttribute('aria-pressed')).toBe('true');
  // The replay is short: the wait begins before it.
  const plays = page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.getByRole('button', { name: 'Play' }).click();
  await plays;
  expect(await page.locator('.plot canvas').count()).toBe(2);
  expect(noise).toEqual([]);
});

test('a page of a run without statistics says so, and has nothing to choose', async () => {
  const page = await browser.newPage();
  const file = path.join(folder, 'empty.html');
  writeFileSync(file, (await pageOf('shapes', network, []))!);
  await page.goto(pathToFileURL(file).href);
  await page.getByText('This run recorded no statistics.').waitFor();
  expect(await page.getByRole('img', { name: 'shapes' }).count()).toBe(1);
  for (const role of ['slider', 'button', 'combobox'] as const)
    expect(await page.getByRole(role).count()).toBe(0);
});

test('none of five hundred hostile names and messages becomes more than text', async () => {
  const names = Array.from({ length: 500 }, (_, index) => `${index}${payloads[index % payloads.length]}`);
  const layers = names.map((name, index) => [
    name,
    index === 0
      ? { type: 'input', shape: [4] }
      : { type: 'dense', from: names[index - 1], units: 3, activation: name },
  ]);
  const text = JSON.stringify({ layers: Object.fromEntries(layers) });
  const stats = Object.fromEntries(names.map((name) => [name, { mean: 1, std: 2 }]));
  const named = (value: unknown) =>
    Object.fromEntries(payloads.slice(0, 40).map((payload) => [payload, value]));
  const detail = {
    featureMaps: named({ rows: 1, columns: 2, limit: 1, pixels: 'P}' }),
    gates: named(named([0.5, 1])),
  };
  const details = Object.fromEntries(names.slice(1, 4).map((name) => [name, detail]));
  const events: TrainingEvent[] = [
    { event: 'stats', step: 1, layers: stats },
    { event: 'detail', step: 1, layers: details } as unknown as TrainingEvent,
    ...payloads.slice(0, 150).map(
      (message, index): TrainingEvent => ({
        ...{ event: 'finding', code: `${index} ${message}`, severity: 'error', step: 1, message, path: [] },
        evidence: { value: 1, limit: 0.5 },
      }),
    ),
    {
      ...{ event: 'step', step: 1, epoch: 1, loss: 1, samplesPerSecond: 1, metrics: {} },
      points: [{ step: 1, loss: 1, metrics: { [payloads[30]]: 1 } }],
    },
  ];
  const { page, noise } = await openPage(await pageOf(payloads.join(' '), text, events));
  const found = await page.evaluate(() => ({
    hit: 'hit' in window,
    names: [...new Set([...document.querySelectorAll('*')].map(({ localName }) => localName))].sort(),
    scripts: document.scripts.length,
    handlers: [...document.querySelectorAll('*')].flatMap((element) =>
      element
        .getAttributeNames()
        .filter((name) => /^on|href|src|style/.test(name) && element.closest('.uplot, .sheet') === null),
    ),
    rows: [...document.querySelectorAll('tbody th')].map(({ textContent }) => textContent),
    messages: [...document.querySelectorAll('.findings li')].map(({ textContent }) => textContent),
  }));
  expect(found.hit).toBe(false);
  expect(found.scripts).toBe(2);
  expect(found.handlers).toEqual([]);
  const allowed =
    'b body button canvas caption defs div figcaption figure footer g h1 h2 head header html input li main meta option output p path pattern rect script section select span strong style svg table tbody td text th thead title tr tspan ul';
  expect(found.names.filter((name) => !allowed.split(' ').includes(name))).toEqual([]);
  expect(found.rows).toEqual(names.map((name) => oneLine(name, 200)));
  expect(found.messages).toHaveLength(150);
  expect(found.messages[30]).toBe(`Error: ${oneLine(payloads[30], 1000)}`);
  expect(noise).toEqual([]);
});

test('a page shows at most 2,000 readings of a long run, evenly with the first and the last, and says how many there were', async () => {
  const reading = (step: number): TrainingEvent => ({
    ...{ event: 'stats', step },
    layers: { conv: { mean: step }, out: { std: 1 } },
  });
  const recording = new Recording();
  for (let step = 1; step <= 5000; step++) recording.add(reading(step));
  const points = Array.from({ length: 9000 }, (_, at) => ({ step: at + 1, loss: 1 / (at + 1), metrics: {} }));
  const step: TrainingEvent = {
    ...{ event: 'step', step: 9000, epoch: 1, loss: 1, metrics: {}, samplesPerSecond: 1 },
    points,
  };
  const { readings, recorded, charts } = await gather(
    { name: 'long', text: network, recording, events: [step] },
    viewOf(network),
    [],
    light,
  );
  expect(recorded).toBe(5000);
  expect(readings.length).toBeGreaterThan(1000);
  expect(readings.length).toBeLessThanOrEqual(2000);
  expect([readings[0].step, readings.at(-1)!.step]).toEqual([1, 5000]);
  expect(charts[0].steps.length).toBeLessThanOrEqual(2000);
  expect(charts[0].steps.at(-1)).toBe(9000);
});

test('a page contains at most 64 details and four million characters of them, with the newest', async () => {
  const maps = { rows: 64, columns: 64, limit: 1, pixels: 'P'.repeat(4096) };
  const recording = new Recording();
  const layers = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`layer${at}`, maps]));
  for (let step = 1; step <= 100; step++)
    recording.add({ event: 'detail', step, layers: { conv: { featureMaps: layers } } });
  const { details } = await gatherDetails(recording, [{ detailOf: ({ conv }) => conv }]);
  expect(details.at(-1)!.step).toBe(100);
  expect(JSON.stringify(details).length).toBeLessThan(4_100_000);
  expect(details.length).toBeGreaterThan(5);
});

test('maps of channels are sorted by activity, and those that are zero everywhere are crossed out', () => {
  // Two by two pixels each: zero, the most active one, and a faint one.
  const set = { rows: 2, columns: 2, limit: 1, pixels: 'PPPP}}}}QQQQ' };
  const room = { width: 250, height: 220, largest: 12 };
  const sheet = pictureSheet(set, room, true);
  expect(sheet.order).toEqual([1, 2, 0]);
  expect(sheet.empty).toBe(1);
  expect(sheet.values.slice(0, 2)).toEqual([1, 1]);
  expect(pictureSheet(set, room).order).toEqual([0, 1, 2]);
  const wide = pictureSheet({ rows: 3, columns: 3, limit: 1, pixels: 'P'.repeat(9) }, room, true);
  const [zero, none] = [0, undefined];
  expect(wide.values).toEqual([zero, none, zero, none, zero, none, zero, none, zero]);
});

test.each([
  { pictures: 8, size: 28, columns: 4, scale: 2 },
  { pictures: 8, size: 3, columns: 4, scale: 12 },
  { pictures: 16, size: 14, columns: 4, scale: 3 },
  { pictures: 1, size: 400, columns: 1, scale: 1 },
])('$pictures pictures of $size × $size pixels fill the room in rows of $columns', (given) => {
  const { pictures, size, columns, scale } = given;
  const set = { rows: size, columns: size, limit: 1, pixels: 'P'.repeat(pictures * size * size) };
  const sheet = pictureSheet(set, { width: 250, height: 220, largest: 12 });
  expect(sheet.columns).toBe(columns * (size + 1) - 1);
  expect(sheet.scale).toBe(scale);
});

test('the command line writes the page of the newest run, replaces no file, and says what is missing', () => {
  const cli = (...words: readonly string[]) =>
    spawnSync(process.execPath, [path.join(dist, 'cli.cjs'), 'replay', ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
  expect(cli('net.nn.json').stderr).toContain('net.nn.json has no run yet. Run "netloom train');
  const run = path.join(folder, '.netloom/runs/net/2026-01-02T03-04-05.678Z');
  mkdirSync(run, { recursive: true });
  writeFileSync(path.join(run, 'network.jsonc'), network);
  const line = { event: 'stats', step: 7, layers: { conv: { activation: { mean: 0.25 } } } };
  writeFileSync(path.join(run, 'run.jsonl'), `{"event":"junk"}\n${JSON.stringify(line)}\n`);
  const written = cli('net.nn.json', '-o', 'out.html');
  expect(written).toMatchObject({ status: 0, stderr: '' });
  const page = readFileSync(path.join(folder, 'out.html'), 'utf8');
  expect(page).toContain('<title>net – Netloom</title>');
  expect(page).toContain('"step":7');
  expect(cli('net.nn.json', '--run', run).stdout.trim()).toBe(page.trim());
  expect(cli('net.nn.json', '-o', 'out.html').stderr).toContain('out.html exists already');
  expect(cli('net.nn.json', '--run', 'elsewhere')).toMatchObject({ status: 1 });
});
