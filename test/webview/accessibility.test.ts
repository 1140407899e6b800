/** axe finds no violation of any severity in the page, in all its states, in the default themes of VS Code, light and dark, with high contrast and without, and in Solarized Dark. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { writeEvent } from '../../engine/protocol/eventText.ts';
import { inBrowser, node, open, page, paletteItem } from './driver.ts';
import { chain, withBlock } from './network.ts';
import { bodyClass, type ThemeName } from './themes.ts';
import { trial } from './trialEvent.ts';

inBrowser();

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

declare global {
  interface Window {
    axe: { run(context: object, options: object): Promise<AxeResults> };
  }
}

/** The violations of all rules, or only of those that depend on colours. */
async function violations(onlyColours: boolean): Promise<string[]> {
  const { violations } = await page.evaluate(
    (onlyColours) =>
      window.axe.run(
        // The attribution of the canvas library is a link to its page.
        { exclude: ['.react-flow__attribution'] },
        {
          resultTypes: ['violations'],
          ...(onlyColours ? { runOnly: { type: 'rule', values: ['color-contrast'] } } : {}),
        },
      ),
    onlyColours,
  );
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id} (${impact}): ${html.slice(0, 160)} ${failureSummary}`),
  );
}

const others: readonly ThemeName[] = ['light', 'highContrast', 'highContrastLight', 'solarized'];

async function use(theme: ThemeName): Promise<void> {
  await page.evaluate(
    async ({ theme, bodyClass }) => {
      const sheet = document.querySelector<HTMLLinkElement>('link[href^="theme.css"]')!;
      const loaded = new Promise((done) => sheet.addEventListener('load', done, { once: true }));
      sheet.href = `theme.css?${theme}`;
      await loaded;
      document.body.className = bodyClass;
    },
    { theme, bodyClass: bodyClass(theme) },
  );
}

const found: string[] = [];

/** Records the violations in the current state: of all rules in the dark theme, of rules about colours in others. */
async function look(state: string, themes: readonly ThemeName[] = []): Promise<void> {
  found.push(...(await violations(false)).map((violation) => `${state}, dark: ${violation}`));
  for (const theme of themes) {
    await use(theme);
    found.push(...(await violations(true)).map((violation) => `${state}, ${theme}: ${violation}`));
  }
  if (themes.length > 0) await use('dark');
}

const run = [
  {
    event: 'plan',
    ...{ parameters: 10, memoryBytes: 10, backend: 'reference', trainSamples: 100, testSamples: 10 },
    ...{ batchSize: 10, stepsPerEpoch: 10, epochs: 2 },
    warnings: [{ code: 'data/doubt', message: 'The last batch has one row.', path: [] }],
  },
  {
    event: 'step',
    ...{ step: 10, epoch: 1, loss: 2, metrics: { accuracy: 0.1 }, samplesPerSecond: 1000 },
    points: [{ step: 10, loss: 2, metrics: { accuracy: 0.1 } }],
  },
  {
    event: 'epoch',
    ...{ epoch: 1, step: 10, seconds: 1, penalty: 0.1 },
    train: { loss: 1, accuracy: 0.5 },
    test: { loss: 0.9, accuracy: 0.6 },
  },
  {
    event: 'stats',
    step: 10,
    layers: {
      conv1: { mean: 0, std: 0.3, min: -1, max: 1, gradNorm: 1e-9, gradRms: 1e-10, updateRatio: 0.5 },
      relu1: { mean: 0, std: 0.3, min: 0, max: 1, zeroFraction: 0.99, deadFraction: 0.9 },
      logits: { mean: 0, std: 0.3, min: -1, max: 1, gradNorm: 1, gradRms: 0.1, updateRatio: 1e-3 },
    },
  },
  {
    event: 'detail',
    step: 10,
    layers: {
      relu1: {
        activationHistogram: {
          ...{ scale: 'linear', low: 0, high: 1, zeros: 4, notFinite: 0 },
          counts: Array.from({ length: 32 }, (_, bin) => 32 - bin),
        },
      },
    },
  },
  {
    event: 'finding',
    ...{ code: 'relu/dead', severity: 'warning', layer: 'relu1', step: 10, path: ['layers', 'relu1'] },
    evidence: { value: 0.9, limit: 0.5 },
    message: 'relu1: 90 % of the units are dead.',
  },
] as unknown as TrainingEvent[];

test('no state of the page has a violation of any severity', async () => {
  await open(chain);
  await node('conv1').waitFor();
  await page.evaluate(axe);
  await look('at rest');
  await page.evaluate((events) => window.host.run({ state: 'running', task: 'train' }, events), run);
  await page.locator('.chart canvas').nth(1).waitFor();
  await node('relu1').locator('.health-mark').waitFor();
  await look('training');
  await node('relu1').click();
  await page.locator('.drawing').first().waitFor();
  await look('a layer looked into', others);
  await page.getByRole('slider', { name: 'Step whose statistics are shown' }).press('Home');
  await page.locator('.replay-mark').waitFor();
  await look('a replay', others);
  await page.getByRole('button', { name: 'Live', exact: true }).click();
  await node('relu1').click({ button: 'right' });
  await page.locator('.context-menu').waitFor();
  await look('context menu');
  await page.keyboard.press('Escape');
  const states = [
    ['showLayerTable', '.layer-table'],
    ['showKeys', '.key-groups'],
    ['findLayer', '.picker'],
    ['addLayer', '.picker'],
  ] as const;
  for (const [action, element] of states) {
    await page.evaluate((action) => window.host.act(action), action);
    await page.locator(element).waitFor();
    await look(action, action === 'addLayer' ? others : []);
    await page.keyboard.press('Escape');
    await page.locator(element).waitFor({ state: 'detached' });
  }
  await page.evaluate(() =>
    window.host.change(window.host.text.replace('"type": "relu"', '"type": "relu", "bypass": true')),
  );
  await page.locator('.bypassed').waitFor();
  await look('a bypassed layer', others);
  await page.evaluate(() => window.host.change(window.host.text.replace('"filters": 8', '"filters": "x"')));
  await page.locator('.layer-card.error').first().waitFor();
  await look('a mistake', others);
  await page.evaluate(() => window.host.change(window.host.text.replace('"relu1": {', '"relu1": {{')));
  await page.locator('.banner.error').waitFor();
  await look('a text that cannot be read');

  await page.evaluate((text) => window.host.change(text), withBlock);
  await node('uses').waitFor();
  await look('a block');
  await page.evaluate(() => window.host.act('unfoldAllBlocks'));
  await node('uses/2/conv').click();
  await look('unfolded blocks', others);
  await page.evaluate(() => window.host.act('enterBlock'));
  await page.locator('.trail').waitFor();
  await look('inside of a block');
  await page.evaluate(() => window.host.change(''));
  await page.locator('.empty-state').waitFor();
  await look('an empty network');
  await paletteItem('tanh').hover();
  await page.locator('.kind-card').waitFor();
  await look('the documentation of a kind', others);
  await paletteItem('maxPool2d').hover();
  await page.locator('.kind-card code').first().waitFor();
  await look('a documentation with code', others);
  await page.evaluate((text) => window.host.change(text), chain);
  await node('conv1').waitFor();
  await page.evaluate(
    (event) => window.host.trial({ state: 'done', event, stale: false }),
    writeEvent(trial),
  );
  await page.getByText(trial.verdict).waitFor();
  await look('a trial', others);
  expect(found).toEqual([]);
}, 240_000);
