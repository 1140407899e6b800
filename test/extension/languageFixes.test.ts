/** Quick fixes, data files that are dropped, and the list of layers, inside VS Code. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DataFileDrop } from '../../extension/language/dataDrop.ts';
import { Networks } from '../../extension/networks.ts';
import { api, closeEverything, eventually, fileUri, openGraph, tiny, writeNetwork } from './support.ts';

async function shown(name: string, text = tiny(1)): Promise<vscode.TextDocument> {
  await api();
  const uri = await writeNetwork(name, text);
  const { document } = await vscode.window.showTextDocument(uri);
  return document;
}

const at = (document: vscode.TextDocument, words: string): vscode.Range => {
  const start = document.positionAt(document.getText().indexOf(words) + 1);
  return new vscode.Range(start, start);
};

const fixesAt = (document: vscode.TextDocument, words: string): Thenable<vscode.CodeAction[]> =>
  vscode.commands.executeCommand(
    'vscode.executeCodeActionProvider',
    document.uri,
    at(document, words),
    vscode.CodeActionKind.QuickFix.value,
  );

/** Makes the only fix that is offered at a place, and gives the text after it. */
async function fix(document: vscode.TextDocument, words: string): Promise<string> {
  const fixes = await fixesAt(document, words);
  assert.equal(fixes.length, 1, JSON.stringify(fixes.map(({ title }) => title)));
  const [action] = fixes;
  assert(action.isPreferred && action.edit, action.title);
  assert(await vscode.workspace.applyEdit(action.edit));
  return document.getText();
}

const problemsOf = (uri: vscode.Uri) =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Netloom');

describe('A quick fix', () => {
  afterEach(closeEverything);

  for (const [name, right, wrong, words] of [
    ['type', '"tanh"', '"tahn"', '"tahn"'],
    ['attribute', '"units": 8', '"unitz": 8', '"unitz"'],
    ['setting', '"batchSize"', '"batchsize"', '"batchsize"'],
    ['reference', '"from": "bend"', '"from": "bent"', '"bent"'],
    ['comma', '"type": "tanh", "from"', '"type": "tanh" "from"', '"from": "hidden"'],
  ] as const)
    it(`corrects a wrong ${name} and leaves no problem`, async () => {
      const document = await shown(`fix-${name}`, tiny(1).replace(right, wrong));
      await eventually('a problem', () => problemsOf(document.uri).length > 0);
      assert.equal(await fix(document, words), tiny(1));
      await eventually('no problem', () => problemsOf(document.uri).length === 0);
    });

  it('is offered at a finding, whose code leads to its page, and which a setting of its limit removes', async () => {
    const narrow = tiny(1)
      .replace('"units": 8', '"units": 2')
      .replace('"bend", "units": 2', '"bend", "units": 6');
    const document = await shown('fix-finding', narrow);
    const isNarrow = ({ code }: vscode.Diagnostic) =>
      typeof code === 'object' && code.value === 'structure/bottleneck';
    await eventually('a finding', () => problemsOf(document.uri).some(isNarrow));
    const { code } = problemsOf(document.uri).find(isNarrow)!;
    assert(typeof code === 'object');
    assert.equal(
      code.target.toString(true),
      'https://github.com/netloom/netloom/blob/main/docs/reference/findings.md#structurebottleneck',
    );
    const [action] = await fixesAt(document, '"hidden"');
    assert.equal(action.title, 'Set "units" of "hidden" to 24');
    const settings = vscode.workspace.getConfiguration('netloom.diagnosis', document.uri);
    await settings.update('limits', { 'structure/bottleneck/share': 0.1 }, vscode.ConfigurationTarget.Global);
    try {
      await eventually('no finding', () => !problemsOf(document.uri).some(isNarrow));
    } finally {
      await settings.update('limits', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('says what it does, and is one undo step', async () => {
    const text = tiny(1).replace('"from": "point", ', '');
    const document = await shown('fix-input', text);
    const [problem] = await eventually('a problem', () => {
      const found = problemsOf(document.uri);
      return found.length > 0 && found;
    });
    const [action] = await fixesAt(document, '"hidden"');
    assert.match(problem.message, /hidden has no input/);
    assert.equal(action.title, 'Connect "point" to "hidden"');
    assert(action.edit && (await vscode.workspace.applyEdit(action.edit)));
    assert.match(document.getText(), /"hidden": \{ "type": "dense", "from": "point"/);
    await vscode.commands.executeCommand('undo');
    await eventually('undone', () => document.getText() === text);
  });

  it('sets the units to the number of classes in the data', async () => {
    const document = await shown('fix-classes', tiny(1).replace('"bend", "units": 2', '"bend", "units": 1'));
    await vscode.commands.executeCommand('netloom.train', document.uri);
    await eventually('a problem of the run', () =>
      problemsOf(document.uri).some(({ code }) => code === 'data/classes' || code === 'loss/classes'),
    );
    const [problem] = problemsOf(document.uri).filter(({ code }) => String(code).endsWith('/classes'));
    const fixes = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      problem.range,
    );
    assert.deepEqual(
      fixes.map(({ title }) => title),
      ['Set "units" of "logits" to 2'],
    );
    assert(fixes[0].edit && (await vscode.workspace.applyEdit(fixes[0].edit)));
    assert.equal(document.getText(), tiny(1));
  });

  it('gives an input the shape of a table, whose columns are known before training, also after the table has changed', async () => {
    const columns = (count: number) => {
      const row = (cell: (column: number) => string) =>
        Array.from({ length: count }, (_, column) => cell(column)).join(',');
      const table = `${row((column) => `c${column}`)}\n${`${row(() => '0.5')}\n`.repeat(9)}`;
      return vscode.workspace.fs.writeFile(fileUri('shape.csv'), new TextEncoder().encode(table));
    };
    await columns(5);
    const text = tiny(1)
      .replace(/"data": .*/, '"data": { "type": "csv", "file": "shape.csv" },')
      .replace('softmaxCrossEntropy', 'meanSquaredError');
    const document = await shown('fix-shape', text);
    const misfit = () =>
      problemsOf(document.uri).find(({ message }) => message.includes('does not fit the data'));
    const found = await eventually('a problem', misfit);
    assert.match(found.message, /point: shape 2 does not fit the data, in which "features" is 4/);
    const fixed = await fix(document, '[2]');
    assert(fixed.includes('"shape": [4]'), fixed);
    await eventually('no problem', () => misfit() === undefined);
    await columns(8);
    await eventually('the problem of the new table', () => misfit()?.message.includes('is 7'));
  });

  it('gives a network without a training section one', async () => {
    const text = tiny(1).replace(/,\s+"training": \{[\s\S]*?\n {2}\}/, '');
    const document = await shown('fix-training', text);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const { command } = lenses[0];
    assert.equal(command?.command, 'netloom.addTraining');
    await vscode.commands.executeCommand(command.command, ...command.arguments!);
    assert.match(
      document.getText(),
      /"training": \{\s+"data": .*\s+"loss": .*"from": "logits".*\s+"optimizer"/,
    );
    await document.save();
    await eventually('no problem', () => problemsOf(document.uri).length === 0);
  });

  it('is not offered if nothing is wrong', async () => {
    const document = await shown('fix-nothing');
    assert.deepEqual(await fixesAt(document, '"hidden"'), []);
  });
});

describe('A data file', () => {
  afterEach(closeEverything);

  for (const how of ['dropped', 'pasted'] as const)
    it(`that is ${how} becomes the data, in one step`, async () => {
      const document = await shown(`data-${how}`);
      const before = document.getText();
      const networks = new Networks();
      try {
        const provider = new DataFileDrop(networks);
        const data = new vscode.DataTransfer();
        const list = [fileUri('data/iris.csv'), fileUri('data/iris.csv')].slice(0, 1);
        data.set('text/uri-list', new vscode.DataTransferItem(list.map(String).join('\r\n')));
        const edits =
          how === 'dropped'
            ? await provider.provideDocumentDropEdits(document, new vscode.Position(0, 0), data)
            : await provider.provideDocumentPasteEdits(document, [], data);
        assert.deepEqual(
          edits.map(({ title }) => title),
          ['Use as data: Table (CSV)', 'Use as data: Series (CSV column)'],
        );
        assert.equal(edits[0].insertText, '', 'nothing is inserted where it was dropped');
        assert(edits[0].additionalEdit && (await vscode.workspace.applyEdit(edits[0].additionalEdit)));
        assert.match(document.getText(), /"data": \{ "type": "csv", "file": "data\/iris.csv" \}/);
        await vscode.commands.executeCommand('undo');
        await eventually('undone', () => document.getText() === before);
      } finally {
        networks.dispose();
      }
    });
});

describe('The list of layers in the side bar', () => {
  afterEach(closeEverything);

  const listed = async (what: string, names: readonly string[]) => {
    const { layers } = await api();
    await eventually(
      what,
      () =>
        layers.tree
          .getChildren()
          .map(({ name }) => name)
          .join() === names.join(),
    );
    return layers;
  };
  const names = ['point', 'hidden', 'bend', 'logits', 'training'];

  beforeEach(() => vscode.commands.executeCommand('netloom.layers.focus'));

  it('shows the network in front, as graph or as text, and its problems in words', async () => {
    const uri = await writeNetwork('listed', tiny(1).replace('"units": 8', '"units": 0'));
    await openGraph(uri);
    await vscode.commands.executeCommand('netloom.layers.focus');
    const layers = await listed('the network', names);
    const hidden = layers.tree.getTreeItem(layers.tree.find('hidden')!);
    assert.match(String(hidden.tooltip), /units must be a positive integer/);
    assert.match(hidden.accessibilityInformation!.label, /^hidden, dense.*has an error.*units/);
    assert.equal((hidden.iconPath as vscode.ThemeIcon).id, 'error');
    const other = await writeNetwork('listed-text', tiny(1).replaceAll('"bend"', '"curve"'));
    await vscode.window.showTextDocument(other);
    await listed('the other network', ['point', 'hidden', 'curve', 'logits', 'training']);
  });

  it('shows statistics in words and as an icon', async () => {
    const uri = await writeNetwork('listed-statistics', tiny(2));
    await openGraph(uri);
    await vscode.commands.executeCommand('netloom.layers.focus');
    const { layers, runs } = await api();
    await listed('the network', names);
    await vscode.commands.executeCommand('netloom.train', uri);
    await eventually('the run', () => runs.get(uri));
    await runs.get(uri)?.ended;
    const hidden = layers.tree.getTreeItem(layers.tree.find('hidden')!);
    assert.match(String(hidden.tooltip), /gradient norm: /i);
    assert.match(hidden.accessibilityInformation!.label, /statistics/);
    assert(['pass', 'eye', 'flame'].includes((hidden.iconPath as vscode.ThemeIcon).id));
  });

  it('shows why a run has failed', async () => {
    const absent = tiny(1).replace(/"data": \{.*\}/, '"data": { "type": "csv", "file": "absent.csv" }');
    const uri = await writeNetwork('listed-failure', absent);
    await vscode.window.showTextDocument(uri);
    const { tree } = await listed('the network', names);
    const { runs } = await api();
    await vscode.commands.executeCommand('netloom.train', uri);
    const run = await eventually('the run', () => runs.get(uri));
    assert.equal((await run.ended).reason, 'failed');
    const training = () => tree.getChildren().find(({ name }) => name === 'training');
    await eventually('the reason', () =>
      training()?.problems.some(({ message }) => /absent\.csv/.test(message)),
    );
  });

  it('shows what has changed while it was hidden', async () => {
    const uri = await writeNetwork('listed-hidden', tiny(1));
    const { document } = await vscode.window.showTextDocument(uri);
    const { tree, view, networks } = await listed('the network', names);
    await vscode.commands.executeCommand('workbench.view.search');
    await eventually('the list is hidden', () => !view.visible);
    const analyzed = new Promise((resolve) => {
      const listener = networks.onDidAnalyze((one) => {
        if (!one.getText().includes('"curve"')) return;
        listener.dispose();
        resolve(undefined);
      });
    });
    const edit = new vscode.WorkspaceEdit();
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    edit.replace(uri, whole, document.getText().replaceAll('"bend"', '"curve"'));
    assert(await vscode.workspace.applyEdit(edit));
    await analyzed;
    assert(tree.find('bend'), 'it was read although it is hidden');
    await vscode.commands.executeCommand('netloom.layers.focus');
    await eventually('the change', () => tree.find('curve'));
  });

  it('follows the selection in other views, changes it there, and does not take the focus', async () => {
    const uri = await writeNetwork('listed-cursor', tiny(1));
    const { document } = await vscode.window.showTextDocument(uri);
    const layers = await listed('the network', names);
    const { graphs, tree, view } = layers;
    graphs.select(document, ['hidden'], 'text');
    await eventually('the entry is selected', () => view.selection[0]?.name === 'hidden');
    assert.deepEqual(graphs.selected(document), { layers: ['hidden'], in: 'text' });
    await view.reveal(tree.find('bend')!, { select: true, focus: false });
    await eventually('the others follow', () => graphs.selected(document)?.layers[0] === 'bend');
    assert.equal(graphs.selected(document)?.in, 'list');
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), uri.toString());
  });

  it('leads to the layer in the text', async () => {
    const uri = await writeNetwork('listed-reveal', tiny(1));
    await openGraph(uri);
    await vscode.commands.executeCommand('netloom.layers.focus');
    const layers = await listed('the network', names);
    await vscode.commands.executeCommand('netloom.revealInText', layers.tree.find('bend'));
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.toString(), uri.toString());
    assert.equal(editor.document.getText(editor.selection), 'bend');
    await vscode.commands.executeCommand('netloom.revealInGraph', layers.tree.find('logits'));
    assert(vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom);
  });
});
