/** Choose Sample for Details: the running training shows the sample, and without one the message offers to train. What needs a run says so. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, closeEverything, eventually, tiny, writeNetwork } from './support.ts';

describe('Choose Sample for Details', () => {
  const { showInputBox, showInformationMessage } = vscode.window;
  let messages: string[] = [];

  /** Answers the question for the number, and the message that follows. */
  const answer = (sample: string, action: string | undefined) => {
    messages = [];
    Object.assign(vscode.window, {
      showInputBox: async () => sample,
      showInformationMessage: async (message: string, ...actions: string[]) => {
        messages.push(message);
        return actions.find((one) => one === action);
      },
    });
  };
  const choose = (uri: vscode.Uri) => vscode.commands.executeCommand('netloom.chooseSample', uri);

  afterEach(async () => {
    Object.assign(vscode.window, { showInputBox, showInformationMessage });
    const settings = vscode.workspace.getConfiguration('netloom.statistics');
    await settings.update('sample', undefined, vscode.ConfigurationTarget.Workspace);
    await closeEverything();
  });

  it('applies to the running training, and offers to train where there is none', async () => {
    const uri = await writeNetwork('chosen', tiny(1_000_000));
    await vscode.window.showTextDocument(uri);
    const { runs } = await api();
    const shown: (number | undefined)[] = [];
    const listener = runs.onDidReceive(({ event }) => {
      if (event.event === 'detail') shown.push(event.sample);
    });
    try {
      answer('2', 'Train Now');
      const chosen = choose(uri);
      await eventually('the training shows the sample', () => shown.at(-1) === 2);
      assert.match(messages[0], /^The next training of chosen shows sample 2 in detail\.$/);
      const run = runs.get(uri);
      answer('5', 'Train Now');
      await choose(uri);
      assert.deepEqual(messages, [
        'The training of chosen shows sample 5 in detail from its next measurement on.',
      ]);
      await eventually('the same training shows another sample', () => shown.at(-1) === 5);
      assert.equal(runs.get(uri), run);
      await run?.stop();
      await chosen;
    } finally {
      listener.dispose();
    }
  });

  it('has nothing to show where no run is, and Export Run as HTML says so', async () => {
    const uri = await writeNetwork('untrained', tiny(1));
    await vscode.window.showTextDocument(uri);
    answer('', undefined);
    await vscode.commands.executeCommand('netloom.exportReplay', uri);
    await eventually('the message', () => messages.length > 0);
    assert.deepEqual(messages, ['untrained has no run to replay yet. Train it first.']);
  });
});
