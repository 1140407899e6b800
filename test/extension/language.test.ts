/** Problems of the text in the Problems panel, and that no other language service takes part. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, closeEverything, eventually, tiny, writeNetwork } from './support.ts';

/** Providers answer from when the extension is active, which opening a text only begins. */
async function shown(name: string, text: string): Promise<vscode.TextDocument> {
  await api();
  const uri = await writeNetwork(name, text);
  const { document } = await vscode.window.showTextDocument(uri);
  return document;
}

const ownDiagnostics = (uri: vscode.Uri) =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Netloom');

/** Opens a bad network and compares the texts under its errors, and words of the first message. */
async function check(name: string, text: string, places: readonly string[], words: RegExp): Promise<void> {
  const document = await shown(name, text);
  const found = await eventually('errors', () => {
    const errors = ownDiagnostics(document.uri).filter(
      ({ severity }) => severity === vscode.DiagnosticSeverity.Error,
    );
    return errors.length > 0 && errors;
  });
  assert.deepEqual(
    found.map(({ range }) => document.getText(range)),
    places,
    JSON.stringify(found),
  );
  assert.match(found[0].message, words);
}

describe('Language features', () => {
  afterEach(closeEverything);

  it('underline an unknown layer type at its name', () =>
    check('unknown-type', tiny(1).replace('"tanh"', '"tahn"'), ['"tahn"'], /tanh/));

  it('underline an input that does not exist', () =>
    check('missing-input', tiny(1).replace('"from": "bend"', '"from": "nothing"'), ['"nothing"'], /nothing/));

  it('underline a number that is out of range', () =>
    check('range', tiny(1).replace('"units": 8', '"units": -8'), ['-8'], /units/));

  it('belong to a language that belongs to Netloom, in which no other service takes part', async () => {
    const text = tiny(1).replace('"units": 8', '"unitz": -8').replace('"tanh"', '"tahn"');
    const document = await shown('reported-once', `// A comment.\n${text}`);
    assert.equal(document.languageId, 'netloom');
    await eventually('errors', () => ownDiagnostics(document.uri).length > 0);
    const place = document.positionAt(document.getText().indexOf('tahn'));
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      place,
    );
    assert.equal(items.filter(({ label }) => label === 'tanh').length, 1);
    const sources = vscode.languages.getDiagnostics(document.uri).map(({ source }) => source);
    assert.deepEqual([...new Set(sources)], ['Netloom']);
  });

  it('report an empty file once', async () => {
    const document = await shown('empty', '');
    const found = await eventually('diagnostics', () => {
      const diagnostics = ownDiagnostics(document.uri);
      return diagnostics.length > 0 && diagnostics;
    });
    assert.equal(found.length, 1);
  });

  it('report ten megabytes of noise once and quickly, and stay usable', async () => {
    const noise = '{[,"'.repeat(2_600_000);
    const document = await shown('noise', noise);
    await eventually('an answer', () => ownDiagnostics(document.uri).length === 1 || document.isClosed);
    await check('after-noise', tiny(1).replace('"tanh"', '"tahn"'), ['"tahn"'], /tanh/);
  });

  it('remove fixed problems, and all problems when the file is closed', async () => {
    const document = await shown('fixed', tiny(1).replace('"tanh"', '"tahn"'));
    await eventually('a problem', () => ownDiagnostics(document.uri).length > 0);
    const at = document.getText().indexOf('tahn');
    const edit = new vscode.WorkspaceEdit();
    const range = new vscode.Range(document.positionAt(at), document.positionAt(at + 4));
    edit.replace(document.uri, range, 'tanh');
    await vscode.workspace.applyEdit(edit);
    await eventually('no problem', () => ownDiagnostics(document.uri).length === 0);
    await document.save();
  });

  it('show shapes and parameters of a layer on hover', async () => {
    const document = await shown('hover', tiny(1));
    const position = document.positionAt(document.getText().indexOf('hidden') + 1);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      position,
    );
    const text = hovers
      .flatMap(({ contents }) => contents.map((part) => (typeof part === 'string' ? part : part.value)))
      .join('\n');
    assert.match(text, /2.*→.*8/);
    assert.match(text, /24.*parameters/);
  });
});
