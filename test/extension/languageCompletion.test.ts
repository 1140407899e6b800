/** What completion offers in the text of a network, requested through VS Code's commands. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, closeEverything, eventually, fileUri, tiny, writeNetwork } from './support.ts';

async function shown(name: string, text: string): Promise<vscode.TextDocument> {
  await api();
  const { document } = await vscode.window.showTextDocument(await writeNetwork(name, text));
  return document;
}

/** The position of a character in the first place that reads like this. */
const at = (document: vscode.TextDocument, words: string, inside = 1): vscode.Position =>
  document.positionAt(document.getText().indexOf(words) + inside);

const completionsAt = (document: vscode.TextDocument, place: vscode.Position) =>
  vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    place,
  );

describe('Completion in the text of a network', () => {
  after(closeEverything);

  it('offers the layers to read, the one above first, but not the layer itself', async () => {
    const document = await shown('completion', tiny(1));
    const place = at(document, '"bend", "units"');
    const { items } = await completionsAt(document, place);
    const labels = items.map(({ label }) => label);
    assert.deepEqual(labels, ['bend', 'hidden', 'point']);
    assert.equal(document.getText(items[0].range as vscode.Range), '"bend"');
    assert.equal((items[0].insertText as vscode.SnippetString).value, '"bend"');
  });

  it('offers attributes, and inserts the chosen one while a person types', async () => {
    const document = await shown('attributes', tiny(1).replace('"units": 8', '"units": 8, useB'));
    const place = at(document, 'useB', 4);
    const { items } = await completionsAt(document, place);
    assert(items.some(({ label }) => label === 'useBias'));
    vscode.window.activeTextEditor!.selection = new vscode.Selection(place, place);
    await eventually('the chosen attribute is there', async () => {
      if (/"useBias": false }/.test(document.getText())) return true;
      await vscode.commands.executeCommand('editor.action.triggerSuggest');
      await new Promise((resolve) => setTimeout(resolve, 300));
      await vscode.commands.executeCommand('acceptSelectedSuggestion');
      return false;
    });
  });

  it('offers the files beside the network at the name of a file', async () => {
    await vscode.workspace.fs.writeFile(fileUri('beside.csv'), new TextEncoder().encode('a,b\n1,2\n'));
    const data = '{ "type": "csv", "file": "" }';
    const document = await shown('files', tiny(1).replace(/\{ "type": "points".*?\}/, data));
    const place = at(document, '"file": ""', 9);
    const { items } = await completionsAt(document, place);
    assert(items.some(({ label }) => label === 'beside.csv'));
    assert(items.some(({ label }) => label === 'data/'));
    assert(!items.some(({ label }) => String(label).startsWith('.')));
  });

  it('offers the columns of the table at the name of one', async () => {
    await vscode.workspace.fs.writeFile(
      fileUri('columns.csv'),
      new TextEncoder().encode('age,risk\n1,2\n3,4\n'),
    );
    const data = '{ "type": "csv", "file": "columns.csv", "exclude": [""] }';
    const document = await shown('columns', tiny(1).replace(/\{ "type": "points".*?\}/, data));
    const place = at(document, '"exclude": [""]', 13);
    const { items } = await completionsAt(document, place);
    const labels = items.map(({ label }) => label);
    assert.deepEqual(labels, ['age', 'risk']);
  });
});
