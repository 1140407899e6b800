/** Pre-flight checks as a person uses them: the command, the notification, and the Test Explorer. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { preflightChecks } from '../../engine/preflight/registry.ts';
import type { Server, Stage } from './stage.ts';
import { until } from './until.ts';
import { Workbench } from './workbench.ts';

const healthy = 'healthy.nn.json';
const sick = 'sick.nn.json';

export function describePreflight(stage: Stage): void {
  describe('Pre-flight checks', () => {
    const workspace = path.join(stage.temporary, 'preflight');
    let server: Server;
    let browser: BrowserContext;
    let workbench: Workbench;

    before(async () => {
      const text = readFileSync(path.join(stage.root, 'examples', 'first-network.nn.json'), 'utf8');
      mkdirSync(workspace, { recursive: true });
      writeFileSync(path.join(workspace, healthy), text);
      writeFileSync(
        path.join(workspace, sick),
        text.replace(/"learningRate": [\d.]+/, '"learningRate": 1e-9'),
      );
      server = await stage.startCodeServer({
        vsix: stage.vsix,
        settings: { 'workbench.colorTheme': 'Dark Modern' },
      });
      browser = await stage.launchBrowser(path.join(stage.temporary, 'preflight-profile'));
      workbench = await Workbench.open(browser, server.page(workspace), stage.results);
    });

    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await workbench?.keepFailure('preflight-failure');
    });

    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    const rows = () =>
      workbench.page
        .locator('.test-explorer .monaco-list-row')
        .evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));

    it('pass for the first example, and the Test Explorer shows each', async () => {
      const { page } = workbench;
      await workbench.openFile(healthy);
      await workbench.node('logits').waitFor();
      await workbench.command('Testing: Focus on Test Explorer View');
      await workbench.openFile(healthy);
      await workbench.command('Netloom: Run Pre-flight Checks');
      await page.locator('.notification-toast', { hasText: 'passed all pre-flight checks' }).waitFor();
      const network = page.locator('.test-explorer .monaco-list-row', { hasText: 'healthy' }).first();
      await until('every check is listed as passed', async () => {
        const listed = await rows();
        // The list is drawn again when results arrive, and may lose the focus.
        if (listed.every((row) => !row.includes(preflightChecks[0].title))) {
          await network.click();
          await page.keyboard.press('ArrowRight');
        }
        return preflightChecks.every(({ title }) =>
          listed.some((row) => row.includes(title) && row.includes('Passed')),
        );
      });
      await workbench.screenshot('preflight-passed-dark');
    });

    it('report the check that failed, with advice', async () => {
      await workbench.openFile(sick);
      await workbench.command('Netloom: Run Pre-flight Checks');
      const toast = workbench.page.locator('.notification-toast', { hasText: 'stayed at' });
      await toast.getByText('Show Results').waitFor();
      await workbench.screenshot('preflight-failed-dark');
    });
  });
}
