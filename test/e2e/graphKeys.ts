/** Keyboard shortcuts of the graph in a real workbench: the contributed ones, those that a person has changed, and none in fields. */
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { reaction, worked } from './quickInput.ts';
import { inSequence } from './sequence.ts';
import { until } from './until.ts';
import { inWindow, type Windows } from './windows.ts';
import type { Workbench } from './workbench.ts';

const example = 'first-network.nn.json';

export function describeGraphKeys(windows: Windows): void {
  describe('Keyboard shortcuts of the graph', function () {
    inSequence(this);
    let workbench: Workbench;

    const files = { [example]: windows.example(example) };
    const settings = { 'editor.autoClosingBrackets': 'never', 'editor.autoClosingQuotes': 'never' };
    inWindow(windows, 'graph-keys', { files, settings }, (opened) => {
      workbench = opened;
    });

    before(async () => {
      await workbench.openFile(example);
      await workbench.node('conv1').waitFor();
    });

    /** Clicks a card and presses a key until `done`: VS Code notices a little later that the focus has moved to the graph. */
    const pressAt = (card: string, key: string, done: Locator) =>
      until(`${key} at ${card} has its effect`, async () => {
        if (await done.isVisible()) return true;
        if (!(await worked(workbench.node(card).click({ timeout: reaction })))) return false;
        await workbench.page.keyboard.press(key);
        return worked(done.waitFor({ timeout: reaction }));
      });

    it('select neighbours, add layers and bypass them with the contributed keys', async () => {
      const { page } = workbench;
      const selected = workbench.node('conv1').and(workbench.graph().locator('.selected'));
      await pressAt('relu1', 'ArrowUp', selected);
      await page.keyboard.type('/tanh');
      await page.keyboard.press('Enter');
      await workbench.node('tanh1').waitFor();
      const bypassed = workbench.graph().locator('.react-flow__node.bypassed[data-id="tanh1"]');
      await pressAt('tanh1', 'm', bypassed);
      await page.keyboard.press('Delete');
      await workbench.node('tanh1').waitFor({ state: 'detached' });
    });

    it('type characters in a field of the inspector, where F1 still belongs to VS Code', async () => {
      const { page } = workbench;
      await workbench.node('conv1').click();
      const field = workbench.graph().getByLabel('name', { exact: true });
      await field.fill('');
      await field.pressSequentially('mx/1');
      assert.equal(await field.inputValue(), 'mx/1');
      await field.press('Escape');
      await page.keyboard.press('F1');
      await page.locator('.quick-input-widget input.input').waitFor();
      await page.keyboard.press('Escape');
    });

    it('are listed by ?, and shown in the keyboard shortcuts of VS Code', async () => {
      const { page } = workbench;
      const list = workbench.graph().getByRole('dialog', { name: 'Keyboard shortcuts of the graph' });
      await pressAt('conv1', 'Shift+Slash', list);
      await list.getByText('Add Layer…').waitFor();
      await workbench.screenshot('keys-dark');
      await list.getByRole('button', { name: 'Change keys…' }).click();
      await page
        .locator('.keybindings-editor .monaco-list-row', { hasText: 'Bypass or Restore Layers' })
        .first()
        .waitFor();
    });

    it('do what a person has bound to them', async () => {
      const { page } = workbench;
      // The list of shortcuts covers the editors.
      const shortcuts = page.locator('.keybindings-editor');
      await until('Escape closes the list', async () => {
        await page.keyboard.press('Escape');
        return worked(shortcuts.waitFor({ state: 'detached', timeout: reaction }));
      });
      await workbench.rebind([
        { key: 'j', command: 'netloom.addLayer', when: 'netloom.canvasFocus' },
        { key: '/', command: '-netloom.addLayer' },
      ]);
      await workbench.tab(example).click();
      // VS Code reads the keys a little later than they are saved.
      await pressAt('conv1', 'j', workbench.graph().locator('.picker input'));
      await page.keyboard.press('Escape');
    });

    it('act on the graph also when VS Code has not noticed that it has the focus', async () => {
      const { page } = workbench;
      await workbench.command('Netloom: Open Text to the Side');
      await workbench.clickLine('"conv2"');
      await workbench.clickCanvas();
      await workbench.settled();
      await workbench.graphTakesFocus();
      await workbench.clickCanvas();
      await page.keyboard.press('Control+Z');
      await workbench.node('tanh1').waitFor();
      await page.keyboard.press('Control+Shift+Z');
      await workbench.node('tanh1').waitFor({ state: 'detached' });
    });

    it('break no rule of the content policy and throw no error', () => {
      assert.deepEqual(workbench.violations, []);
    });
  });
}
