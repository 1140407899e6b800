import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { templates } from '../../engine/templates/registry.ts';
import { openTemplate } from '../../extension/commands/newNetwork.ts';
import { activeTabUri, api, closeEverything, eventually } from './support.ts';

describe('New Network', () => {
  afterEach(async () => {
    await (await api()).sessions.stopAll();
    await closeEverything();
  });

  it('opens an unsaved network as a graph that trains before it is saved', async () => {
    const [template] = templates;
    const uri = await openTemplate(template);
    assert.equal(activeTabUri(), uri.toString());
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.getText(), template.text);
    await vscode.commands.executeCommand('netloom.train');
    const session = (await api()).sessions.get(uri);
    assert(session, 'no run was started');
    await eventually('a step', () => session.history.last('step'), 40_000);
    await session.stop();
    assert.notEqual((await session.ended).reason, 'failed');
  });
});
