/** The inspector: attributes, mistakes and the training section, in a real browser. */
import { describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { Diagnostic } from '../../engine/spec/document.ts';
import { edits, inBrowser, node, open, page, text, until } from './driver.ts';
import { branches, chain, viewOf, withBlock } from './network.ts';
import { epochOfRun } from './running.ts';

inBrowser();

const viewNow = async () => viewOf(await text());

describe('inspector', () => {
  test('an attribute is one edit on Enter; a wrong value says what is expected and changes nothing', async () => {
    await open(chain);
    await node('conv1').click();
    const filters = page.getByLabel('filters (required)');
    await filters.fill('many');
    await filters.press('Enter');
    await page.locator('.form-problem', { hasText: 'a positive integer' }).waitFor();
    expect(await text()).toBe(chain);
    await filters.fill('12');
    await filters.press('Enter');
    await until('it is written', async () => (await text()).includes('"filters": 12'));
    await page.getByText('28×28×12').first().waitFor();
    expect(await edits()).toEqual(['setAttribute']);
  });

  test('a mistake is reported once: at its field if it has one, otherwise in the list', async () => {
    const reported = (message: string) => page.locator('.inspector').getByText(message).count();
    const wrong = chain
      .replace('"from": "image", "filters": 8', '"from": "nope", "filters": 0, "l1": -1')
      .replace('"relu"', '"rule"');
    await open(wrong);
    await node('conv1').click();
    const field = (label: string) =>
      page.locator('.form-field', { has: page.getByLabel(label, { exact: true }) });
    await field('filters (required)').getByText('must be a positive integer, found 0').waitFor();
    await field('What conv1 reads at its input').getByText('there is no layer "nope"').waitFor();
    expect(await field('l1').getByText('found -1').isVisible(), 'its section is unfolded').toBe(true);
    expect([
      await reported('positive integer'),
      await reported('there is no layer'),
      await reported('found -1'),
    ]).toEqual([1, 1, 1]);
    expect(await page.locator('.inspector .problems').count()).toBe(0);
    await node('relu1').click();
    await page.locator('.inspector .problems', { hasText: '"rule"' }).waitFor();
    expect(await reported('"rule"')).toBe(1);
  });

  test('a mistake in the training section is reported at its setting, those of layers in the list', async () => {
    const training =
      '{ "data": "points", "loss": "hinge", "optimizer": "adam", "epochs": 0, "clipNorm": -1 }';
    await open(chain.replace(/\}\s*$/, `, "training": ${training} }`).replace('"units": 10', '"units": 0'));
    await page.locator('.form-problem', { hasText: 'epochs' }).waitFor();
    const listed = await page.locator('.inspector .problems li').allTextContents();
    expect(listed.map((message) => message.split(' ')[0])).toEqual(['logits:']);
    expect(await page.locator('.form-problem', { hasText: 'clipNorm' }).isVisible()).toBe(true);
  });

  test('of many problems the gravest are shown first, and the others on request', async () => {
    const places = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `"${name}": [0, 0]`).join(', ');
    const strays = `, "layout": { ${places} } }`;
    await open(chain.replace(/\}\s*$/, strays).replace('"from": "conv1"', '"from": "nowhere"'));
    const rows = page.locator('.inspector .problems li');
    const more = rows.getByRole('button', { name: /^Show \d+ more$/ });
    await more.waitFor();
    expect(await rows.count()).toBe(5);
    expect(await rows.first().getAttribute('class')).toBe('error');
    expect(await rows.nth(3).getAttribute('class')).not.toBe('error');
    await more.click();
    await more.waitFor({ state: 'detached' });
    expect(await rows.count()).toBeGreaterThan(6);
  });

  test('what the training panel lists is not repeated beside it, unless the panel is hidden', async () => {
    await open(chain);
    const [code, message] = ['relu/dead', 'relu1: all of its units are dead.'];
    const finding = {
      code,
      message,
      severity: 'warning',
      layer: 'relu1',
      path: ['layers', 'relu1'],
    } as const;
    const event = { event: 'finding', step: 1, evidence: { value: 1, limit: 0.5 }, measures: '', ...finding };
    await page.evaluate((events) => window.host.run({ state: 'idle' }, events as TrainingEvent[]), [
      ...epochOfRun,
      event,
    ] as unknown as TrainingEvent[]);
    await page.evaluate((found) => window.host.find([found]), {
      ...finding,
      path: [...finding.path],
      range: { start: 0, end: 1 },
    });
    await page.locator('.run-findings', { hasText: message }).waitFor({ state: 'attached' });
    const repeated = page.locator('.inspector .problems', { hasText: message });
    await repeated.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Hide the training panel', exact: true }).click();
    await repeated.waitFor();
  });

  test('a problem of two copies of a layer is shown twice, and neither outlasts it', async () => {
    await open(withBlock);
    await node('uses').click();
    const rows = page.locator('.inspector .problems li');
    const report = async (...found: readonly (readonly [code: string, copy: number])[]) => {
      const findings = found.map(([code, copy]): Diagnostic => {
        const message = `The ${code} of copy ${copy}.`;
        const place = { path: ['blocks', 'pair', 'conv'], range: { start: 0, end: 1 } };
        return { code, severity: 'warning', message, layer: `uses/${copy}/conv`, ...place };
      });
      await page.evaluate((findings) => window.host.find(findings), findings);
      await rows.filter({ hasText: findings[0].message }).waitFor();
      expect(await rows.allInnerTexts()).toEqual(findings.map(({ message }) => message));
    };
    await report(['a', 1], ['a', 2]);
    await report(['b', 1]);
  });

  test('in a block, an attribute may name a parameter of the block instead of a value', async () => {
    await open(withBlock.replace('"conv"', '"width": { "type": "blockParameter", "default": 1 },\n      $&'));
    await node('uses').click();
    await page.keyboard.press('i');
    await node('conv').click();
    const filters = page.getByLabel('filters (required)');
    await filters.fill('$width');
    await filters.press('Enter');
    await until('it is written', async () => (await text()).includes('"filters": "$width"'));
    await page.locator('.inspector').getByLabel('padding', { exact: true }).selectOption('$width');
    await until('it is written', async () => (await text()).includes('"padding": "$width"'));
    const bias = page.locator('.inspector').getByLabel('useBias', { exact: true });
    await bias.selectOption('$width');
    await until('it is written', async () => (await text()).includes('"useBias": "$width"'));
    await bias.selectOption('false');
    await until('it is written', async () => (await text()).includes('"useBias": false'));
    await filters.fill('$depth');
    await filters.press('Enter');
    await page.locator('.form-problem', { hasText: 'the block pair has no parameter "depth"' }).waitFor();
    await filters.fill('many');
    await filters.press('Enter');
    await page.locator('.form-problem', { hasText: 'a positive integer' }).waitFor();
  });

  test('Backspace and undo in a field belong to the field', async () => {
    await open(chain);
    await node('conv1').click();
    const filters = page.getByLabel('filters (required)');
    await filters.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Control+z');
    expect(await filters.inputValue()).toBe('8');
    expect(await text()).toBe(chain);
    expect(await page.evaluate(() => window.host.commands)).toEqual([]);
  });

  test('with nothing selected the training section is created by choices', async () => {
    await open(chain);
    await page.getByLabel('optimizer (required)').selectOption('adam');
    await until('adam is written', async () => /"optimizer".*adam/.test(await text()));
    await page.getByLabel('loss (required)').selectOption('softmaxCrossEntropy');
    await until('the loss is written', async () => /"loss".*"from": "logits"/.test(await text()));
    const rate = page.getByLabel('learningRate', { exact: true });
    await rate.fill('0.01');
    await rate.press('Enter');
    await until('the rate is written', async () => (await text()).includes('"learningRate": 0.01'));
  });

  test('several losses are rows with output, kind and weight; one is added, changed and removed', async () => {
    const training = '{ "loss": { "type": "meanSquaredError", "from": "logits" }, "optimizer": "adam" }';
    await open(branches.replace(/\}\s*$/, `, "training": ${training} }`).replaceAll('"sum"', '"logits"'));
    const losses = async () => (await viewNow()).training?.loss;
    await page.getByLabel('loss (required)').waitFor();
    // The pointer is elsewhere.
    await page.getByRole('button', { name: 'Add another loss' }).click();
    const row = (place: number) => page.getByRole('group', { name: `Loss ${place}`, exact: true });
    await row(2).waitFor();
    await row(2).getByLabel('The layer whose output').focus();
    await row(2).getByLabel('The layer whose output').selectOption('leftRelu');
    await until('it is written', async () => JSON.stringify(await losses()).includes('leftRelu'));
    await row(2).getByLabel('type (required)').selectOption('meanAbsoluteError');
    await until('it is written', async () => JSON.stringify(await losses()).includes('meanAbsoluteError'));
    const weight = row(2).getByLabel('weight', { exact: true });
    await weight.fill('0.3');
    await weight.press('Enter');
    await until('it is written', async () => JSON.stringify(await losses()).includes('0.3'));
    expect(await losses()).toEqual([
      { type: 'meanSquaredError', from: 'logits' },
      { type: 'meanAbsoluteError', from: 'leftRelu', weight: 0.3 },
    ]);
    await weight.fill('-1');
    await weight.press('Enter');
    await row(2).locator('.form-problem', { hasText: 'found -1' }).waitFor();
    await row(1).getByRole('button', { name: 'Remove loss 1' }).click();
    await page.getByLabel('loss (required)').waitFor();
    expect(await losses()).toEqual({ type: 'meanAbsoluteError', from: 'leftRelu', weight: 0.3 });
  });

  test('a weight that is typed is kept if the next click removes another loss, or adds one', async () => {
    const training =
      '{ "loss": [{ "type": "hinge", "from": "logits" }, { "type": "hinge", "from": "logits" }], "optimizer": "adam" }';
    await open(chain.replace(/\}\s*$/, `, "training": ${training} }`));
    const losses = async () => (await viewNow()).training?.loss;
    const row = (place: number) => page.getByRole('group', { name: `Loss ${place}`, exact: true });
    await row(2).getByLabel('weight', { exact: true }).fill('0.3');
    // Without a moment in which the page could show what the field has set.
    await row(1)
      .getByRole('button', { name: 'Remove loss 1' })
      .evaluate((button: HTMLElement) => {
        button.focus();
        button.click();
      });
    await page.getByLabel('loss (required)').waitFor();
    expect(await losses()).toEqual({ type: 'hinge', from: 'logits', weight: 0.3 });
    await page.getByLabel('weight', { exact: true }).fill('0.5');
    await page.getByRole('button', { name: 'Add another loss' }).evaluate((button: HTMLElement) => {
      button.focus();
      button.click();
    });
    await row(2).waitFor();
    expect(await losses()).toMatchObject([{ weight: 0.5 }, { type: 'hinge' }]);
  });

  test('the control of a loss that is at fault is marked, and no other', async () => {
    const faulty = (loss: string) =>
      open(
        chain.replace(/\}\s*$/, `, "training": { "data": "points", "loss": ${loss}, "optimizer": "adam" } }`),
      );
    const marked = () =>
      page
        .locator('.form-field.kind [aria-invalid="true"]')
        .evaluateAll((controls) => controls.map((control) => control.ariaLabel));
    const from = 'The layer whose output the loss is computed from';
    const right = '{ "type": "hinge", "from": "logits" }';
    for (const [loss, control] of [
      ['{ "type": "hinge", "from": "nope" }', from],
      ['{ "type": "hing", "from": "logits" }', 'loss (required)'],
      ['{ "type": "hinge", "from": "logits", "odd": 1 }', 'loss (required)'],
      ['{ "type": "hinge", "from": "logits", "weight": -1 }', 'weight'],
      [`[${right}, { "type": "hinge", "from": "nope" }]`, from],
      [`[${right}, { "type": "hinge", "from": "logits", "odd": 1 }]`, 'type (required)'],
      [`[${right}, { "type": "hinge", "from": "logits", "weight": -1 }]`, 'weight'],
      [`[${right}, { "type": "hinge", "from": "logits", "target": 1 }]`, 'target'],
    ] as const) {
      await faulty(loss);
      await page.locator('.form-field.kind .form-problem').waitFor();
      expect({ loss, marked: await marked() }).toEqual({ loss, marked: [control] });
    }
  });

  test('a mistake in one of several losses is reported in its row', async () => {
    const training =
      '{ "data": "points", "loss": [{ "type": "hinge", "from": "logits" }, { "type": "hinge", "from": "nope" }], "optimizer": "adam" }';
    await open(chain.replace(/\}\s*$/, `, "training": ${training} }`));
    const second = page.getByRole('group', { name: 'Loss 2', exact: true });
    await second.locator('.form-problem', { hasText: 'nope' }).waitFor();
    expect(await page.locator('.form-problem', { hasText: 'nope' }).count()).toBe(1);
  });
});
