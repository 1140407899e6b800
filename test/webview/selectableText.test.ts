/** What a drag of the pointer marks: text that people copy, but no control and no label of one; in a real browser. */
import { describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { centre, drag, inBrowser, node, open, page, until } from './driver.ts';
import { chain } from './network.ts';
import { epochOfRun } from './running.ts';

inBrowser();

const readings = Array.from(
  { length: 50 },
  (_, index): TrainingEvent => ({ event: 'stats', step: index + 1, layers: { conv1: { std: 1 } } }),
);
const failed: TrainingEvent = { event: 'end', reason: 'failed', step: 50, message: 'Row 7 has no class.' };

const slider = () => page.getByRole('slider', { name: 'Step whose statistics are shown' });
const selected = () => page.evaluate(() => String(getSelection()));

async function replayed(): Promise<void> {
  await open(chain);
  await page.evaluate(
    (events) => window.host.run({ state: 'idle' }, events),
    [...epochOfRun, ...readings, failed],
  );
  await slider().waitFor();
}

/** A drag over the whole of an element, from its left edge to its right one. */
async function dragOver(selector: string): Promise<void> {
  const box = (await page.locator(selector).first().boundingBox())!;
  const y = box.y + Math.min(box.height / 2, 10);
  await drag({ x: box.x + 1, y }, { x: box.x + box.width - 1, y });
}

async function slides(): Promise<void> {
  const { x, y, width, height } = (await slider().boundingBox())!;
  const at = (share: number) => ({ x: x + 8 + share * (width - 16), y: y + height / 2 });
  await drag(at(1), at(0.2));
  await until('the slider is where it was dragged', async () =>
    /^step 1\d of 50$/.test((await slider().getAttribute('aria-valuetext')) ?? ''),
  );
}

describe('a drag', () => {
  test('that begins beside the slider of a replay marks nothing, and the slider can still be dragged', async () => {
    await replayed();
    const label = await centre(page.locator('.scrubber-place'));
    await drag(label, { x: label.x - 150, y: label.y - 30 });
    expect(await selected()).toBe('');
    await slides();
  });

  test('of the slider moves it even if everything on the page is selected', async () => {
    await replayed();
    await page.evaluate(() => getSelection()?.selectAllChildren(document.body));
    await slides();
  });

  test.each([
    '.toolbar',
    '.palette .panel-header',
    '.training-header',
    '.findings-head',
    '.chart',
    '.legend',
    '.section > summary',
    '.form-label',
  ])('over %s marks nothing', async (controls) => {
    await replayed();
    await dragOver(controls);
    expect(await selected()).toBe('');
  });

  test('over a message, a statistic or a documentation marks it to be copied', async () => {
    await replayed();
    await dragOver('.run-message');
    expect(await selected()).toContain('Row 7 has no class');
    await dragOver('.facts');
    expect(await selected()).toContain('Layers');
    await node('conv1').click();
    const documentation = page.locator('.inspector .markdown').first();
    await documentation.scrollIntoViewIfNeeded();
    await dragOver('.inspector .markdown');
    expect(await selected()).not.toBe('');
  });
});
