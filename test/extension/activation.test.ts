/** The extension is activated by networks and contributes its commands, in a real VS Code. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { showPlace } from '../../extension/shown/place.ts';
import {
  activeTabUri,
  api,
  closeEverything,
  eventually,
  extension,
  fileUri,
  openGraph,
  readText,
  tiny,
  writeNetwork,
} from './support.ts';

function graphInFront(): vscode.TabInputCustom | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom ? input : undefined;
}

describe('Activation', () => {
  after(closeEverything);

  it('sleeps until a network is opened', async () => {
    assert.equal(extension().isActive, false);
    const { activationEvents } = extension().packageJSON as { activationEvents: string[] };
    assert(!activationEvents.some((event) => event === '*' || event.startsWith('onStartup')));
  });

  it('opens a network as a graph by default, and writes nothing', async () => {
    const text = tiny(1);
    const uri = await writeNetwork('opened', text);
    await vscode.commands.executeCommand('vscode.open', uri);
    const input = await eventually('its graph is in front', graphInFront);
    assert.equal(input.viewType, 'netloom.graph');
    assert.equal(extension().isActive, true);
    // Long enough for a page to load, and to do something that it should not do.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.isDirty, false);
    assert.equal(document.version, 1);
    assert.equal(await readText(uri), text);
  });

  it('does not open the copy of a run as a network, and excludes it from search and Quick Open', async () => {
    const copy = await writeNetwork('.netloom/opened/network', tiny(1));
    await vscode.commands.executeCommand('vscode.open', copy);
    await eventually('its text is in front', () => activeTabUri() === copy.toString());
    assert.equal(graphInFront(), undefined, 'it opened as a graph');
    await vscode.commands.executeCommand('netloom.train', copy);
    assert.equal((await api()).runs.get(copy), undefined);
    const exclude = vscode.workspace.getConfiguration('search').get<Record<string, unknown>>('exclude');
    assert.deepEqual([exclude?.['**/.netloom'], exclude?.['**/node_modules']], [true, true]);
    const watcher = vscode.workspace.getConfiguration('files').get<Record<string, unknown>>('watcherExclude');
    assert(watcher?.['**/.netloom/**'] && Object.keys(watcher).length > 1, JSON.stringify(watcher));
  });

  it('acts on the network that was last in front if something else is', async () => {
    await closeEverything();
    await writeNetwork('other-network', tiny(1));
    await openGraph(fileUri('other-network.nn.json'));
    const uri = await writeNetwork('in-front', tiny(100_000));
    await openGraph(uri);
    const note = await vscode.workspace.openTextDocument({ content: 'a note' });
    await vscode.window.showTextDocument(note);
    await vscode.commands.executeCommand('netloom.train');
    const { runs } = await api();
    assert(runs.get(uri)?.running, 'no run was started');
    await runs.stopAll();
  });

  it('registers every command that it contributes, those of the graph once a network is open', async () => {
    await vscode.workspace.openTextDocument(await writeNetwork('commands', tiny(1)));
    await extension().activate();
    const { contributes } = extension().packageJSON as { contributes: { commands: { command: string }[] } };
    const known = new Set(await vscode.commands.getCommands(true));
    for (const { command } of contributes.commands) assert(known.has(command), command);
  });

  it('opens graph and text of one network side by side', async () => {
    const uri = await writeNetwork('beside', tiny(1));
    await openGraph(uri);
    await vscode.commands.executeCommand('netloom.openTextToSide');
    const inFront = () => vscode.window.activeTextEditor?.document.uri.toString();
    await eventually('the text', () => inFront() === uri.toString());
    await vscode.commands.executeCommand('netloom.openGraphToSide');
    await eventually('the graph', () => graphInFront()?.uri.toString() === uri.toString());
  });

  it('opens the row of the data that made a run fail', async () => {
    await closeEverything();
    const file = fileUri('ragged.csv');
    const rows = ['a,b', '1.5,x', '2.5,y', '3.5,z,more'];
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(rows.join('\n')));
    const reading = tiny(1).replace(/"data": \{.*\}/, '"data": { "type": "csv", "file": "ragged.csv" }');
    const uri = await writeNetwork('ragged', reading);
    const { runs } = await api();
    await vscode.commands.executeCommand('netloom.train', uri);
    const run = await eventually('the run', () => runs.get(uri));
    assert.equal((await run.ended).reason, 'failed');
    await openGraph(uri);
    await vscode.commands.executeCommand('netloom.openFailure');
    const editor = () => vscode.window.activeTextEditor;
    await eventually('the data file', () => editor()?.document.uri.toString() === file.toString());
    assert.equal(editor()?.selection.start.line, 3);
  });

  it('goes to the view that is open already instead of opening a second one', async () => {
    await closeEverything();
    const uri = await writeNetwork('once', tiny(1));
    const open = () => vscode.window.tabGroups.all.map(({ tabs }) => tabs.length);
    await vscode.window.showTextDocument(uri);
    await vscode.commands.executeCommand('netloom.openGraphToSide');
    await eventually('the graph beside the text', () => open().length === 2);
    const column = () => vscode.window.tabGroups.activeTabGroup.viewColumn;
    await vscode.commands.executeCommand('netloom.openTextToSide');
    await eventually('the text is in front', () => column() === vscode.ViewColumn.One);
    await vscode.commands.executeCommand('netloom.openGraphToSide');
    await eventually('the graph is in front', () => column() === vscode.ViewColumn.Two);
    await showPlace(uri, ['training']);
    await eventually('the text is in front again', () => column() === vscode.ViewColumn.One);
    assert.deepEqual(open(), [1, 1]);
  });
});
