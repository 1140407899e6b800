/** What cards say about shared parameters and losses: on the canvas, to screen readers, and in pictures. */
import { describe, expect, test } from 'vitest';
import { describeLayer, toFlow } from '../../webview/model/flow.ts';
import { drawCard } from '../../webview/picture/card.ts';
import { light } from '../../webview/picture/looks.ts';
import { inBrowser, node, open, page } from './driver.ts';
import { viewOf, withBlock } from './network.ts';

const twins = `{
  "format": 1,
  "layers": {
    "point": { "type": "input", "shape": [2] },
    "left": { "type": "dense", "from": "point", "units": 4 },
    "right": { "type": "dense", "from": "point", "units": 4, "shares": "left" },
    "sum": { "type": "add", "from": ["left", "right"] },
    "classes": { "type": "dense", "from": "sum", "units": 2 },
    "distance": { "type": "dense", "from": "right", "units": 1 },
    "positive": { "type": "relu", "from": "distance" }
  },
  "training": {
    "data": { "type": "points" },
    "loss": [
      { "type": "softmaxCrossEntropy", "from": "classes" },
      { "type": "huber", "from": "positive", "weight": 0.3 }
    ],
    "optimizer": "adam"
  }
}
`;

const longWeight = twins.replace('"positive", "weight": 0.3', '"distance", "weight": 0.3333333333333333');

describe('on the canvas', () => {
  inBrowser();

  test('a card says whose parameters a layer uses, and which losses judge it', async () => {
    await open(twins, { width: 1400, height: 900 });
    await node('classes').waitFor();
    const parameters = (name: string) => node(name).locator('.layer-parameters').innerText();
    expect([await parameters('left'), await parameters('right')]).toEqual(['θ 12', 'θ = left']);
    const chips = await page
      .locator('.layer-loss')
      .evaluateAll((all) =>
        all.map((chip) => [
          chip.closest('.react-flow__node')?.getAttribute('data-id'),
          chip.textContent,
          chip.getAttribute('title'),
        ]),
      );
    expect(chips).toEqual([
      ['classes', 'loss', 'judged by Softmax cross-entropy'],
      ['positive', 'loss × 0.3', 'judged by 0.3 × Huber'],
    ]);
    await page.getByLabel(/^right, Dense, uses the parameters of left, output 4/).waitFor();
    await page.getByLabel(/^positive, ReLU, output 1, judged by 0\.3 × Huber/).waitFor();
  });

  test('a weight with many digits leaves the room of the name and the shape', async () => {
    await open(longWeight, { width: 1400, height: 900 });
    await node('distance').waitFor();
    const line = await node('distance')
      .locator('.layer-line')
      .first()
      .evaluate(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }));
    expect(line.scrollWidth).toBe(line.clientWidth);
    expect(await node('distance').locator('.layer-loss').innerText()).toBe('loss × 0.333');
    expect((await node('distance').locator('.layer-name').boundingBox())!.width).toBeGreaterThan(48);
  });
});

test('a picture says the same', () => {
  const flow = toFlow(viewOf(twins), 'down');
  const drawn = (name: string) =>
    drawCard(flow.nodes.find(({ id }) => id === name)!, undefined, light).replace(/<[^>]*>/g, ' ');
  expect(drawn('right')).toContain('θ = left');
  expect(drawn('classes')).toMatch(/classes +loss/);
  expect(drawn('positive')).toContain('loss × 0.3');
});

test('a picture of a card without room for kind and settings has all settings', () => {
  const text = `{ "layers": { "image": { "type": "input", "shape": [28, 28, 64] },
    "conv": { "type": "conv2d", "from": "image", "filters": 256, "kernelSize": 3, "padding": "same" } } }`;
  const card = toFlow(viewOf(text), 'down').nodes.find(({ id }) => id === 'conv')!;
  expect(drawCard(card, { mean: 0 } as never, light)).toContain('>256 filters · 3×3 · same<');
});

test('a picture of a card whose loss has a weight with many digits has its name', () => {
  const card = toFlow(viewOf(longWeight), 'down').nodes.find(({ id }) => id === 'distance')!;
  expect(drawCard(card, undefined, light)).toContain('>distance<');
});

test('two losses of one layer are counted, and a block has the loss of the layer inside', () => {
  const training = (loss: string) =>
    `,\n  "training": { "data": "points", "loss": ${loss}, "optimizer": "sgd" }\n}`;
  const both = '[{ "type": "huber", "from": "flat" }, { "type": "meanSquaredError", "from": "flat" }]';
  const add = (loss: string) => viewOf(withBlock.replace(/\n}\n$/, training(loss)));
  expect(describeLayer(add(both).byName.get('flat')!)).toContain('judged by Huber, Mean squared error');
  expect(add('{ "type": "huber", "from": "uses" }').byName.get('uses')!.losses).toEqual([
    { label: 'Huber', weight: 1 },
  ]);
});
