/** Whatever a file or a message contains, the page shows text, runs nothing, and is never blank. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patience, runs, seed } from '../hostile/effort.ts';
import { payloads } from '../hostile/payloads.ts';
import { inBrowser, node, open, page, settled, until } from './driver.ts';
import { chain } from './network.ts';

inBrowser();

declare global {
  interface Window {
    hit?: number;
  }
}

/** Hostile texts in every place of a network: names that can be shown as nodes, types, attributes, values, references. */
const hostileNetwork = (texts: readonly string[]): string =>
  JSON.stringify({
    layers: {
      image: { type: 'input', shape: [4] },
      ...Object.fromEntries(
        texts.map((text, index) => [
          `${text}${index}`,
          { type: text, from: text, [text]: text, shares: text },
        ]),
      ),
    },
    training: {
      data: { type: 'csv', train: texts[0], target: texts[1] },
      loss: { type: 'softmaxCrossEntropy', from: texts[2], target: texts[3] },
      metrics: texts.slice(0, 3),
      optimizer: { type: texts[4] },
    },
  });

/** Elements that could load, link or run something, except for the link of the canvas library to its own page. */
const foreign = () =>
  page.evaluate(
    () =>
      [...document.querySelectorAll('#root :is(a, img, script, iframe, object, embed, form)')].filter(
        (element) => !element.closest('.react-flow__attribution'),
      ).length,
  );

const isSelected = (layer: string) =>
  page.evaluate(
    (layer) =>
      [...document.querySelectorAll('.react-flow__node.selected')].some(
        (element) => element.getAttribute('data-id') === layer,
      ),
    layer,
  );

const stands = () =>
  page.evaluate(
    () => document.querySelector('.toolbar, .failure') !== null && document.body.innerText.length > 0,
  );

describe('hostile text', () => {
  test('in every place of a network and every field of the inspector is only text', async () => {
    await open(chain);
    for (let first = 0; first < payloads.length; first += 50) {
      const texts = payloads.slice(first, first + 50).map((text) => text.slice(0, 300));
      await page.evaluate((text) => window.host.change(text), hostileNetwork(texts));
      await node('image').waitFor();
      const names = await page.evaluate(() =>
        [...document.querySelectorAll('.react-flow__node')].map((element) => element.getAttribute('data-id')),
      );
      expect(names.length, 'those in view').toBeGreaterThan(10);
      for (const name of names.slice(0, 3)) {
        await page.evaluate((layer) => window.host.reveal(layer ?? ''), name);
        await until('it is selected', () => isSelected(name ?? ''));
      }
      expect(await foreign()).toBe(0);
    }
    expect(await page.evaluate(() => window.hit)).toBeUndefined();
  });

  test('in what a run reports is only text: names of metrics, layers and backends, and messages', async () => {
    await open(chain);
    // Each run has ten hostile names of metrics, so that a chart is drawn for each.
    for (let first = 0; first < payloads.length; first += 10) {
      const texts = payloads.slice(first, first + 10).map((text) => text.slice(0, 300));
      await page.evaluate((texts) => {
        const metrics = Object.fromEntries(texts.map((text) => [text, 0.5]));
        const split = { ...metrics, loss: 1 };
        const counts = { parameters: 1, memoryBytes: 1, trainSamples: 1, testSamples: 1, batchSize: 1 };
        window.host.run({ state: 'idle' }, [
          { event: 'plan', ...counts, backend: texts[0], stepsPerEpoch: 1, epochs: 1 },
          {
            event: 'step',
            step: 1,
            epoch: 1,
            loss: 1,
            metrics,
            samplesPerSecond: 1,
            points: [{ step: 1, loss: 1, metrics }],
          },
          { event: 'epoch', epoch: 1, step: 1, train: split, test: split, seconds: 1 },
          { event: 'end', reason: 'failed', step: 1, message: texts.join(' ') },
        ]);
      }, texts);
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
    await page.locator('.run-message').waitFor();
    expect(await foreign()).toBe(0);
    expect(await page.evaluate(() => window.hit)).toBeUndefined();
  });
});

/** An event as it is sent. A value that JSON cannot represent is sent unchanged. */
function lineOf(event: object): unknown {
  try {
    return JSON.stringify(event);
  } catch {
    return event;
  }
}

/** Bodies that are almost valid. */
const body = fc.oneof(
  fc.anything({ maxDepth: 3 }),
  fc.record({ revision: fc.anything(), text: fc.anything(), readOnly: fc.anything() }),
  fc.record({ state: fc.anything(), task: fc.anything() }),
  fc.record({ layer: fc.anything() }),
  fc.record({
    text: fc.oneof(fc.string(), fc.anything()),
    events: fc.array(
      fc
        .record({
          event: fc.constantFrom(
            'plan',
            'step',
            'stats',
            'epoch',
            'evaluation',
            'end',
            'toString',
            '__proto__',
          ),
          step: fc.oneof(fc.double(), fc.anything()),
          epoch: fc.oneof(fc.double(), fc.anything()),
          epochs: fc.double(),
          loss: fc.oneof(fc.double(), fc.anything()),
          metrics: fc.oneof(fc.dictionary(fc.string(), fc.double()), fc.anything()),
          layers: fc.oneof(fc.dictionary(fc.constantFrom('conv1', 'relu1'), fc.anything({ maxDepth: 3 }))),
          train: fc.oneof(fc.dictionary(fc.string(), fc.double()), fc.anything()),
          test: fc.oneof(fc.dictionary(fc.string(), fc.double()), fc.anything()),
          seconds: fc.double(),
          samples: fc.double(),
          samplesPerSecond: fc.double(),
          reason: fc.oneof(fc.constantFrom('finished', 'failed'), fc.anything()),
          message: fc.anything(),
        })
        .map(lineOf),
      { maxLength: 4 },
    ),
    cutOff: fc.oneof(fc.boolean(), fc.anything()),
    earlier: fc.oneof(fc.double(), fc.constant(undefined), fc.anything()),
  }),
);

const message = fc.oneof(
  fc.anything(),
  fc.record({
    name: fc.constantFrom(
      'document',
      'runState',
      'run',
      'runEvents',
      'reveal',
      'nothing',
      'toString',
      '__proto__',
    ),
    body,
  }),
  fc.record({ answerTo: fc.anything(), value: fc.anything() }),
  fc.record({ id: fc.integer(), name: fc.anything(), body: fc.anything() }),
);

/** Whether a message between windows can contain the value. */
function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

describe('a malformed message', () => {
  test('is dropped, and the page continues', { timeout: patience }, async () => {
    await open(chain);
    // The page warns of each message that it drops.
    page.removeAllListeners('console');
    const messages = fc.sample(message.filter(isCloneable), { seed, numRuns: runs(2000) });
    for (let first = 0; first < messages.length; first += 200) {
      await page.evaluate(
        (batch) => {
          for (const one of batch) window.postMessage(one);
        },
        messages.slice(first, first + 200),
      );
      await page.evaluate(() => new Promise(requestAnimationFrame));
      expect(await stands()).toBe(true);
    }
    await page.evaluate(() => window.host.reveal('conv1'));
    await until('it still listens', () => isSelected('conv1'));
  });
});

describe('a layout', () => {
  const placed = (layout: object) => chain.replace(/\}\s*$/, `, "layout": ${JSON.stringify(layout)} }`);

  test.each([
    ['in a diagonal', { image: [4000, 0], conv1: [0, 4000] }],
    ['at the ends of what can be drawn', { image: [1e6, -1e6], conv1: [-1e6, 1e6] }],
    ['beyond them', { image: [1e300, -1e300], conv1: [-1e300, 1e300] }],
  ])('%s leaves a layer in view, also when the whole network is asked for', async (_, layout) => {
    await open(placed(layout));
    const seen = () => page.locator('.react-flow__node').filter({ visible: true }).first().waitFor();
    await seen();
    await page.getByRole('button', { name: 'Fit view (1)' }).click();
    await settled();
    await seen();
  });
});

describe('a failure to draw', () => {
  test('offers to open the text, and to draw again', async () => {
    await open(chain);
    page.removeAllListeners('console');
    page.removeAllListeners('pageerror');
    await page.evaluate(
      (text) => {
        const { toFixed } = Number.prototype;
        Number.prototype.toFixed = () => {
          throw new Error('drawing fails on purpose');
        };
        Object.assign(window, {
          fix: () => {
            Number.prototype.toFixed = toFixed;
          },
        });
        window.host.change(text);
      },
      chain.replace('"filters": 8', '"filters": 64'),
    );
    const failure = page.locator('.failure');
    await failure.waitFor();
    expect(await failure.innerText()).toContain('drawing fails on purpose');
    await failure.getByRole('button', { name: 'Open as text' }).click();
    await until('the text opens', () => page.evaluate(() => window.host.commands.includes('openTextToSide')));
    await page.evaluate(() => (window as unknown as { fix(): void }).fix());
    await failure.getByRole('button', { name: 'Try again' }).click();
    await node('conv1').waitFor();
    expect(await failure.count()).toBe(0);
  });
});
