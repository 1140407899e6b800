/** Each edit of the graph becomes one undo step of the text, and edits of the text appear in the graph. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { EditQueue } from '../../extension/editor/edits.ts';
import { applySpecEdit } from '../../extension/edits.ts';
import { closeEverything, eventually, openGraph, tiny, writeNetwork } from './support.ts';

const moreUnits: SpecEdit = { kind: 'setAttribute', layer: 'hidden', attribute: 'units', value: 16 };

async function opened(name: string, text = tiny(1)): Promise<vscode.TextDocument> {
  const uri = await writeNetwork(name, text);
  await openGraph(uri);
  return vscode.workspace.openTextDocument(uri);
}

describe('Editing through the graph', () => {
  afterEach(closeEverything);

  it('turns one gesture into one small change of the text and one undo step', async () => {
    const document = await opened('one-undo');
    const before = document.getText();
    const changes: vscode.TextDocumentContentChangeEvent[] = [];
    const listener = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === document) changes.push(...event.contentChanges);
    });
    const result = await applySpecEdit(document, document.version, moreUnits);
    listener.dispose();
    assert.deepEqual(result, { result: 'applied', revision: document.version });
    assert.equal(document.getText(), before.replace('"units": 8', '"units": 16'));
    assert.equal(changes.length, 1);
    assert(changes[0].rangeLength <= 2 && changes[0].text.length <= 2, JSON.stringify(changes[0]));
    await vscode.commands.executeCommand('undo');
    await eventually('undone', () => document.getText() === before);
    assert.equal(document.isDirty, false);
  });

  it('changes no file that a setting makes read-only, whose change could not be saved', async () => {
    const document = await opened('read-only');
    const before = document.getText();
    const files = vscode.workspace.getConfiguration('files');
    const set = (globs: object | undefined) =>
      files.update('readonlyInclude', globs, vscode.ConfigurationTarget.Global);
    try {
      await set({ '**/read-only.nn.json': true });
      const { result } = await applySpecEdit(document, document.version, moreUnits);
      assert.equal(result, 'refused');
      assert.equal(document.getText(), before);
    } finally {
      await set(undefined);
    }
    const { result } = await applySpecEdit(document, document.version, moreUnits);
    assert.equal(result, 'applied');
  });

  it('undoes a gesture of several changes at once', async () => {
    const document = await opened('several');
    const before = document.getText();
    const edits: SpecEdit[] = [
      {
        kind: 'addLayer',
        name: 'drop',
        type: 'dropout',
        attributes: { rate: 0.2 },
        from: [{ layer: 'bend' }],
      },
      { kind: 'connect', from: { layer: 'drop' }, to: 'logits', index: 0 },
    ];
    const { result } = await applySpecEdit(document, document.version, { kind: 'several', edits });
    assert.equal(result, 'applied');
    assert.match(document.getText(), /"from": "drop"/);
    await vscode.commands.executeCommand('undo');
    await eventually('undone', () => document.getText() === before);
  });

  it('keeps comments and the form of every line that it does not change', async () => {
    const document = await opened('comments');
    const before = document.getText().split('\n');
    await applySpecEdit(document, document.version, moreUnits);
    const after = document.getText().split('\n');
    assert.equal(after.length, before.length);
    const changed = after.filter((line, index) => line !== before[index]);
    assert.equal(changed.length, 1);
    assert.match(changed[0], /"units": 16 }, \/\/ the only one with much to do/);
  });

  it('answers an edit that changes nothing with the revision that the text has', async () => {
    const document = await opened('unchanged');
    const same: SpecEdit = { kind: 'setAttribute', layer: 'hidden', attribute: 'units', value: 8 };
    const before = document.version;
    const result = await applySpecEdit(document, before, same);
    assert.deepEqual(result, { result: 'applied', revision: before });
    assert.equal(document.version, before);
  });

  it('drops a gesture that was made on an older text', async () => {
    const document = await opened('stale');
    const revision = document.version;
    await applySpecEdit(document, revision, moreUnits);
    const text = document.getText();
    const late: SpecEdit = { kind: 'setAttribute', layer: 'hidden', attribute: 'units', value: 4 };
    assert.deepEqual(await applySpecEdit(document, revision, late), { result: 'stale' });
    assert.equal(document.getText(), text);
  });

  it('applies gestures that arrive at the same time one after another', async () => {
    const document = await opened('queue');
    const queue = new EditQueue();
    const { version } = document;
    const results = await Promise.all([
      queue.apply(document, version, moreUnits),
      queue.apply(document, version, { kind: 'removeLayers', names: ['bend'], heal: true }),
    ]);
    assert.deepEqual(
      results.map(({ result }) => result),
      ['applied', 'stale'],
    );
    assert.match(document.getText(), /"bend"/);
  });

  it('refuses an impossible gesture, with the reason', async () => {
    const document = await opened('refused');
    const before = document.getText();
    const edit: SpecEdit = { kind: 'renameLayer', name: 'nowhere', newName: 'somewhere' };
    const result = await applySpecEdit(document, document.version, edit);
    assert(result.result === 'refused' && result.message.length > 0, JSON.stringify(result));
    assert.equal(document.getText(), before);
  });
});
