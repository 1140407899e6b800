/** Follows "The first five minutes" of README.md literally, and checks what each step says that a person then sees. */
import assert from 'node:assert/strict';
import { inSequence } from './sequence.ts';
import { until } from './until.ts';
import { inWindow, type Windows } from './windows.ts';
import type { Workbench } from './workbench.ts';

const example = 'first-network.nn.json';

export function describeFiveMinutes(windows: Windows): void {
  describe('The first five minutes of the README', function () {
    inSequence(this);
    let workbench: Workbench;
    let text = windows.example(example);

    const settings = {
      'editor.autoClosingBrackets': 'never',
      'editor.autoClosingQuotes': 'never',
      'editor.autoSurround': 'never',
    };
    inWindow(windows, 'five-minutes', { files: { [example]: text }, settings }, (opened) => {
      workbench = opened;
    });

    const train = async () => {
      const state = workbench.graph().locator('.training .run-state');
      await workbench.graph().getByRole('button', { name: 'Train', exact: true }).click();
      await workbench.graph().getByRole('button', { name: 'Stop' }).waitFor();
      await state.filter({ hasText: 'Finished' }).waitFor();
    };

    const badge = (layer: string, statistic: string) => workbench.node(layer).locator(`.badge-${statistic}`);

    const marks = (state: string) => workbench.graph().locator(`.react-flow__node .health-mark.${state}`);

    /** Writes the line of a layer or a setting again. Lines that the window shows have hints, so it is taken from the file. */
    async function rewrite(part: string, from: string, to: string): Promise<void> {
      const line = text.split('\n').find((one) => one.includes(part))!;
      assert.ok(line.includes(from), line);
      const changed = line.replace(from, to);
      text = text.replace(line, changed);
      await workbench.clickLine(part);
      await workbench.page.keyboard.press('End');
      await workbench.page.keyboard.press('Shift+Home');
      await workbench.page.keyboard.insertText(changed.trim());
      await until(`the text says ${to}`, async () =>
        (await workbench.textLines()).some((one) => one.includes(changed.trim())),
      );
    }

    it('1: the example opens as a graph', async () => {
      await workbench.openFile(example);
      await workbench.node('logits').waitFor();
    });

    it('2: Train shows curves, and statistics that explain themselves', async () => {
      await train();
      const curves = workbench.graph().locator('.chart canvas');
      await curves.nth(1).waitFor();
      assert.equal(await curves.count(), 2);
      for (const layer of ['conv1', 'conv2', 'logits']) {
        const shown = await workbench.node(layer).locator('.badge-label').allTextContents();
        assert.deepEqual(shown.toSorted(), ['Δ', 'θ', 'σ', '∇'].toSorted());
      }
      assert.match(await badge('relu1', 'zeroFraction').innerText(), /zero\s*\d+\s%/);
      assert.match((await badge('conv1', 'updateRatio').getAttribute('title')) ?? '', /^Update ratio: .*\n./);
    });

    it('3: the text beside it has the statistics, and the graph follows "filters": 16', async () => {
      await workbench.command('Netloom: Open Text to the Side');
      await until('statistics beside all lines of layers', async () => {
        const { begin } = await workbench.statisticsInView();
        return begin >= 9;
      });
      await rewrite('"conv1": {', '"filters": 8', '"filters": 16');
      await workbench.node('conv1').locator('.layer-shape', { hasText: '28×28×16' }).waitFor();
    });

    it('4: a Dropout from under the shield is inserted into a connection, and Ctrl+Z removes it', async () => {
      const { page } = workbench;
      const names = await workbench.nodeNames();
      await workbench.graph().getByRole('button', { name: 'Regularization' }).click();
      const item = workbench.graph().locator('[data-layer-type="dropout"]');
      await item.waitFor();
      await workbench.settled();
      const [above, below] = await Promise.all(
        ['pool1', 'conv2'].map(async (layer) => (await workbench.node(layer).boundingBox())!),
      );
      await workbench.drag(await workbench.centre(item), {
        x: below.x + below.width / 2,
        y: (above.y + above.height + below.y) / 2,
      });
      await workbench.node('dropout1').waitFor();
      await until('conv2 reads it', async () => {
        const lines = await workbench.textLines();
        const line = (name: string) => lines.find((one) => one.includes(`"${name}": {`)) ?? '';
        return line('dropout1').includes('"from": "pool1"') && line('conv2').includes('"from": "dropout1"');
      });
      await page.keyboard.press('Control+Z');
      await workbench.node('dropout1').waitFor({ state: 'detached' });
      assert.deepEqual((await workbench.nodeNames()).sort(), names.sort());
    });

    it('5: with a learning rate of 0.5 units die, which leakyRelu prevents', async () => {
      await rewrite('"learningRate"', '0.004', '0.5');
      await train();
      await marks('dead').first().waitFor();
      await workbench.graph().locator('.badge-updateRatio.bad').first().waitFor();
      // The findings: on the cards, and in the gutter of the text.
      await workbench.graph().locator('.react-flow__node .layer-problem').first().waitFor();
      await workbench.page
        .locator('.monaco-editor .cgmr[class*="TextEditorDecorationType"]')
        .first()
        .waitFor();
      await workbench.screenshot('five-minutes-dead');
      for (const layer of ['relu1', 'relu2']) await rewrite(`"${layer}": {`, '"relu"', '"leakyRelu"');
      await train();
      await marks('dead').first().waitFor({ state: 'detached' });
    });

    it('6: the slider shows an earlier step, and Live returns to the newest one', async () => {
      const mark = workbench.graph().locator('.replay-mark', { hasText: 'Replay, step 1' });
      const now = await badge('conv1', 'std').innerText();
      await workbench.graph().getByRole('slider', { name: 'Step whose statistics are shown' }).press('Home');
      await mark.waitFor();
      await until('another statistic', async () => (await badge('conv1', 'std').innerText()) !== now);
      await workbench.graph().getByRole('button', { name: 'Live', exact: true }).click();
      await mark.waitFor({ state: 'detached' });
      assert.equal(await badge('conv1', 'std').innerText(), now);
      assert.deepEqual(workbench.violations, []);
    });
  });
}
