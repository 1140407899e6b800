/** Follows the walkthrough literally: its buttons act on the open network, and a step is ticked when it has succeeded. */
import assert from 'node:assert/strict';
import { inSequence } from './sequence.ts';
import { until } from './until.ts';
import { inWindow, type Windows } from './windows.ts';
import type { Workbench } from './workbench.ts';

const title = 'Draw and train a neural network';

/** A network that is trained before the walkthrough is opened. */
const earlier = 'earlier.nn.json';
const network = `{
  "layers": {
    "point": { "type": "input", "shape": [2] },
    "scores": { "type": "dense", "from": "point", "units": 2 }
  },
  "training": {
    "data": { "type": "points", "samples": 40, "testSamples": 10 },
    "loss": { "type": "softmaxCrossEntropy", "from": "scores" },
    "optimizer": "sgd",
    "epochs": 1
  }
}
`;

export function describeWalkthrough(windows: Windows): void {
  describe('The walkthrough', function () {
    inSequence(this);
    let workbench: Workbench;

    // Without animation, VS Code focuses a step as soon as it is opened. With it, the focus comes later, when a picker may be open.
    const settings = { 'workbench.welcomePage.preferReducedMotion': true };
    inWindow(windows, 'walkthrough', { settings, files: { [earlier]: network } }, (opened) => {
      workbench = opened;
    });

    /** Opens the walkthrough and one of its steps. */
    async function openStep(step: string): Promise<void> {
      const { page } = workbench;
      const button = page.locator('.getting-started-step', { hasText: step });
      if (!(await button.isVisible())) await workbench.walkthrough(title);
      await button.click();
    }

    const press = (step: string, name: string) =>
      workbench.page
        .locator('.getting-started-step', { hasText: step })
        .locator('.monaco-button', { hasText: name })
        .click();

    const isTicked = async (step: string) =>
      (await workbench.page
        .locator('.getting-started-step', { hasText: step })
        .locator('.codicon-getting-started-step-checked')
        .count()) === 1;
    const ticked = (step: string) => until(`the step "${step}" is ticked`, () => isTicked(step));

    it('is opened by a person who has trained a network and seen its text before, and can still be completed', async () => {
      await workbench.openFile(earlier);
      await workbench.node('scores').waitFor();
      await workbench.command('Netloom: Train');
      await workbench.graph().locator('.training', { hasText: 'Finished' }).waitFor();
      await workbench.command('Netloom: Open Text to the Side');
      await until('the text', async () => (await workbench.textLines()).length > 5);
      await workbench.command('View: Close All Editors');
      await workbench.command('Notifications: Clear All Notifications');
    });

    it('does not tick Train while there is nothing to train', async () => {
      await openStep('Train it');
      await press('Train it', 'Train');
      await workbench.page.locator('.notification-toast', { hasText: 'No network is open' }).waitFor();
      assert.equal(await isTicked('Train it'), false);
      await workbench.command('Notifications: Clear All Notifications');
    });

    it('trains the network that is open beside it in view, and ticks the step after the training', async () => {
      await openStep('Draw a network');
      await workbench.pick(() => press('Draw a network', 'New Network'), 'Perceptron');
      await workbench.node('logits').waitFor();
      await openStep('Train it');
      await ticked('Draw a network');
      await press('Train it', 'Train');
      await workbench.graphDrawn('perceptron.nn.json');
      await workbench.graph().locator('.training', { hasText: 'Finished' }).waitFor();
      await openStep('Train it');
      await ticked('Train it');
      await workbench.screenshot('walkthrough-dark');
    });

    it('opens the text of the network beside its graph although the walkthrough is in front', async () => {
      await openStep('See what every layer does');
      await press('See what every layer does', 'Open Text to the Side');
      await until('the text', async () => (await workbench.textLines()).length > 5);
      await workbench.node('logits').waitFor();
      await openStep('See what every layer does');
      await ticked('See what every layer does');
    });

    it('shows the log even if VS Code cannot write it', async () => {
      // The walkthrough is opened in the group that was last in use, which can be that of the text.
      await openStep('See what every layer does');
      await press('See what every layer does', 'Open Text to the Side');
      await until('the text', async () => (await workbench.textLines()).length > 5);
      await workbench.clickLine('"training"');
      await workbench.command('Netloom: Show Log');
      await until('the line of the training', async () =>
        (await workbench.textLines()).some((line) => /train .*\.nn\.json/.test(line)),
      );
      await workbench.screenshot('log-dark');
    });
  });
}
