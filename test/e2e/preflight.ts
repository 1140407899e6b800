/** Pre-flight checks as a person uses them: the command, the notification, and the Test Explorer. */
import { preflightChecks } from '../../engine/preflight/registry.ts';
import { until } from './until.ts';
import { inWindow, type Windows } from './windows.ts';
import type { Workbench } from './workbench.ts';

const healthy = 'healthy.nn.json';
const sick = 'sick.nn.json';

/** A learning rate with which nothing is learned. */
const sickNetwork = `{
  "layers": {
    "point": { "type": "input", "shape": [2] },
    "hidden": { "type": "dense", "from": "point", "units": 8 },
    "tanh": { "type": "tanh", "from": "hidden" },
    "logits": { "type": "dense", "from": "tanh", "units": 2 }
  },
  "training": {
    "data": { "type": "points" },
    "loss": { "type": "softmaxCrossEntropy", "from": "logits" },
    "optimizer": { "type": "adam", "learningRate": 1e-9 }
  }
}
`;

export function describePreflight(windows: Windows): void {
  describe('Pre-flight checks', () => {
    let workbench: Workbench;

    const files = { [healthy]: windows.example('first-network.nn.json'), [sick]: sickNetwork };
    inWindow(windows, 'preflight', { files }, (opened) => {
      workbench = opened;
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
      const toast = workbench.page.locator('.notification-toast', { hasText: 'these have not changed' });
      await toast.getByText('Show Results').click();
      const { title } = preflightChecks.find(({ key }) => key === 'everyParameterMoves')!;
      await workbench.page
        .locator('.test-explorer .monaco-list-row.focused, .test-explorer .monaco-list-row.selected', {
          hasText: title,
        })
        .first()
        .waitFor();
      await workbench.screenshot('preflight-failed-dark');
    });
  });
}
