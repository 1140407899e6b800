/** The appearance of the graph: stacks, marks, readable text, and names for people who cannot see it; in a real browser. */
import { describe, expect, test } from 'vitest';
import { centre, drag, edits, inBrowser, node, open, page, paletteItem, text, until } from './driver.ts';
import { chain, viewOf, withBlock } from './network.ts';
import { report, well } from './running.ts';

inBrowser();

const painted = () =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

const layout = async () => [...viewOf(await text()).analysis.spec.layout.keys()];

/** Pairs of overlapping texts on one card. */
const overlapping = () =>
  page.evaluate(() =>
    [...document.querySelectorAll('.react-flow__node')].flatMap((card) => {
      const leaves = [...card.querySelectorAll<HTMLElement>('*')].filter(
        (element) => element.childElementCount === 0 && element.textContent && element.offsetParent !== null,
      );
      const boxes = leaves.map((element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return { text: element.textContent, box: range.getBoundingClientRect() };
      });
      return boxes.flatMap(({ text, box }, index) =>
        boxes
          .slice(index + 1)
          .filter(
            ({ box: other }) =>
              Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1 &&
              Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 4,
          )
          .map((other) => `${text} | ${other.text}`),
      );
    }),
  );

/** React Flow needs a few pixels to recognize a drag. */
const near = (pixels: number, expected: number) => expect(Math.abs(pixels - expected)).toBeLessThan(15);

describe('a stack', () => {
  test('is dragged as a whole by its head, and writes one place', async () => {
    await open(chain);
    const [conv, relu] = [await centre(node('conv1')), await centre(node('relu1'))];
    await drag(conv, { x: conv.x + 150, y: conv.y + 10 });
    await until('the place is written', async () => (await layout()).length > 0);
    expect(await layout()).toEqual(['conv1']);
    const moved = await centre(node('relu1'));
    near(moved.x, relu.x + 150);
    near(moved.y, relu.y + 10);
  });

  test('keeps its lines where they are when one of its layers is selected', async () => {
    await open(chain);
    await node('conv1').waitFor();
    const paths = () =>
      page.locator('.layer-edge').evaluateAll((all) => all.map((path) => path.getAttribute('d')));
    const before = await paths();
    await node('conv1').click();
    await page.locator('.react-flow__node.selected').waitFor();
    await painted();
    expect(await paths()).toEqual(before);
  });

  test('moves a card that is dragged out of its row, with what is under it', async () => {
    await open(chain);
    const [relu, flat] = [await centre(node('relu1')), await centre(node('flat'))];
    await drag(relu, { x: relu.x - 230, y: relu.y });
    await until('the place is written', async () => (await layout()).length > 0);
    expect(await layout()).toEqual(['relu1']);
    near((await centre(node('flat'))).x, flat.x - 230);
  });

  test('returns a card to its row if it was hardly moved', async () => {
    await open(chain);
    const relu = await centre(node('relu1'));
    await drag(relu, { x: relu.x + 8, y: relu.y + 3 });
    await until('it is back', async () => (await centre(node('relu1'))).x === relu.x);
    expect(await edits()).toEqual([]);
  });
});

describe('text on cards', () => {
  /** Twelve layers, each with its own card: the worst case. */
  const twelve = `{ "layers": { "image": { "type": "input", "shape": [8] }, ${Array.from(
    { length: 11 },
    (_, index) =>
      `"l${index}": { "type": "dense", "from": "${index > 0 ? `l${index - 1}` : 'image'}", "units": 8 }`,
  ).join(', ')} } }`;

  test.each([
    ['half a window', 700],
    ['a window', 1400],
  ])(
    'has at least 11 pixels in %s with twelve layers that train, all of them in view',
    async (_what, width) => {
      await open(twelve, { width, height: 780 });
      await node('l10').waitFor();
      const layers = Array.from({ length: 11 }, (_, index) => [
        `l${index}`,
        { ...well, updateRatio: 0.0123 },
      ]);
      await report(Object.fromEntries(layers));
      await node('l10').locator('.badge-gradNorm').waitFor();
      // The canvas has become smaller, and the view follows.
      await until('all are in view', async () =>
        page.evaluate(() => {
          const frame = document.querySelector('.canvas')!.getBoundingClientRect();
          const cards = [...document.querySelectorAll('.react-flow__node')].map((card) =>
            card.getBoundingClientRect(),
          );
          return (
            cards.length === 12 &&
            cards.every(
              ({ left, right, top, bottom }) =>
                left >= frame.left && right <= frame.right && top >= frame.top && bottom <= frame.bottom,
            )
          );
        }),
      );
      const sizes = await page.evaluate(() => {
        const card = document.querySelector<HTMLElement>('.react-flow__node')!;
        const zoom = card.getBoundingClientRect().width / card.offsetWidth;
        const leaves = [...document.querySelectorAll<HTMLElement>('.react-flow__node *')].filter(
          (element) =>
            element.childElementCount === 0 && element.textContent && element.offsetParent !== null,
        );
        return leaves.map((element) => Number.parseFloat(getComputedStyle(element).fontSize) * zoom);
      });
      expect(sizes.length).toBeGreaterThan(30);
      expect(Math.min(...sizes)).toBeGreaterThan(10.99);
      expect(await overlapping(), 'texts of a card that lie over one another').toEqual([]);
    },
  );

  test('shows σ, ∇ and Δ in places that were there before', async () => {
    await open(chain);
    await report({});
    await page.locator('.chart').first().waitFor();
    await until('the view has followed', async () => {
      const before = (await node('conv1').boundingBox())!.x;
      await painted();
      return (await node('conv1').boundingBox())!.x === before && before < 450;
    });
    const box = await node('conv1').boundingBox();
    await report({ conv1: { ...well, paramNorm: 1, updateRatio: 0.001 } });
    await node('conv1').locator('.badge-updateRatio').waitFor();
    const badges = await node('conv1').locator('.badge').allTextContents();
    expect(badges).toEqual(['σ0.300', '∇1.50', 'Δ0.0010']);
    expect(await node('conv1').boundingBox()).toEqual(box);
    // They stay with a layer that gets another name, and are not marked as those of another text.
    await node('conv1').click();
    await page.keyboard.press('F2');
    await page.keyboard.type('first');
    await page.keyboard.press('Enter');
    await node('first').locator('.badge-updateRatio').waitFor();
    expect(await node('first').locator('.badge').allTextContents()).toEqual(badges);
    expect(await node('first').locator('.layer-statistics.earlier').count()).toBe(0);
    await page.keyboard.press('Control+z');
    await node('conv1').locator('.badge-updateRatio').waitFor();
  });
});

describe('what is wrong', () => {
  test('is marked by a shape that a legend names, and the mark disappears with the fault', async () => {
    await open(chain);
    await report({ conv1: { ...well, gradNorm: 0 }, relu1: { ...well, deadFraction: 0.75 }, logits: well });
    await node('conv1').locator('.health-mark.vanished.bad').waitFor();
    await node('relu1').locator('.health-mark.dead').waitFor();
    expect(await node('logits').locator('.health-mark').count()).toBe(0);
    await page.locator('.legend', { hasText: 'dead units' }).waitFor();
    await report({ conv1: well, relu1: well, logits: well });
    await page.locator('.health-mark').first().waitFor({ state: 'detached' });
  });

  test('is read out by a screen reader, with the statistics', async () => {
    await open(chain.replace('"units": 10', '"units": 0'));
    await report({ relu1: { ...well, deadFraction: 0.75 } });
    await page.getByLabel(/^relu1, ReLU, .*dead units, .*Dead units 75\s%.*Gradient norm 1\.50/).waitFor();
    await page.getByLabel(/^logits, .*has an error.*a positive integer, found 0/).waitFor();
  });
});

describe('the Tab key', () => {
  test('stops once at the graph', async () => {
    await open(chain);
    await node('conv1').waitFor();
    expect(await page.locator('.react-flow [tabindex="0"]').count()).toBe(0);
    await page.getByRole('application', { name: 'Graph' }).focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('title'))).toContain('Zoom in');
  });
});

describe('the keyboard focus', () => {
  test('on a card looks different from the selection', async () => {
    await open(chain);
    await node('conv1').click();
    await page.locator('.react-flow__node.selected').waitFor();
    const looks = (name: string) =>
      node(name)
        .locator('.layer-card')
        .evaluate((card) => {
          const { outlineStyle, boxShadow } = getComputedStyle(card);
          return { line: outlineStyle, ring: boxShadow !== 'none' };
        });
    expect(await looks('conv1')).toEqual({ line: 'none', ring: true });
    // A key moves the focus, and with it the selection.
    await page.keyboard.press('ArrowDown');
    await page.locator('.react-flow__node[data-id="relu1"].selected').waitFor();
    expect(await looks('relu1')).toEqual({ line: 'dashed', ring: true });
    expect(await looks('conv1')).toEqual({ line: 'none', ring: false });
    await page.keyboard.press('Escape');
    await page.locator('.react-flow__node.selected').waitFor({ state: 'detached' });
    await node('relu1').focus();
    expect(await looks('relu1')).toEqual({ line: 'dashed', ring: false });
  });
});

describe('an empty canvas', () => {
  test('keeps the first layers where they are dropped', async () => {
    await open('');
    const canvas = (await page.locator('.canvas').boundingBox())!;
    const at = { x: canvas.x + canvas.width / 2, y: canvas.y + 60 };
    await drag(await centre(paletteItem('input')), at);
    await node('input1').waitFor();
    expect((await centre(node('input1'))).x).toBeCloseTo(at.x, -1);
    expect((await centre(node('input1'))).y).toBeCloseTo(at.y, -1);
    await drag(await centre(paletteItem('dense')), { x: at.x, y: at.y + 200 });
    await node('dense1').waitFor();
    expect((await centre(node('dense1'))).y).toBeCloseTo(at.y + 200, -1);
    expect((await centre(node('input1'))).y).toBeCloseTo(at.y, -1);
  });
});

describe('export', () => {
  test('a picture contains the whole network, whatever is in view, as PNG too', async () => {
    await open(chain);
    await node('conv1').waitFor();
    await report({ conv1: well });
    const [svg, png] = await page.evaluate(async () => {
      const wanted = { dark: true, statistics: true };
      const svg = await window.host.picture({ ...wanted, format: 'svg' });
      const { documentElement } = new DOMParser().parseFromString(svg, 'image/svg+xml');
      const size = ['width', 'height'].map((name) => Number(documentElement.getAttribute(name)));
      const image = new Image();
      image.src = `data:image/png;base64,${await window.host.picture({ ...wanted, format: 'png' })}`;
      await image.decode();
      return [
        { root: documentElement.tagName, text: documentElement.textContent ?? '', size },
        [image.naturalWidth, image.naturalHeight],
      ] as const;
    });
    expect(svg.root).toBe('svg');
    for (const text of ['image', 'conv1', 'relu1', 'flat', 'logits', '∇']) expect(svg.text).toContain(text);
    expect(png).toEqual(svg.size.map((pixels) => Math.round(3 * pixels)));
  });

  test('a picture has the notes on layers of unfolded blocks', async () => {
    await open(withBlock);
    await node('uses').click();
    await page.keyboard.press('e');
    await node('uses/1').waitFor();
    await page.keyboard.press('Shift+E');
    await node('uses/1/conv').waitFor();
    const svg = await page.evaluate(() =>
      window.host.picture({ dark: true, statistics: false, format: 'svg' }),
    );
    expect(svg).toContain('finds edges');
  });
});

describe('the canvas', () => {
  test('neither scrolls the page nor shows a gap when a part of the page is first needed', async () => {
    await open(chain);
    await node('conv1').waitFor();
    // Parts of the page are loaded when it has an idle moment.
    await until('all is requested', () =>
      page.evaluate(() => {
        const files = performance.getEntriesByType('resource').map(({ name }) => name);
        return ['Overlays', 'SelectionInspector', 'LayerDetails'].every((part) =>
          files.some((file) => file.includes(part)),
        );
      }),
    );
    await page.waitForLoadState('networkidle');
    await page.evaluate(() => {
      // The window around the page could scroll, as that of VS Code can.
      document.documentElement.style.overflow = 'auto';
      document.body.style.overflow = 'visible';
      document.body.style.height = 'calc(100% + 5px)';
      const gaps: string[] = [];
      Object.assign(window, { gaps });
      new MutationObserver(() => {
        if (document.querySelector('[aria-busy=true]')) gaps.push('a part is missing');
      }).observe(document.body, { childList: true, subtree: true });
    });
    await page.locator('.canvas').focus();
    await page.evaluate(() => scrollTo(0, 0));
    await page.keyboard.press('/');
    await page.locator('.picker input').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.picker').waitFor({ state: 'detached' });
    await node('conv1').click();
    await page.locator('.inspector').getByText('About').waitFor();
    expect(
      await page.evaluate(() => [
        document.scrollingElement!.scrollTop,
        ...(window as never as { gaps: string[] }).gaps,
      ]),
    ).toEqual([0]);
  });

  test('shows the attribution of its library beside everything that it draws, and the kind of a row completely or not at all', async () => {
    const pool = '"maxPooling1": { "type": "maxPool2d", "from": "relu1", "poolSize": 2 },';
    await open(chain.replace('"flat": {', `${pool} "flat": {`));
    await node('maxPooling1').waitFor();
    const kind = await node('maxPooling1').evaluate((card) => {
      const [kind, room] = ['.layer-type', '.layer-summary'].map(
        (part) => card.querySelector<HTMLElement>(part)!,
      );
      const inView = kind.getBoundingClientRect().top < room.getBoundingClientRect().bottom - 2;
      return inView && kind.offsetWidth > kind.parentElement!.clientWidth;
    });
    expect(kind).toBe(false);
    expect(await node('maxPooling1').locator('.layer-summary > .layer-attributes').innerText()).toContain(
      '2',
    );
    const covered = await page.evaluate(() => {
      const mark = document.querySelector('.react-flow__attribution')!.getBoundingClientRect();
      const others = [...document.querySelectorAll('.react-flow__node, .zoom-controls, .legend, .overview')];
      return others.filter((other) => {
        const box = other.getBoundingClientRect();
        return (
          mark.left < box.right && box.left < mark.right && mark.top < box.bottom && box.top < mark.bottom
        );
      }).length;
    });
    expect(covered).toBe(0);
    const sizes = await page
      .locator('.edge-label')
      .evaluateAll((labels) =>
        labels.map(
          (label) =>
            Number.parseFloat(getComputedStyle(label).fontSize) *
            (label.getBoundingClientRect().width / (label as HTMLElement).offsetWidth),
        ),
      );
    expect(Math.min(...sizes)).toBeGreaterThan(10.9);
  });

  test('a card whose settings fill its line shows them whole, and its kind by the icon alone', async () => {
    await open(chain.replace('"filters": 8', '"filters": 1280'));
    const shown = (part: string) =>
      node('conv1')
        .locator(part)
        .evaluate((element) => {
          const [box, line] = [element, element.closest('.layer-what')!].map((one) =>
            one.getBoundingClientRect(),
          );
          return { inLine: box.top < line.bottom - 2, cut: element.scrollWidth > element.clientWidth };
        });
    await node('conv1').waitFor();
    expect(await shown('.layer-summary > .layer-attributes')).toEqual({ inLine: true, cut: false });
    expect((await shown('.layer-kind')).inLine).toBe(false);
  });

  test('in a low editor the curves leave room for the graph', async () => {
    for (const [width, height] of [
      [650, 340],
      [760, 480],
      [922, 476],
      [420, 340],
    ] as const) {
      await open(chain, { width, height });
      await node('conv1').waitFor();
      await report({ conv1: well });
      await page.locator('.chart').first().waitFor();
      await until('there is room', async () => {
        const [stage, canvas] = await Promise.all(
          ['.stage', '.canvas'].map(async (part) => (await page.locator(part).boundingBox())!),
        );
        return canvas.width * canvas.height > 0.39 * stage.width * stage.height;
      });
      if (width > 500) await page.locator('.training.beside').waitFor();
    }
  });
});
