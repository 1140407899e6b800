/** Measures the graph editor, as described in `canvas.mjs`. */
import type { CDPSession, Page } from 'playwright-core';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { EditorServer } from '../webview/editorPage.ts';
import type { PageHost } from '../webview/pageHost.ts';

declare global {
  interface Window {
    applyInHost(edit: SpecEdit): ReturnType<PageHost['applies']>;
  }
}

/** Dense layers, each followed by an activation. */
function network(layers: number): string {
  const lines = ['"image": { "type": "input", "shape": [8] }'];
  for (let index = 1, last = 'image'; lines.length < layers; index++) {
    lines.push(`"dense${index}": { "type": "dense", "from": "${last}", "units": 8 }`);
    last = `relu${index}`;
    if (lines.length < layers) lines.push(`"${last}": { "type": "relu", "from": "dense${index}" }`);
  }
  return `{\n  "format": 1,\n  "layers": {\n    ${lines.join(',\n    ')}\n  }\n}\n`;
}

/** Seconds of work of the page's main thread so far. */
async function work(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')!.value;
}

/** Waits for two frames: after them, earlier changes are on the screen. */
const painted = (page: Page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Waits until the view has not moved for some frames. Its movement is work that belongs to no edit. */
const atRest = (page: Page) =>
  page.evaluate(async () => {
    const place = () => document.querySelector<HTMLElement>('.react-flow__viewport')?.style.transform;
    for (let [last, frames] = [place(), 0]; frames < 20; frames++) {
      await new Promise(requestAnimationFrame);
      if (place() !== last) [last, frames] = [place(), 0];
    }
  });

/**
 * Waits until an element shows a text, or without one until there is no such element, by one look in each frame: Playwright's
 * locators look at many elements, which would be counted as work of the page.
 */
const shown = (page: Page, selector: string, text: string | undefined) =>
  page.waitForFunction(
    ([selector, text]) => {
      const found = document.querySelector(selector);
      return text === undefined ? !found : found?.textContent?.includes(text);
    },
    [selector, text] as const,
    { polling: 'raf' },
  );

interface Cost {
  readonly clock: number;
  readonly cpu: number;
}

async function cost(page: Page, session: CDPSession, act: () => Promise<unknown>): Promise<Cost> {
  await painted(page);
  const [before, start] = [await work(session), performance.now()];
  await act();
  await painted(page);
  const clock = performance.now() - start;
  return { clock, cpu: ((await work(session)) - before) * 1000 };
}

/**
 * The document in this process: in VS Code, the host has it, in a process of its own, and gets an edit from the page, not the text.
 */
class HostDocument {
  #text = '{}';

  private constructor(readonly page: Page) {}

  static async of(page: Page): Promise<HostDocument> {
    const host = new HostDocument(page);
    await page.exposeFunction('applyInHost', (edit: SpecEdit) => host.#apply(edit));
    await page.evaluate(() => {
      window.host.applies = (_, edit) => window.applyInHost(edit);
    });
    return host;
  }

  async open(text: string): Promise<void> {
    this.#text = text;
    await this.page.evaluate((text) => window.host.change(text), text);
  }

  /** A change by a pattern, so that the page need not be sent the text. */
  async replace(pattern: RegExp, by: string): Promise<void> {
    this.#text = this.#text.replace(pattern, by);
    await this.page.evaluate(
      ([{ source, flags }, by]) =>
        window.host.change(window.host.text.replace(new RegExp(source, flags), by)),
      [{ source: pattern.source, flags: pattern.flags }, by] as const,
    );
  }

  #apply(edit: SpecEdit): ReturnType<typeof applyEdit> {
    const outcome = applyEdit(this.#text, edit);
    if ('changes' in outcome) this.#text = applyChanges(this.#text, outcome.changes);
    return outcome;
  }
}

/** Frames per second while `move` is called between frames. */
async function frames(page: Page, move: (step: number) => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const counter = { frames: 0, start: performance.now(), running: true };
    Object.assign(window, { counter });
    const count = () => {
      counter.frames++;
      if (counter.running) requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  for (let step = 0; step < 80; step++) await move(step);
  return page.evaluate(() => {
    const { counter } = window as unknown as { counter: { frames: number; start: number; running: boolean } };
    counter.running = false;
    return (counter.frames * 1000) / (performance.now() - counter.start);
  });
}

/** Frames per second while the view is dragged in the empty column at the left of the canvas, there and back. */
async function panned(page: Page): Promise<number> {
  await page.mouse.move(225, 300);
  await page.mouse.down();
  const rate = await frames(page, (step) => {
    const along = step < 40 ? step : 80 - step;
    return page.mouse.move(225 + 12 * along, 300 + 6 * along);
  });
  await page.mouse.up();
  return rate;
}

const text = ({ clock, cpu }: Cost): string => `${clock.toFixed(0)} ms (${cpu.toFixed(0)} ms of work)`;

/** How many edits follow the first one of their kind; their median is printed. */
const further = 7;

/** Of the first edit, which includes the compilation of code that no other one needed, and of further ones. */
const texts = ([first, ...others]: readonly Cost[]): string =>
  others.length > 0 ? `${text(first)}, then ${text(middle(others))}` : text(first);

/** The one with the median of the work. */
const middle = (costs: readonly Cost[]): Cost => costs.toSorted((a, b) => a.cpu - b.cpu)[costs.length >> 1];

async function measure(server: EditorServer, layers: number): Promise<void> {
  const spec = network(layers);
  const begun = performance.now();
  const page = await server.open('{}');
  const page0 = performance.now() - begun;
  const host = await HostDocument.of(page);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const open = await cost(page, session, async () => {
    await host.open(spec);
    await page.locator('.react-flow__node, .overview-drawing').first().waitFor();
  });
  // A network that fits only when it is drawn on one canvas has no cards until the view comes closer.
  if (await page.locator('.overview-drawing').isVisible()) {
    await page.evaluate(() => window.host.act('zoomActual'));
    await page.locator('.overview-drawing').waitFor({ state: 'detached' });
    await page.evaluate(() => window.host.reveal('dense2'));
  }
  const card = page.locator('.react-flow__node[data-id="dense2"]');
  await card.waitFor();
  await atRest(page);
  const edits: Cost[] = [];
  for (let units = 9; edits.length <= further; units++)
    edits.push(
      await cost(page, session, async () => {
        await host.replace(/"from": "relu1", "units": \d+/, `"from": "relu1", "units": ${units}`);
        await shown(page, '.react-flow__node[data-id="dense2"] .layer-shape', String(units));
      }),
    );
  const select = await cost(page, session, async () => {
    await card.click({ position: { x: 60, y: 10 } });
    await page.locator('.react-flow__node.selected').waitFor();
  });
  await page.keyboard.press('Escape');
  const pan = await panned(page);
  await page.mouse.move(640, 300);
  const zoom = await frames(page, (step) => page.mouse.wheel(0, step % 40 < 20 ? 12 : -12));
  const remove = async (name: string): Promise<Cost> => {
    await page.evaluate((name) => window.host.reveal(name), name);
    await page.locator(`.react-flow__node[data-id="${name}"]`).waitFor();
    await atRest(page);
    return cost(page, session, async () => {
      await page.evaluate(() => document.querySelector<HTMLElement>('.canvas')?.focus());
      await page.evaluate(() => window.host.act('deleteLayers'));
      await shown(page, `.react-flow__node[data-id="${name}"]`, undefined);
    });
  };
  const removals: Cost[] = [];
  for (let index = 2; removals.length <= further && index < layers / 2; index += 2)
    removals.push(await remove(`dense${index}`));
  // Lines are led around a card that was placed by hand.
  await host.replace(/\}\n$/, ', "layout": { "dense3": [2000, 40] } }\n');
  const placed: Cost[] = [];
  for (let index = 5; placed.length < 3 && index < layers / 2; index += 2)
    placed.push(await remove(`dense${index}`));
  await page.getByTitle('Fit view (1)').click();
  await painted(page);
  const afar = await panned(page);
  console.log(
    [
      `${layers} layers`,
      `page ${page0.toFixed(0)} ms`,
      `open ${text(open)}`,
      `attribute ${texts(edits)}`,
      `select ${text(select)}`,
      `delete ${texts(removals)}${placed.length > 0 ? `, beside a card placed by hand ${text(middle(placed))}` : ''}`,
      `pan ${pan.toFixed(0)}/s`,
      `zoom ${zoom.toFixed(0)}/s`,
      `pan of all ${afar.toFixed(0)}/s`,
    ].join(' · '),
  );
  await page.close();
}

async function main(): Promise<void> {
  const given = process.argv.slice(2).map(Number);
  const server = await EditorServer.start();
  try {
    for (const layers of given.length > 0 ? given : [9, 500, 2000]) await measure(server, layers);
  } finally {
    await server.stop();
  }
}

void main();
