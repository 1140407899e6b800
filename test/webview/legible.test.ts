/** Texts that are whole, and places that a person expects, in a real browser. */
import { expect, test } from 'vitest';
import { writeEvent } from '../../engine/protocol/eventText.ts';
import { centre, inBrowser, node, open, page, settled } from './driver.ts';
import { chain, withBlock } from './network.ts';
import { report, well } from './running.ts';
import { trial } from './trialEvent.ts';

inBrowser();

test('the canvas cuts no name at its top or bottom, however far it is zoomed out', async () => {
  const details = new Set<string>();
  for (const height of [820, 520, 400, 320]) {
    await open(chain, { width: 1100, height });
    details.add((await page.locator('[data-detail]').first().getAttribute('data-detail'))!);
    const cut = await page.locator('.layer-name').evaluateAll((names) =>
      names.filter((name) => {
        const { overflowY, fontSize } = getComputedStyle(name);
        const { clientHeight } = name as HTMLElement;
        return (
          overflowY !== 'visible' && clientHeight > 0 && clientHeight < 1.2 * Number.parseFloat(fontSize)
        );
      }),
    );
    expect(cut).toHaveLength(0);
  }
  expect(details.size, 'it was zoomed out').toBeGreaterThan(1);
});

test('the canvas shows the end of a long name, which distinguishes it from others, where there is no room for the whole', async () => {
  const long = chain.replaceAll('"conv1"', '"encoderBlockConvolution1"');
  const details = new Set<string>();
  for (const height of [820, 520, 320]) {
    await open(long, { width: 1100, height });
    details.add((await page.locator('[data-detail]').first().getAttribute('data-detail'))!);
    const name = node('encoderBlockConvolution1').locator('.layer-name');
    const [text, room] = [(await name.locator('bdi').boundingBox())!, (await name.boundingBox())!];
    expect(text.width, 'it is longer than its room').toBeGreaterThan(room.width);
    expect(Math.abs(text.x + text.width - room.x - room.width)).toBeLessThan(1);
  }
  expect(details.size, 'it was zoomed out').toBeGreaterThan(1);
});

test('a card with a very long name has the button that unfolds it, at every zoom that has buttons', async () => {
  await open(withBlock.replaceAll('"uses"', `"${'encoderBlock'.repeat(6)}"`));
  const details = new Set<string>();
  for (let zooms = 0; zooms < 4; zooms++) {
    const card = (await page.locator('.layer-card.block').boundingBox())!;
    const button = (await page.locator('.fold-button').boundingBox())!;
    expect(button.y + button.height).toBeLessThan(card.y + 0.6 * card.height);
    expect(button.x + button.width).toBeLessThan(card.x + card.width);
    details.add((await page.locator('[data-detail]').first().getAttribute('data-detail'))!);
    await page.getByTitle('Zoom out (−)').click();
    await settled();
  }
  expect(details).toContain('middle');
});

test('the canvas shows every sign of its legend with its whole word beside it, however narrow it is', async () => {
  for (const width of [380, 470, 500, 520, 560, 620, 700, 1400]) {
    await open(chain, { width, height: 700 });
    await report({ conv1: { ...well, gradNorm: 0 }, relu1: { ...well, deadFraction: 0.75 } });
    await page.locator('.legend-mark').nth(1).waitFor({ state: 'attached' });
    const { end, signs, words, gap, rows } = await page.locator('.legend').evaluate((legend) => {
      const { right, bottom } = legend.getBoundingClientRect();
      const inView = (parts: string) =>
        [...legend.querySelectorAll(parts)]
          .map((part) => part.getBoundingClientRect())
          .filter(({ height, top }) => height > 1 && top < bottom);
      const cut = (parts: string) => inView(parts).filter((part) => part.right > right + 0.5).length;
      const groups = [...legend.children].map((group) =>
        [...group.children]
          .map((part) => part.getBoundingClientRect())
          .filter(({ height, top }) => height > 1 && top < bottom),
      );
      const between = groups.slice(1).map(([first], index) => first.left - groups[index].at(-1)!.right);
      const attribution = document.querySelector('.react-flow__attribution')!.getBoundingClientRect();
      return {
        end: attribution.left - right,
        signs: cut('svg'),
        words: cut('span > span'),
        gap: Math.max(...between),
        rows: new Set([...legend.children].map((group) => group.getBoundingClientRect().top)).size,
      };
    });
    expect({ width, signs, words }).toEqual({ width, signs: 0, words: 0 });
    expect(end).toBeGreaterThan(0);
    expect(gap, `the widest gap in ${width} pixels`).toBeLessThan(15);
    // Two lines stay in the margin below the network.
    if (width >= 500) expect(rows, `lines in ${width} pixels`).toBeLessThan(3);
    for (const word of ['values', 'gradient', 'dead units', 'vanishing gradient'])
      expect(await page.locator('.legend').innerText(), `${width} pixels`).toContain(word);
  }
});

test('a narrow canvas has its legend above the attribution, and a very narrow one has none', async () => {
  await open(chain, { width: 330, height: 700 });
  await report({ conv1: well });
  const legend = page.locator('.legend');
  await legend.waitFor();
  const [{ right, bottom }, words] = await legend.evaluate((legend) => [
    legend.getBoundingClientRect(),
    [...legend.querySelectorAll('span > span')].map((word) => word.getBoundingClientRect().right),
  ]);
  const attribution = (await page.locator('.react-flow__attribution').boundingBox())!;
  expect(bottom).toBeLessThanOrEqual(attribution.y);
  expect(Math.max(...words)).toBeLessThanOrEqual(right);
  await page.setViewportSize({ width: 250, height: 700 });
  await legend.waitFor({ state: 'hidden' });
});

test('a canvas that is too low for a margin has no legend on its cards', async () => {
  await open(chain, { width: 340, height: 290 });
  await report({ conv1: well });
  expect(await page.locator('.legend').isVisible()).toBe(false);
  await page.setViewportSize({ width: 340, height: 900 });
  await page.locator('.legend').waitFor();
});

test('the toolbar shows the size of the network whole, or only its parameters, however narrow it is', async () => {
  for (const width of [320, 420, 560, 900]) {
    await open(chain, { width, height: 600 });
    const status = page.locator('.toolbar-status');
    const [needed, there] = await status.evaluate(({ scrollWidth, clientWidth }) => [
      scrollWidth,
      clientWidth,
    ]);
    expect(needed, `${width} pixels`).toBeLessThanOrEqual(there);
    expect(await status.innerText(), `${width} pixels`).toMatch(
      width < 400 ? /^θ [\d,.]+( [KM])?$/ : /^θ|^\d+ layers, /,
    );
    if (width >= 560) expect(await status.innerText()).toMatch(/ layers, /);
  }
});

test('the toolbar counts warnings as it counts errors, and names the line where a text cannot be read', async () => {
  const training =
    '{ "data": "shapes", "loss": { "type": "softmaxCrossEntropy", "from": "logits" }, "optimizer": "sgd" }';
  await open(
    chain.replace('"units": 10', '"units": 4').replace(/\n}\n$/, `,\n  "training": ${training}\n}\n`),
  );
  const status = page.locator('.toolbar-status');
  const write = (from: string, to: string) =>
    page.evaluate(([from, to]) => window.host.change(window.host.text.replace(from, to)), [from, to]);
  await write('"flat": {', '"odd": { "type": "relu", "from": "conv1" },\n    "flat": {');
  await status.filter({ hasText: /^1 warning$/ }).waitFor();
  await write('"units": 4', '"units": "four"');
  await status.filter({ hasText: /^1 error$/ }).waitFor();
  await write('"relu1": {', '"relu1": {{');
  await status.filter({ hasText: /^Error in line \d+$/ }).waitFor();
});

test('the buttons of the toolbar are whole in a quarter of a small window, as at 200 % zoom', async () => {
  await open(chain, { width: 210, height: 330 });
  const parts = await page.locator('.toolbar').evaluate((toolbar) =>
    [...toolbar.querySelectorAll('button')].map((button) => {
      const { left, right } = button.getBoundingClientRect();
      return {
        cut: button.scrollWidth > button.clientWidth,
        beside: left < 0 || right > toolbar.clientWidth,
      };
    }),
  );
  expect(parts.length).toBeGreaterThan(5);
  expect(parts.filter(({ cut, beside }) => cut || beside)).toEqual([]);
});

test('a run shows whole numbers of its progress or none, however narrow its panel is', async () => {
  for (const width of [210, 320, 700]) {
    await open(chain, { width, height: 600 });
    await report({ conv1: well });
    await page.locator('.run-quantities.progress').waitFor();
    const cut = await page.locator('.run-quantities.progress').evaluate((list) => {
      const { right, bottom } = list.getBoundingClientRect();
      return [...list.querySelectorAll('div')]
        .map((entry) => entry.getBoundingClientRect())
        .filter((entry) => entry.top < bottom && entry.right > right + 0.5).length;
    });
    expect(cut, `${width} pixels`).toBe(0);
  }
});

test('words on buttons have the colour of text in a theme whose icons are pale', async () => {
  await open(chain, { width: 1400, height: 800 });
  await page.evaluate(() => {
    document.documentElement.style.setProperty('--vscode-icon-foreground', 'rgb(1, 2, 3)');
    document.documentElement.style.setProperty('--vscode-foreground', 'rgb(4, 5, 6)');
  });
  const words = page.locator('.toolbar .icon-button:not(.primary) > .button-text');
  const colours = await words.evaluateAll((all) => all.map((one) => getComputedStyle(one).color));
  expect(new Set(colours)).toEqual(new Set(['rgb(4, 5, 6)']));
});

test('a first layer that is added by key stands in the middle of the top, or of the left side', async () => {
  for (const direction of ['down', 'right'] as const) {
    await open('{ "format": 1, "layers": {} }');
    if (direction === 'right') await page.getByRole('button', { name: 'Lay out from left to right' }).click();
    // A key adds a layer at the pointer, if that is on the canvas.
    await page.mouse.move(20, 10);
    await page.locator('.canvas').focus();
    await page.keyboard.press('/');
    await page.locator('.picker').waitFor();
    await page.keyboard.type('input');
    await page.keyboard.press('Enter');
    await node('input1').waitFor();
    await settled();
    const canvas = (await page.locator('.canvas').boundingBox())!;
    const card = await centre(node('input1'));
    const [across, down] = [(card.x - canvas.x) / canvas.width, (card.y - canvas.y) / canvas.height];
    expect(direction === 'down' ? across : down).toBeCloseTo(0.5, 1);
    expect(direction === 'down' ? down : across).toBeLessThan(0.3);
    await page.locator('.toolbar-status', { hasText: /^1 layer, / }).waitFor();
  }
});

/** With a note on a card, and one on a layer of a block. */
const noted = withBlock.replace('"flat": {', '// Last.\n    "flat": {');

/** The sizes of all visible texts on the canvas, on the screen, and the texts that are smaller than 11 pixels. */
const sizesOnCanvas = () =>
  page.locator('.react-flow__viewport').evaluate((viewport) => {
    const zoom = new DOMMatrix(getComputedStyle(viewport).transform).a;
    const texts = [...viewport.querySelectorAll<HTMLElement>('*')].filter(
      (part) =>
        part.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) &&
        [...part.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.textContent?.trim()),
    );
    const small = texts.filter((part) => Number.parseFloat(getComputedStyle(part).fontSize) * zoom < 10.9);
    return {
      count: texts.length,
      small: small.map(({ className, textContent }) => `${className}: ${textContent}`),
    };
  });

test('no text on the canvas is smaller than 11 pixels, however far it is zoomed out', async () => {
  await open(noted);
  await page.locator('.note-text', { hasText: 'Last.' }).waitFor();
  await page.evaluate(() => window.host.act('unfoldAllBlocks'));
  await node('uses/2/conv').waitFor();
  await settled();
  const details = new Set<string>();
  for (let zooms = 0; zooms < 8; zooms++) {
    const detail = (await page.locator('[data-detail]').first().getAttribute('data-detail'))!;
    details.add(detail);
    expect((await sizesOnCanvas()).small, detail).toEqual([]);
    await page.getByTitle('Zoom out (−)').click();
    await settled();
  }
  expect([...details]).toEqual(expect.arrayContaining(['middle', 'far']));
});

test('a note that is a sign because the view is zoomed out unfolds with a legible text under the pointer', async () => {
  await open(noted, { width: 1100, height: 320 });
  await page.evaluate(() => window.host.act('unfoldAllBlocks'));
  await node('uses/2/conv').waitFor();
  await settled();
  expect(await page.locator('[data-detail]').first().getAttribute('data-detail')).toBe('far');
  const note = page.locator('.note', { hasText: 'Last.' });
  expect(await note.locator('.note-text').isVisible()).toBe(false);
  const sign = (await note.locator('.note-sign').boundingBox())!;
  expect(sign.height).toBeGreaterThan(10.9);
  await note.hover();
  await note.locator('.note-text').waitFor();
  expect((await sizesOnCanvas()).small).toEqual([]);
});

test('the sign for several copies encloses its text, and an unfolded block has an edge all around, at every zoom with names', async () => {
  await open(withBlock);
  await page.evaluate(() => window.host.act('unfoldAllBlocks'));
  await node('uses/2/conv').waitFor();
  await settled();
  const details = new Set<string>();
  for (let zooms = 0; zooms < 6; zooms++) {
    const detail = (await page.locator('[data-detail]').first().getAttribute('data-detail'))!;
    if (detail === 'specks') break;
    details.add(detail);
    const { copies, edges } = await page.locator('.react-flow__viewport').evaluate((viewport) => {
      const zoom = new DOMMatrix(getComputedStyle(viewport).transform).a;
      const sign = viewport.querySelector('.layer-copies')!;
      const frame = getComputedStyle(viewport.querySelector('.layer-card.frame')!);
      return {
        copies:
          sign.getBoundingClientRect().height / (Number.parseFloat(getComputedStyle(sign).fontSize) * zoom),
        edges: [
          frame.borderTopWidth,
          frame.borderRightWidth,
          frame.borderBottomWidth,
          frame.borderLeftWidth,
        ].map((width) => Number.parseFloat(width) * zoom),
      };
    });
    expect(copies, `the height of its text, ${detail}`).toBeGreaterThan(1.15);
    expect(Math.min(...edges), detail).toBeGreaterThan(0.45);
    await page.getByTitle('Zoom out (−)').click();
    await settled();
  }
  expect(details).toContain('far');
});

test('words of a bypassed layer are as legible as other quiet words', async () => {
  await open(chain.replace('"type": "relu"', '"type": "relu", "bypass": true'));
  const opacities = await node('relu1')
    .locator('.layer-name, .layer-kind')
    .evaluateAll((words) =>
      words.map((word) => {
        let opacity = 1;
        for (let part: Element | null = word; part; part = part.parentElement)
          opacity *= Number(getComputedStyle(part).opacity);
        return opacity;
      }),
    );
  expect(opacities).toEqual([1, 1]);
  expect(
    await node('relu1')
      .locator('.layer-card')
      .evaluate((card) => getComputedStyle(card).borderTopStyle),
  ).toBe('dashed');
});

test('names of attributes stay on one line in the inspector', async () => {
  await open(`{ "format": 1, "layers": {
  "numbers": { "type": "input", "shape": [30, 2] },
  "memory": { "type": "lstm", "from": "numbers", "hiddenSize": 8 } } }`);
  await node('memory').click();
  const labels = page.locator('.form-field:not(.text, .kind, :has(> textarea)) > .form-label label');
  await labels.filter({ hasText: 'recurrentDropout' }).waitFor();
  const broken = await labels.evaluateAll((all) =>
    all.filter((label) => (label as HTMLElement).offsetHeight > 20).map(({ textContent }) => textContent),
  );
  expect(broken).toEqual([]);
});

test('the numbers of a trial keep away from its scroll bar', async () => {
  await open(chain, { width: 470, height: 700 });
  await page.evaluate(
    (event) => window.host.trial({ state: 'done', event, stale: false }),
    writeEvent(trial),
  );
  await page.locator('.trial-scores').waitFor();
  const room = await page.locator('.trial-facts').evaluate((facts) => {
    const ends = [...facts.querySelectorAll('td')].map((cell) => {
      const words = document.createRange();
      words.selectNodeContents(cell);
      return words.getBoundingClientRect().right;
    });
    return facts.getBoundingClientRect().left + facts.clientWidth - Math.max(...ends);
  });
  expect(room).toBeGreaterThan(8);
});

test('a very narrow panel shows the name of each curve, and its slider beside all of its buttons', async () => {
  await open(chain, { width: 234, height: 700 });
  await report({ conv1: well });
  const panel = page.locator('.training');
  await panel.locator('.scrubber-slider').waitFor();
  const cut = await panel
    .locator('.chart-title strong')
    .evaluateAll((names) =>
      names.filter((name) => name.scrollWidth > name.clientWidth).map(({ textContent }) => textContent),
    );
  expect(cut).toEqual([]);
  const tops = await panel
    .locator('.scrubber > :not(.scrubber-place)')
    .evaluateAll((parts) =>
      parts.map((part) => part.getBoundingClientRect()).map(({ top, height }) => top + height / 2),
    );
  expect(Math.max(...tops) - Math.min(...tops)).toBeLessThan(3);
});

test('the buttons of a finding are in line with its message and whole, however narrow the panel is', async () => {
  const finding = {
    event: 'finding',
    ...{ code: 'relu/dead', severity: 'warning', layer: 'relu1', step: 1, path: ['layers', 'relu1'] },
    evidence: { value: 0.9, limit: 0.5 },
    message: 'relu1: 90 % of the units are dead, so that its gradient is zero there.',
    fix: {
      title: 'Replace 8 activations with leaky ReLU, from "relu1" to "relu8"',
      edit: { kind: 'setAttribute', layer: 'relu1', attribute: 'x', value: 1 },
    },
  };
  for (const width of [300, 520]) {
    await open(chain, { width, height: 700 });
    await report({ relu1: well }, [finding]);
    await page.locator('.findings-count').click();
    const { end, shift } = await page.locator('.run-findings li').evaluate((line) => {
      const [message] = line.querySelectorAll(':scope > span:not(.codicon)');
      const buttons = [...line.querySelectorAll('.finding-actions button')].map((one) =>
        one.getBoundingClientRect(),
      );
      return {
        end: line.getBoundingClientRect().right - Math.max(...buttons.map(({ right }) => right)),
        shift: buttons[0].left - message.getBoundingClientRect().left,
      };
    });
    expect(end, `${width} pixels`).toBeGreaterThanOrEqual(0);
    expect(Math.abs(shift), `${width} pixels`).toBeLessThan(2);
  }
});
