/** Pre-flight checks as VS Code's Test Explorer and the command palette run them. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { preflightChecks } from '../../engine/preflight/registry.ts';
import { passedText } from '../../extension/preflight/preflightTests.ts';
import { api, closeEverything, fileUri, tiny, writeNetwork } from './support.ts';

const all = preflightChecks.map(({ key }) => key);

async function ask(name: string, text: string, ...checks: string[]) {
  const { preflights } = await api();
  const uri = await writeNetwork(name, text);
  await vscode.workspace.openTextDocument(uri);
  return preflights.run(uri, checks.length > 0 ? checks : all);
}

describe('Pre-flight checks', () => {
  after(closeEverything);

  it('pass for a healthy network, and leave no files', async () => {
    const results = await ask('preflight', tiny(1));
    assert.deepEqual(
      results.map(({ check, outcome }) => [check, outcome]),
      all.map((key) => [key, 'passed']),
    );
    await assert.rejects(Promise.resolve(vscode.workspace.fs.stat(fileUri('.netloom/runs/preflight'))));
  });

  it('run one by one', async () => {
    const results = await ask('preflight-one', tiny(1), 'sameBits');
    assert.deepEqual(
      results.map(({ check }) => check),
      ['sameBits'],
    );
  });

  it('fail at the place in the text that most likely causes the failure', async () => {
    const sick = tiny(1).replace('"learningRate": 0.01', '"learningRate": 1e-9');
    const [result] = await ask('preflight-sick', sick, 'overfits');
    assert.equal(result.outcome, 'failed');
    assert.deepEqual(result.path, ['training', 'optimizer']);
  });

  it('are run by the command for the network in front', async () => {
    const uri = await writeNetwork('preflight-command', tiny(1));
    await vscode.window.showTextDocument(uri);
    const results = await vscode.commands.executeCommand<readonly unknown[]>('netloom.preflight');
    assert.equal(results.length, all.length);
  });

  it('do not count as passed if they do not apply to the network', async () => {
    const frozen = tiny(1).replaceAll('"units":', '"trainable": false, "units":');
    const results = await ask('preflight-frozen', frozen, 'gradients', 'sameBits');
    assert.deepEqual(
      results.map(({ check, outcome }) => [check, outcome]),
      [
        ['gradients', 'skipped'],
        ['sameBits', 'passed'],
      ],
    );
    assert.match(passedText('frozen', results), /passed 1 of its 2/);
  });

  it('have no result when the network cannot be trained', async () => {
    assert.deepEqual(await ask('preflight-wrong', tiny(1).replace('"tanh"', '"tannh"')), []);
  });
});
