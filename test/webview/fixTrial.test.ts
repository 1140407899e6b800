/** Fixes of findings in the panel of a run: those that are offered, in the text or on trial. */
import { describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { writeEvent } from '../../engine/protocol/eventText.ts';
import { compareAlternatives } from '../../engine/trials/holdsBack.ts';
import { repair } from '../../engine/trials/repair.ts';
import { trial } from '../../engine/trials/trial.ts';
import { straight } from '../fixtures/straight.ts';
import { inBrowser, node, open, page, until } from './driver.ts';
import { only, ran, trained } from './trainedEvents.ts';

/** A learning rate that is too low, and a softmax before a loss that applies its own. */
const sick = `{ "layers": {
  "point": { "type": "input", "shape": [2] },
  "hidden": { "type": "dense", "from": "point", "units": 8 },
  "bend": { "type": "tanh", "from": "hidden" },
  "scores": { "type": "dense", "from": "bend", "units": 2 },
  "answer": { "type": "softmax", "from": "scores" } },
  "training": { "data": { "type": "points", "samples": 200, "testSamples": 50 },
    "loss": { "type": "softmaxCrossEntropy", "from": "answer" },
    "optimizer": { "type": "adam", "learningRate": 1e-9 }, "batchSize": 20, "epochs": 4 } }`;

inBrowser();

describe('a fix on trial', () => {
  const panel = () => page.getByRole('region', { name: 'Training' });
  const row = async (name: string) =>
    panel().getByRole('row').filter({ hasText: name }).getByRole('cell').allInnerTexts();

  it('is requested beside the fix, can be cancelled, and shows both trainings with the choice to keep it', async () => {
    const events = await trained(sick);
    const tried = only('trial', await ran(trial, { task: 'try', text: sick, code: 'update/tooSmall' }));
    await open(sick);
    await page.evaluate((events) => window.host.run({ state: 'idle' }, events), events);
    await panel()
      .getByRole('listitem')
      .filter({ hasText: 'learning rate' })
      .getByText('Try', { exact: true })
      .click();
    await page.evaluate(() =>
      window.host.trial({
        state: 'running',
        task: 'try',
        doing: 'Training with the fix',
        step: 20,
        steps: 40,
      }),
    );
    await panel().getByText('Training with the fix · step 20').waitFor();
    await panel().getByRole('button', { name: 'Cancel' }).click();
    await page.evaluate(
      (event) => window.host.trial({ state: 'done', event, stale: false }),
      writeEvent(tried),
    );
    await panel().getByText(tried.verdict).waitFor();
    expect(await row('Largest update ratio (limit')).toHaveLength(2);
    expect(await row('Loss (train)')).not.toEqual(await row('Loss (test)'));
    await panel().getByRole('img', { name: 'Loss over the steps of the trial' }).waitFor();
    await panel().getByRole('button', { name: 'Keep' }).click();
    await page.evaluate(() => window.host.trial({ state: 'kept' }));
    expect(await panel().getByRole('button', { name: 'Continue' }).count()).toBe(0);
    // The findings of the text before the fix offer no fix again.
    await panel().getByRole('list', { name: 'Findings' }).waitFor();
    expect(await panel().getByText('Try', { exact: true }).count()).toBe(0);
    await panel().getByRole('button', { name: 'Train Again' }).click();
    const sent = await page.evaluate(() => [window.host.tried, window.host.decisions, window.host.commands]);
    expect(sent).toEqual([['update/tooSmall'], ['cancel', 'keep', 'discard'], ['train']]);
    expect(await page.evaluate(() => window.host.edits)).toEqual([]);
  });

  it('that was applied is marked as in the text until it is undone', async () => {
    const fix = {
      title: 'Set "learningRate" to 0.01',
      edit: { kind: 'setTraining', path: ['optimizer', 'learningRate'], value: 0.01 },
    };
    const found = {
      code: 'update/tooSmall',
      severity: 'warning',
      step: 1,
      path: [],
      message: 'Too slow.',
      fix,
    };
    await open(sick);
    await page.evaluate(
      (events) => window.host.run({ state: 'idle' }, events),
      [
        ...(await trained(sick)).filter(({ event }) => event === 'plan'),
        { event: 'finding', ...found, evidence: { value: 1, limit: 2 } } as TrainingEvent,
        { event: 'end', reason: 'finished', step: 40 } as const,
      ],
    );
    const repairButton = panel().getByRole('button', { name: 'Repair' });
    await panel().getByRole('button', { name: 'Find What Holds It Back' }).waitFor();
    expect((await repairButton.boundingBox())!.height, 'its word is in one line').toBeLessThan(28);
    const button = panel().getByRole('button', { name: fix.title, exact: true });
    await button.click();
    await panel().getByText('In the text').waitFor();
    expect(await button.count()).toBe(0);
    await until('the focus stays there', () =>
      page.evaluate(() => document.activeElement?.textContent === 'In the text'),
    );
    await node('point').click();
    await page.keyboard.press('Control+z');
    await button.waitFor();
    await page.keyboard.press('Control+y');
    await panel().getByText('In the text').waitFor();
  });

  it('is not offered for a finding of another text, which says so; a place of a card and other fixes do not count', async () => {
    const fixOf = (path: readonly string[], value: number) => ({
      title: `Set "${path.at(-1)}" to ${value}`,
      edit: { kind: 'setTraining', path, value } as const,
    });
    const fixes = [fixOf(['optimizer', 'learningRate'], 0.01), fixOf(['clipNorm'], 5)];
    const found = { severity: 'warning', step: 1, path: [], evidence: { value: 1, limit: 2 } } as const;
    await open(sick);
    await page.evaluate(
      (events) => window.host.run({ state: 'idle' }, events),
      [
        ...(await trained(sick)).filter(({ event }) => event === 'plan'),
        ...fixes.map((fix, index) => ({
          ...({
            event: 'finding',
            ...found,
            code: ['update/tooLarge', 'gradient/exploding'][index],
          } as const),
          ...{ message: `Finding ${index}.`, fix },
        })),
        { event: 'end', reason: 'finished', step: 40 } as const,
      ],
    );
    const [rate, clip] = fixes.map(({ title }) => panel().getByRole('button', { name: title, exact: true }));
    const change = (text: string) => page.evaluate((text) => window.host.change(text), text);
    const moved = sick.replace(/\}\s*$/, ', "layout": { "point": [40, 0] } }');
    await change(moved);
    await rate.click();
    await panel().getByText('In the text').waitFor();
    await clip.waitFor();
    const withFix = await page.evaluate(() => window.host.text);
    await change(sick.replace('"units": 2', '"units": 3'));
    await panel().getByText('Finding 0. Found at step 1. The network has changed since.').waitFor();
    for (const gone of [rate, clip, panel().getByText('Try', { exact: true })])
      expect(await gone.count()).toBe(0);
    expect(await panel().getByRole('button', { name: 'Repair' }).count()).toBe(0);
    await panel().getByRole('button', { name: 'Find What Holds It Back' }).waitFor();
    await change(withFix);
    await clip.waitFor();
    expect(await panel().getByText('The network has changed since.').count()).toBe(0);
  });

  it('of a mistake that is no longer in the text is not offered', async () => {
    await open(sick);
    const fix = {
      title: 'Set "units" to 5',
      edit: { kind: 'setAttribute', layer: 'scores', attribute: 'units', value: 5 } as const,
    };
    await page.evaluate(
      (events) => window.host.run({ state: 'idle' }, events),
      [{ event: 'end', reason: 'failed', step: 0, message: 'scores: has 10 outputs', fix } as const],
    );
    await panel().getByRole('button', { name: fix.title }).waitFor();
    await page.evaluate(() => window.host.change(window.host.text.replace('"units": 2', '"units": 3')));
    await panel().getByText('The network has changed since.').waitFor();
    expect(await panel().getByRole('button', { name: fix.title }).count()).toBe(0);
  });

  it('of a mistake by which a run failed is beside the reason', async () => {
    await open(sick);
    const fix = {
      title: 'Set "units" to 5',
      edit: { kind: 'setAttribute', layer: 'scores', attribute: 'units', value: 5 },
    };
    await page.evaluate(
      (events) => window.host.run({ state: 'idle' }, events),
      [{ event: 'end', reason: 'failed', step: 0, message: 'scores: has 10 outputs', fix } as TrainingEvent],
    );
    await panel().getByRole('button', { name: fix.title }).click();
    await panel().getByText('In the text').waitFor();
    expect(await page.evaluate(() => window.host.text)).toContain('"units": 5 }');
    await panel().getByText('The network has changed since.').waitFor();
  });

  it('of a repair shows its path, and cannot be kept in a text that has changed since', async () => {
    const repaired = only('repair', await ran(repair, { task: 'repair', text: sick }));
    await open(sick);
    const show = (stale: boolean) =>
      page.evaluate(([event, stale]) => window.host.trial({ state: 'done', event, stale }), [
        writeEvent(repaired),
        stale,
      ] as const);
    await show(true);
    await panel().getByText('The text has changed since then. Undo, or try again.').waitFor();
    expect(await panel().getByRole('button', { name: 'Keep' }).count()).toBe(0);
    const path = await panel()
      .getByRole('list', { name: 'Fixes that were tried' })
      .getByRole('listitem')
      .allInnerTexts();
    expect(path[0]).toMatch(/^Helps: Remove "answer"\. The fix clears the finding\./);
    expect(path[1]).toMatch(/^Helps: Set "learningRate" to 0\.001/);
    await show(false);
    await panel().getByRole('button', { name: 'Discard' }).click();
    expect(await page.evaluate(() => window.host.decisions)).toEqual(['discard']);
  });

  it('of comparisons is offered after a run without a cause, and lists the changes, those that help first', async () => {
    const compared = only('comparison', await ran(compareAlternatives, { task: 'compare', text: straight }));
    await open(straight);
    await page.evaluate(() =>
      window.host.run({ state: 'idle' }, [{ event: 'end', reason: 'finished', step: 400 }]),
    );
    await panel().getByText('No findings').waitFor();
    await panel().getByRole('button', { name: 'Find What Holds It Back' }).click();
    await page.evaluate(
      (event) => window.host.trial({ state: 'done', event, stale: false }),
      writeEvent(compared),
    );
    const rows = panel().getByRole('list', { name: 'Changes that were tried' }).getByRole('listitem');
    await rows.first().waitFor();
    const texts = await rows.allInnerTexts();
    expect(texts).toHaveLength(compared.attempts.length);
    expect(texts[0]).toMatch(
      /^Clearly better: Add a hidden layer of 32 units after "point"\. \d+\.\d\d\s% instead of \d+\.\d\d\s%\.$/,
    );
    expect(texts.at(-1)).toMatch(
      /^.+\. Not clearly better: the test score \(Accuracy\) is \d+\.\d\d\s% instead of \d+\.\d\d\s%\.$/,
    );
    for (const { outcome, fix, verdict } of compared.attempts)
      if (outcome !== 'kept') expect(texts).toContain(`${fix.title}. ${verdict}`);
    await panel().getByRole('button', { name: 'Keep' }).click();
    expect(await page.evaluate(() => [window.host.commands, window.host.decisions])).toEqual([
      ['findWhatHoldsBack'],
      ['keep'],
    ]);
    const { fix: _, ...unchanged } = { ...compared, after: compared.before };
    await page.evaluate(
      (event) => window.host.trial({ state: 'done', event, stale: false }),
      writeEvent(unchanged),
    );
    await panel().getByText('Nothing to keep').waitFor();
    expect(await row('Steps'), 'the one training, and how long it was').toEqual([`${compared.before.steps}`]);
    expect(await panel().getByText('with fix').count()).toBe(0);
    await panel().getByRole('img', { name: 'Loss over the steps of the trial', exact: true }).waitFor();
  });
});
