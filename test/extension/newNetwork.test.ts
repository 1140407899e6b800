/** New Network opens each template, trains it before it is saved, and takes its runs along when it is. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { templates } from '../../engine/templates/registry.ts';
import { openTemplate } from '../../extension/commands/newNetwork.ts';
import { activeTabUri, api, closeEverything, eventually, fileUri, tiny } from './support.ts';

describe('New Network', () => {
  afterEach(async () => {
    await (await api()).runs.stopAll();
    await closeEverything();
  });

  it('opens an unsaved network as a graph that trains before it is saved', async () => {
    const [template] = templates;
    const { runs } = await api();
    const uri = await openTemplate(template, runs.places);
    await eventually('its graph is in front', () => activeTabUri() === uri.toString());
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.getText(), template.text);
    await vscode.commands.executeCommand('netloom.train');
    const run = runs.get(uri);
    assert(run, 'no run was started');
    await eventually('a step', () => run.record.last('step'));
    await run.stop();
    assert.notEqual((await run.ended).reason, 'failed');
  });

  /** Saves as Ctrl+S does in the graph: into the path that the unsaved network has. */
  async function save(unsaved: vscode.Uri): Promise<vscode.Uri> {
    const saved = unsaved.with({ scheme: 'file' });
    await vscode.commands.executeCommand('workbench.action.files.save');
    await eventually('the graph of the file', () => activeTabUri() === saved.toString());
    return saved;
  }

  it('keeps statistics and weights of a training when the network is saved for the first time', async () => {
    const { runs } = await api();
    const template = { type: 'first-save', text: tiny(2) };
    const unsaved = await openTemplate(template, runs.places);
    await vscode.commands.executeCommand('netloom.train');
    const run = runs.get(unsaved);
    assert.equal((await run?.ended)?.reason, 'finished');
    await vscode.commands.executeCommand('netloom.evaluate');
    assert.equal((await runs.get(unsaved)?.ended)?.reason, 'finished', 'weights can be used before the save');
    const { record } = runs.get(unsaved)!;

    const saved = await save(unsaved);
    await eventually('the run has moved', () => runs.record(saved) === record);
    assert.equal(runs.record(unsaved), undefined);
    assert(record.stats?.hidden);
    await vscode.commands.executeCommand('netloom.evaluate');
    const end = await runs.get(saved)?.ended;
    assert.equal(end?.reason, 'finished', end?.message);
    const [[id], ...others] = await vscode.workspace.fs.readDirectory(fileUri('.netloom/runs/first-save'));
    assert.deepEqual(others, []);
    await vscode.workspace.fs.stat(fileUri(`.netloom/runs/first-save/${id}/weights.safetensors`));
    assert.equal(record.folder, fileUri(`.netloom/runs/first-save/${id}`).fsPath);
  });

  it('stops a training whose network is discarded', async () => {
    const { runs } = await api();
    const unsaved = await openTemplate({ type: 'discarded', text: tiny(1_000_000) }, runs.places);
    await vscode.commands.executeCommand('netloom.train');
    const run = runs.get(unsaved);
    assert(run, 'no run was started');
    await eventually('a step', () => run.record.last('step'));
    await closeEverything();
    assert.equal((await run.ended).reason, 'stopped');
  });

  it('keeps a run that continues while the network is saved for the first time', async () => {
    const { runs } = await api();
    const template = { type: 'saved-early', text: tiny(100_000) };
    const unsaved = await openTemplate(template, runs.places);
    await vscode.commands.executeCommand('netloom.train');
    const run = runs.get(unsaved)!;
    await eventually('an epoch', () => run.record.last('epoch'));
    const saved = await save(unsaved);
    await eventually('the run has moved', () => runs.get(saved) === run);
    assert(run.running);
    await vscode.commands.executeCommand('netloom.stop', saved);
    await vscode.commands.executeCommand('netloom.evaluate');
    const end = await runs.get(saved)?.ended;
    assert.equal(end?.reason, 'finished', end?.message);
  });

  it('forgets the run of a network that is closed without being saved', async () => {
    const { runs } = await api();
    const template = { type: 'never-saved', text: tiny(1) };
    const uri = await openTemplate(template, runs.places);
    await vscode.commands.executeCommand('netloom.train');
    await runs.get(uri)?.ended;
    const folder = vscode.Uri.file(runs.places.unsavedFolder(uri));
    await vscode.workspace.fs.stat(folder);
    await closeEverything();
    await eventually('its files are gone', async () => {
      const found = await vscode.workspace.fs.stat(folder).then(Boolean, () => false);
      return !found && runs.record(uri) === undefined;
    });
  });
});
