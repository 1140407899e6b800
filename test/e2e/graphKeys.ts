/** Keyboard shortcuts of the graph in a real workbench: the contributed ones, those that a person has changed, and none in fields. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext } from 'playwright-core';
import type { Server, Stage } from './stage.ts';
import { until, Workbench } from './workbench.ts';

const example = 'first-network.nn.json';

export function describeGraphKeys(stage: Stage): void {
  describe('Keyboard shortcuts of the graph', function () {
    this.bail(true);
    const workspace = path.join(stage.temporary, 'graph-keys');
    let server: Server;
    let browser: BrowserContext;
    let workbench: Workbench;

    before(async () => {
      mkdirSync(workspace, { recursive: true });
      writeFileSync(
        path.join(workspace, example),
        readFileSync(path.join(stage.root, 'examples', example), 'utf8'),
      );
      server = await stage.startCodeServer({
        vsix: stage.vsix,
        settings: {
          'workbench.colorTheme': 'Dark Modern',
          'editor.autoClosingBrackets': 'never',
          'editor.autoClosingQuotes': 'never',
        },
      });
      browser = await stage.launchBrowser(path.join(stage.temporary, 'graph-keys-profile'));
      workbench = await Workbench.open(browser, server.page(workspace), stage.results);
      await workbench.openFile(example);
      await workbench.node('conv1').waitFor();
    });

    afterEach(async function () {
      if (this.currentTest?.state === 'failed')
        await workbench?.screenshot('graph-keys-failure').catch(() => {});
    });

    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    const selected = (name: string) =>
      workbench.node(name).and(workbench.graph().locator('.selected')).waitFor();

    it('select neighbours, add layers and bypass them with the contributed keys', async () => {
      const { page } = workbench;
      await workbench.node('relu1').click();
      await page.keyboard.press('ArrowUp');
      await selected('conv1');
      await page.keyboard.type('/tanh');
      await page.keyboard.press('Enter');
      await workbench.node('tanh1').waitFor();
      await page.keyboard.press('m');
      await workbench.graph().locator('.react-flow__node.bypassed[data-id="tanh1"]').waitFor();
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
      await workbench.node('conv1').click();
      const list = workbench.graph().getByRole('dialog', { name: 'Keyboard shortcuts of the graph' });
      // VS Code notices a little later that the focus has moved from the field to the graph.
      await until('the list', async () => {
        await page.keyboard.press('Shift+Slash');
        return list.waitFor({ timeout: 5000 }).then(
          () => true,
          () => false,
        );
      });
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
      await page.keyboard.press('Escape');
      await page.locator('.keybindings-editor').waitFor({ state: 'detached' });
      await workbench.rebind([
        { key: 'j', command: 'netloom.addLayer', when: 'netloom.canvasFocus' },
        { key: '/', command: '-netloom.addLayer' },
      ]);
      await workbench.tab(example).click();
      await workbench.node('conv1').click();
      await page.keyboard.press('j');
      await until(
        'the search is open',
        async () => (await workbench.graph().locator('.picker input').count()) === 1,
      );
      await page.keyboard.press('Escape');
    });

    it('break no rule of the content policy and throw no error', () => {
      assert.deepEqual(workbench.violations, []);
    });
  });
}
