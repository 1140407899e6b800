/** Every feature of the text editor, requested through VS Code's commands. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, closeEverything, eventually, fileUri, openGraph, tiny, writeNetwork } from './support.ts';

async function shown(name: string, text = tiny(1)): Promise<vscode.TextDocument> {
  await api();
  const uri = await writeNetwork(name, text);
  const { document } = await vscode.window.showTextDocument(uri);
  return document;
}

const run = <T>(command: string, ...given: unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(`vscode.${command}`, ...given);

/** The position of the first place that reads like this, and of a character in it. */
const at = (document: vscode.TextDocument, words: string, inside = 1): vscode.Position =>
  document.positionAt(document.getText().indexOf(words) + inside);

const textsOf = (document: vscode.TextDocument, ranges: readonly vscode.Range[]) =>
  ranges.map((range) => document.getText(range));

const whole = (document: vscode.TextDocument) => new vscode.Range(0, 0, document.lineCount, 0);

const hintsOf = async (document: vscode.TextDocument) =>
  (await run<vscode.InlayHint[]>('executeInlayHintProvider', document.uri, whole(document))).map(
    ({ label }) => label,
  );

const lensesOf = async (document: vscode.TextDocument) =>
  (await run<vscode.CodeLens[]>('executeCodeLensProvider', document.uri)).map(
    ({ command }) => command?.command,
  );

describe('In the text of a network', () => {
  afterEach(closeEverything);

  it('the outline lists each layer once, with its shape, and what training sets', async () => {
    const { uri } = await shown('outline');
    const symbols = await run<vscode.DocumentSymbol[]>('executeDocumentSymbolProvider', uri);
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['point', 'hidden', 'bend', 'logits', 'training'],
    );
    assert.match(symbols[1].detail, /dense → 8/);
    assert.deepEqual(
      symbols[4].children.map(({ name }) => name),
      ['data', 'loss', 'optimizer', 'batchSize', 'epochs', 'seed'],
    );
  });

  it('a hover explains attributes and types, and a layer where it is read', async () => {
    const document = await shown('explained');
    const hover = async (words: string) => {
      const found = await run<vscode.Hover[]>('executeHoverProvider', document.uri, at(document, words));
      const parts = found.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
      assert(parts.every(({ isTrusted }) => !isTrusted));
      return parts.map(({ value }) => value).join('\n');
    };
    assert.match(await hover('"units"'), /Number of outputs.*integer ≥ 1.*Required/s);
    assert.match(await hover('"tanh"'), /Tanh.*layer/s);
    assert.match(await hover('"hidden" }'), /`hidden`.*2 → 8.*24 parameters/s);
    assert.match(await hover('"epochs"'), /Default: `5`/);
  });

  it('a jump to a definition or to the only use stays in the text, beside the graph or without it', async () => {
    const uri = await writeNetwork('jumps', tiny(1));
    await openGraph(uri);
    const graphs = () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) =>
        tabs.filter(({ input }) => input instanceof vscode.TabInputCustom),
      ).length;
    const editor = await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside });
    const { document } = editor;
    const goes = async (from: vscode.Position, command: string, to: vscode.Position) => {
      const active = await vscode.window.showTextDocument(document, { viewColumn: editor.viewColumn! });
      active.selection = new vscode.Selection(from, from);
      await eventually(`the cursor in line ${to.line + 1}`, async () => {
        const now = vscode.window.activeTextEditor;
        if (now?.document !== document) return false;
        // VS Code gives up a jump while the focus moves.
        if (now.selection.active.isEqual(from)) await vscode.commands.executeCommand(command);
        return now.selection.active.isEqual(to) && graphs() === 1;
      });
    };
    const definition = at(document, '"hidden": {', 1);
    const use = at(document, '"from": "hidden"', 9);
    await goes(use, 'editor.action.revealDefinition', definition);
    await goes(use.translate(0, 2), 'editor.action.goToReferences', definition);
    await goes(definition.translate(0, 2), 'editor.action.goToReferences', use);
  });

  it('a name that is only looked up leads nowhere: the graph opens where a person opens it', async () => {
    const uri = await writeNetwork('lookedUp', tiny(1));
    const isGraph = () =>
      vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom;
    const use = (document: vscode.TextDocument) => at(document, '"from": "hidden"', 9);
    const lookUps = [
      // Under the pointer with Ctrl, away from the cursor.
      async (document: vscode.TextDocument) =>
        void (await run('executeDefinitionProvider', document.uri, use(document).translate(0, 2))),
      async () => void (await vscode.commands.executeCommand('editor.action.peekDefinition')),
    ];
    for (const lookUp of lookUps) {
      const editor = await vscode.window.showTextDocument(uri);
      const place = use(editor.document);
      editor.selection = new vscode.Selection(place, place);
      const count = vscode.window.visibleTextEditors.length;
      await lookUp(editor.document);
      if (lookUp !== lookUps[0])
        await eventually('a peek view', () => vscode.window.visibleTextEditors.length > count);
      await openGraph(uri);
      await eventually('the graph in front', isGraph);
    }
  });

  it('a name leads to its layer, and to all uses of the layer', async () => {
    const document = await shown('names');
    const place = at(document, '"bend", "units"');
    const [definition] = await run<vscode.LocationLink[]>('executeDefinitionProvider', document.uri, place);
    assert.equal(document.getText(definition.targetSelectionRange), 'bend');
    assert.match(document.getText(definition.targetRange), /^"bend": \{.*\}$/);
    const references = await run<vscode.Location[]>('executeReferenceProvider', document.uri, place);
    assert.deepEqual(
      references.map(({ range }) => document.lineAt(range.start.line).text.trim().slice(0, 8)),
      ['"bend": ', '"logits"'],
    );
    const highlights = await run<vscode.DocumentHighlight[]>(
      'executeDocumentHighlights',
      document.uri,
      place,
    );
    assert.deepEqual(
      textsOf(
        document,
        highlights.map(({ range }) => range),
      ),
      ['bend', 'bend'],
    );
  });

  it('renaming a layer renames every use of it in one step, and refuses invalid names', async () => {
    const document = await shown('rename');
    const before = document.getText();
    const place = at(document, '"bend"');
    const rename = (name: string) =>
      run<vscode.WorkspaceEdit>('executeDocumentRenameProvider', document.uri, place, name);
    await vscode.workspace.applyEdit(await rename('curve'));
    assert.equal(document.getText(), before.replaceAll('"bend"', '"curve"'));
    await vscode.commands.executeCommand('undo');
    await eventually('undone', () => document.getText() === before);
    for (const name of ['', 'two words', 'hidden', '__proto__'])
      await assert.rejects(async () => rename(name), name);
    await assert.rejects(async () => run('prepareRename', document.uri, at(document, '"adam"')));
    assert.equal(document.getText(), before);
  });

  it('hints give shapes and parameters, as settings say', async () => {
    const document = await shown('hints');
    assert.deepEqual(await hintsOf(document), ['→ 2', '→ 8 · 24 parameters', '→ 8', '→ 2 · 18 parameters']);
    const settings = vscode.workspace.getConfiguration('netloom.inlayHints');
    await settings.update('parameters', false, vscode.ConfigurationTarget.Global);
    try {
      assert.deepEqual(await hintsOf(document), ['→ 2', '→ 8', '→ 8', '→ 2']);
    } finally {
      await settings.update('parameters', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('hints disappear if statistics are after the line, and stay if they are before it', async () => {
    const document = await shown('hints-and-statistics');
    const settings = vscode.workspace.getConfiguration('netloom.statistics');
    const { runs } = await api();
    try {
      await settings.update('placement', 'behind', vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand('netloom.train', document.uri);
      assert.deepEqual(await hintsOf(document), [], 'before the first statistics arrive');
      await runs.get(document.uri)?.ended;
      assert.deepEqual(await hintsOf(document), []);
      await settings.update('decorations', false, vscode.ConfigurationTarget.Global);
      assert.equal((await hintsOf(document)).length, 4);
      await settings.update('decorations', undefined, vscode.ConfigurationTarget.Global);
      await settings.update('placement', 'before', vscode.ConfigurationTarget.Global);
      assert.equal((await hintsOf(document)).length, 4);
    } finally {
      await settings.update('placement', undefined, vscode.ConfigurationTarget.Global);
      await settings.update('decorations', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('lenses above the training section start, check, evaluate, and stop a run', async () => {
    const document = await shown('lenses', tiny(100_000));
    assert.deepEqual(await lensesOf(document), ['netloom.train', 'netloom.check', 'netloom.evaluate']);
    const [lens] = await run<vscode.CodeLens[]>('executeCodeLensProvider', document.uri);
    assert.match(document.lineAt(lens.range.start.line).text, /"training"/);
    await vscode.commands.executeCommand(lens.command!.command, ...lens.command!.arguments!);
    assert.deepEqual(await lensesOf(document), ['netloom.stop', 'netloom.check']);
    await (await api()).runs.stopAll();
    assert.deepEqual(await lensesOf(document), ['netloom.train', 'netloom.check', 'netloom.evaluate']);
    const settings = vscode.workspace.getConfiguration('netloom');
    await settings.update('codeLens', false, vscode.ConfigurationTarget.Global);
    try {
      assert.deepEqual(await lensesOf(document), []);
    } finally {
      await settings.update('codeLens', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('the paths of existing data files are links', async () => {
    await vscode.workspace.fs.writeFile(fileUri('linked.csv'), new TextEncoder().encode('a,b\n1,2\n'));
    const data =
      '{ "type": "csv", "file": "linked.csv", "testFile": "command:netloom.train", "source": "https://example.org" }';
    const document = await shown('links', tiny(1).replace(/\{ "type": "points".*?\}/, data));
    const links = await run<vscode.DocumentLink[]>('executeLinkProvider', document.uri, 10);
    const ours = links.filter(({ tooltip }) => tooltip === 'Open the data file');
    assert.deepEqual(
      textsOf(
        document,
        ours.map(({ range }) => range),
      ),
      ['linked.csv'],
    );
    assert.equal(ours[0].target?.toString(), fileUri('linked.csv').toString());
    assert(!links.some(({ target }) => target?.scheme === 'command'));
  });

  it('sections and comments fold', async () => {
    const document = await shown('folds');
    const folds = await run<vscode.FoldingRange[]>('executeFoldingRangeProvider', document.uri);
    const firsts = folds.map(({ start }) => document.lineAt(start).text.trim());
    assert.deepEqual(firsts, ['{', '"layers": {', '"training": {']);
  });

  it('formatting keeps one line for each layer and one undo', async () => {
    const written = tiny(1);
    const spread = written.replace('{ "type": "dense", "from": "point", "units": 8 }', (layer) =>
      layer.replaceAll(', ', ',\n   ').replace('{ ', '{\n'),
    );
    const document = await shown('format', spread);
    assert.notEqual(document.getText(), written);
    await vscode.commands.executeCommand('editor.action.formatDocument');
    assert.equal(document.getText(), written);
    await vscode.commands.executeCommand('undo');
    await eventually('undone', () => document.getText() === spread);
  });

  it('a text that is too long for an immediate result has none, and the editor continues', async () => {
    const document = await shown(
      'long',
      tiny(1).replace('// Two', `// ${'long '.repeat(100_000)}\n  // Two`),
    );
    const symbols = await run<vscode.DocumentSymbol[] | undefined>(
      'executeDocumentSymbolProvider',
      document.uri,
    );
    assert.deepEqual(symbols ?? [], []);
    assert.deepEqual(await hintsOf(document), []);
  });

  it('a check reports the size of a valid network, and the first mistake of another', async () => {
    const messages: string[] = [];
    const originals = [vscode.window.showInformationMessage, vscode.window.showWarningMessage] as const;
    const listen = async (message: string) => {
      messages.push(message);
      return undefined;
    };
    vscode.window.showInformationMessage = listen as typeof vscode.window.showInformationMessage;
    vscode.window.showWarningMessage = listen as typeof vscode.window.showWarningMessage;
    try {
      await openGraph(await writeNetwork('checked', tiny(1)));
      await vscode.commands.executeCommand('netloom.check');
      await openGraph(await writeNetwork('faulty', tiny(1).replace('"tanh"', '"tahn"')));
      await vscode.commands.executeCommand('netloom.check');
    } finally {
      [vscode.window.showInformationMessage, vscode.window.showWarningMessage] = originals;
    }
    assert.match(messages[0], /No problems found in checked: 4 layers, 42 parameters/);
    assert.match(messages[1], /faulty.*tahn/);
  });

  describe('blocks', () => {
    const text = tiny(1)
      .replace(
        '"layers": {',
        `"blocks": {
    "wide": {
      "in": { "type": "blockInput" },
      "width": { "type": "blockParameter", "default": 8 },
      "core": { "type": "dense", "from": "in", "units": "$width" },
      "out": { "type": "blockOutput", "from": "core" }
    }
  },
  "layers": {`,
      )
      .replace('"type": "dense", "from": "point", "units": 8', '"type": "wide", "from": "point", "width": 4');

    it('are explained, found and listed with their content', async () => {
      const document = await shown('blocks', text);
      const hover = async (words: string, inside = 1) => {
        const found = await run<vscode.Hover[]>(
          'executeHoverProvider',
          document.uri,
          at(document, words, inside),
        );
        return found
          .flatMap(({ contents }) => contents as vscode.MarkdownString[])
          .map(({ value }) => value)
          .join('\n');
      };
      assert.match(await hover('"wide", "from"'), /wide.*used once/s);
      assert.match(await hover('"core": {'), /core.*2 → 4/s);
      assert.match(await hover('"$width"', 3), /width.*default.*8/s);
      assert.match(await hover('"hidden" }'), /hidden.*2 → 4.*core/s);
      const definitionOf = async (words: string, inside = 1) => {
        const place = at(document, words, inside);
        const [found] = await run<vscode.LocationLink[]>('executeDefinitionProvider', document.uri, place);
        return document.lineAt(found.targetSelectionRange!.start.line).text.trim();
      };
      assert.match(await definitionOf('"wide", "from"'), /^"wide": \{/);
      assert.match(await definitionOf('"core" }'), /^"core": \{/);
      assert.match(await definitionOf('"width": 4'), /^"width": \{/);
      const places = await run<vscode.Location[]>(
        'executeReferenceProvider',
        document.uri,
        at(document, '"width": {'),
      );
      assert.equal(places.length, 3);
      const symbols = await run<vscode.DocumentSymbol[]>('executeDocumentSymbolProvider', document.uri);
      assert.deepEqual(
        symbols[0].children[0].children.map(({ name }) => name),
        ['in', 'width', 'core', 'out'],
      );
    });

    it('are renamed with their uses and parameters, each in one step', async () => {
      const document = await shown('block-rename', text);
      for (const [words, inside, name] of [
        ['"wide", "from"', 1, 'broad'],
        ['"$width"', 3, 'size'],
        ['"core" }', 1, 'heart'],
      ] as const) {
        const edit = await run<vscode.WorkspaceEdit>(
          'executeDocumentRenameProvider',
          document.uri,
          at(document, words, inside),
          name,
        );
        await vscode.workspace.applyEdit(edit);
        assert.match(document.getText(), new RegExp(`"${name}": \\{`));
        await eventually('no problem', () => vscode.languages.getDiagnostics(document.uri).length === 0);
        await vscode.commands.executeCommand('undo');
        await eventually('undone', () => document.getText() === text);
      }
    });

    it('are made and dissolved from the graph, each in one step', async () => {
      const document = await shown('block-make', tiny(1));
      const before = document.getText();
      await openGraph(document.uri);
      const act = (action: string) => vscode.commands.executeCommand(`netloom.${action}`);
      const isMade = () => /"blocks"/.test(document.getText());
      const { graphs } = (await api()).layers;
      // Until the page is there, commands do nothing. This one changes nothing if it arrives twice.
      await eventually('the page is there', async () => {
        await act('selectAll');
        return graphs.selected(document)?.layers.length === 4;
      });
      for (const action of ['selectNone', 'walkDown', 'walkDown', 'makeBlock']) await act(action);
      await eventually('a block is made', isMade);
      const made = document.getText();
      assert.match(made, /"block1": \{ "type": "block1", "from": "point" \}/);
      await eventually('it is selected', () => graphs.selected(document)?.layers.join() === 'block1');
      await act('dissolveBlock');
      await eventually('it is dissolved', () => !isMade());
      assert.match(document.getText(), /"hidden": \{/);
      const undo = async (to: string) => {
        await vscode.commands.executeCommand('undo');
        await eventually('undone at once', () => document.getText() === to);
      };
      await undo(made);
      await undo(before);
    });

    it('have quick fixes where they are defined', async () => {
      const document = await shown('block-fix', text.replace('"$width"', '"$widht"'));
      const [problem] = await eventually('a problem', () => {
        const found = vscode.languages.getDiagnostics(document.uri);
        return found.length > 0 && found;
      });
      assert.equal(document.getText(problem.range), '"$widht"');
      const [fix] = await run<vscode.CodeAction[]>('executeCodeActionProvider', document.uri, problem.range);
      await vscode.workspace.applyEdit(fix.edit!);
      assert.equal(document.getText(), text);
    });
  });
});
