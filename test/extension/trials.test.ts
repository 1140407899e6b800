/** Try and Repair in a real VS Code: they train without changing the text, and only the person accepts a change, as one undo step. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TrialState } from '../../engine/protocol/editor.ts';
import { straight } from '../fixtures/straight.ts';
import { api, closeEverything, eventually, fileUri, readText, tiny, writeNetwork } from './support.ts';

/** A softmax before a loss that applies its own, and a learning rate that is too low. */
const sick = tiny(10)
  .replace(/("logits": .*)\n/, '$1,\n    "answer": { "type": "softmax", "from": "logits" }\n')
  .replace('"from": "logits" },\n    "optimizer"', '"from": "answer" },\n    "optimizer"')
  .replace('"learningRate": 0.01', '"learningRate": 1e-9');

async function shown(name: string): Promise<vscode.TextDocument> {
  const uri = await writeNetwork(name, sick);
  return (await vscode.window.showTextDocument(uri)).document;
}

describe('A fix on trial', () => {
  afterEach(closeEverything);

  it('is offered beside the fix, tried from there, and kept as one undo step', async () => {
    const { trials } = await api();
    const document = await shown('try');
    const start = document.positionAt(document.getText().indexOf('"answer"') + 1);
    const action = await eventually('an action', async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        new vscode.Range(start, start),
      );
      return actions.find(({ title }) => title === 'Try: Remove "answer"');
    });
    assert(action.command?.arguments);
    const result = await vscode.commands.executeCommand<{ readonly verdict: string }>(
      action.command.command,
      ...action.command.arguments,
    );
    assert.match(result.verdict, /^The fix clears the finding\./);
    assert.equal(trials.state(document.uri).state, 'done');
    assert.equal(document.getText(), sick, 'a trial writes nothing');
    assert(await trials.keep(document.uri));
    assert(!document.getText().includes('softmax"'));
    assert.equal(trials.state(document.uri).state, 'kept');
    assert.equal(await readText(document.uri), sick, 'what is kept is not saved automatically');
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('undo');
    await eventually('undone', () => document.getText() === sick);
    await eventually('over', () => trials.state(document.uri).state === 'none');
  });

  it('is not kept in a text that has changed since', async () => {
    const { trials } = await api();
    const document = await shown('try-stale');
    const finding = { code: 'update/tooSmall' };
    assert(await vscode.commands.executeCommand('netloom.tryFix', document.uri, finding));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.lineAt(1).range.end, ' Typed meanwhile.');
    assert(await vscode.workspace.applyEdit(edit));
    const changed = document.getText();
    const state = trials.state(document.uri);
    assert(state.state === 'done' && state.stale);
    assert.equal(await trials.keep(document.uri), false);
    assert.equal(document.getText(), changed);
  });

  it('ends at once when it is cancelled, and leaves nothing', async () => {
    const { trials } = await api();
    const document = await shown('try-cancelled');
    const running = trials.start(document, { task: 'repair' });
    assert.equal(trials.state(document.uri).state, 'running');
    trials.discard(document.uri);
    assert.equal(await running, undefined);
    assert.equal(trials.state(document.uri).state, 'none');
    assert.equal(document.getText(), sick);
  });
});

describe('After a fix was kept', () => {
  afterEach(closeEverything);

  it('training continues with the weights of the layers that have not changed', async () => {
    const { runs, trials } = await api();
    const document = await shown('try-continued');
    await vscode.commands.executeCommand('netloom.train', document.uri);
    assert.equal((await runs.get(document.uri)?.ended)?.reason, 'finished');
    const finding = { code: 'output/lossMismatch', layer: 'answer' };
    assert(await vscode.commands.executeCommand('netloom.tryFix', document.uri, finding));
    assert(await trials.keep(document.uri));
    await vscode.commands.executeCommand('netloom.continueTraining', document.uri);
    const run = runs.get(document.uri);
    assert.equal((await run?.ended)?.reason, 'finished');
    assert.deepEqual(run?.record.last('plan')?.continued, ['hidden', 'logits']);
  });
});

describe('The offer to train after a fix was kept', () => {
  afterEach(closeEverything);

  it('ends with the next training, however that is started', async () => {
    const { runs, trials } = await api();
    const document = await shown('try-trained');
    assert(await vscode.commands.executeCommand('netloom.tryFix', document.uri, { code: 'update/tooSmall' }));
    assert(await trials.keep(document.uri));
    assert.equal(trials.state(document.uri).state, 'kept');
    await vscode.commands.executeCommand('netloom.train', document.uri);
    await runs.get(document.uri)?.ended;
    assert.equal(trials.state(document.uri).state, 'none');
  });
});

describe('A search for what holds a network back', () => {
  afterEach(closeEverything);

  it('keeps the change that is clearly better as one edit', async () => {
    const { trials } = await api();
    const uri = await writeNetwork('held-back', straight);
    const { document } = await vscode.window.showTextDocument(uri);
    const result = await vscode.commands.executeCommand<{ readonly verdict: string }>(
      'netloom.findWhatHoldsBack',
      uri,
    );
    assert.match(result.verdict, /^One change makes the network clearly better: Add a hidden layer/);
    assert.equal(document.getText(), straight, 'a search writes nothing');
    assert(await trials.keep(uri));
    assert.match(document.getText(), /"type": ?"relu"/);
  });
});

describe('A trial whose network changes', () => {
  afterEach(closeEverything);

  /** A trial that takes longer than the test. */
  async function long(name: string) {
    const { trials } = await api();
    const text = sick.replace('"samples": 200', '"samples": 200000').replace('"units": 8', '"units": 20000');
    const uri = await writeNetwork(name, text);
    const { document } = await vscode.window.showTextDocument(uri);
    return { trials, uri, document, text, running: trials.start(document, { task: 'repair' }) };
  }

  it('ends when its file is renamed, and can start under the new name', async () => {
    const { trials, uri, running } = await long('gone-renamed');
    await eventually('trained', () => isTraining(trials.state(uri)));
    const to = fileUri('gone-renamed-to.nn.json');
    const rename = new vscode.WorkspaceEdit();
    rename.renameFile(uri, to, { overwrite: true });
    assert(await vscode.workspace.applyEdit(rename));
    assert.equal(await running, undefined);
    assert.equal(trials.state(uri).state, 'none');
    const { document } = await vscode.window.showTextDocument(to);
    const again = trials.start(document, { task: 'repair' });
    await eventually('trained', () => isTraining(trials.state(to)));
    trials.discard(to);
    assert.equal(await again, undefined);
  });

  it('ends with the last tab that shows its network, even while VS Code keeps the document', async () => {
    const { trials, uri, running } = await long('gone-closed');
    await eventually('trained', () => isTraining(trials.state(uri)));
    await vscode.workspace.openTextDocument(uri);
    const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const graph = tabs().find(({ input }) => input instanceof vscode.TabInputCustom);
    assert(graph);
    assert(await vscode.window.tabGroups.close(graph));
    assert.equal(trials.state(uri).state, 'running', 'the text is still open');
    assert(await vscode.window.tabGroups.close(tabs()));
    assert.equal(await running, undefined);
    assert.equal(trials.state(uri).state, 'none');
  });

  it('is stale if the text changed while it ran, and not when that is undone', async () => {
    const { trials } = await api();
    const document = await shown('gone-stale');
    const running = trials.start(document, { task: 'repair' });
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.lineAt(1).range.end, ' Typed meanwhile.');
    assert(await vscode.workspace.applyEdit(edit));
    assert(await running);
    assert.equal(await trials.keep(document.uri), false);
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('undo');
    await eventually('undone', () => document.getText() === sick);
    assert(await trials.keep(document.uri));
    assert(!document.getText().includes('softmax"'));
  });
});

/** Whether it has made steps. */
const isTraining = (state: TrialState): boolean => state.state === 'running' && state.step > 0;

describe('A repair', () => {
  afterEach(closeEverything);

  it('keeps all fixes that help as one edit', async () => {
    const { trials } = await api();
    const document = await shown('repair');
    const result = await vscode.commands.executeCommand<{ readonly verdict: string }>(
      'netloom.repair',
      document.uri,
    );
    assert.equal(result.verdict, '2 fixes help. There are no errors or warnings left.');
    assert(await trials.keep(document.uri));
    assert.match(document.getText(), /"from": "logits" \},\s+"optimizer": .*"learningRate": 0\.001/);
    assert.match(document.getText(), /the only one with much to do/);
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('undo');
    await eventually('undone', () => document.getText() === sick);
  });
});
