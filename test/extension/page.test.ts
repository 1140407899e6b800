/** The page of the graph editor: what its HTML allows, and the graph beside the text. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { contentPolicy, graphPage } from '../../extension/editor/page.ts';
import { LayerMarks } from '../../extension/editor/reveal.ts';
import { Networks } from '../../extension/networks.ts';
import { closeEverything, eventually, fileUri, openGraph, readText, tiny, writeNetwork } from './support.ts';

describe('The page of the graph editor', () => {
  it('allows its own script, style, font and pictures and nothing else', () => {
    assert.equal(
      contentPolicy('https://source', 'abc'),
      "default-src 'none'; img-src https://source blob: data:; font-src https://source; " +
        "style-src https://source; script-src 'nonce-abc'; connect-src 'none'; frame-src 'none'; " +
        "worker-src 'none'; form-action 'none'; base-uri 'none'",
    );
  });

  it('has a new nonce each time, no inline script and no inline style', () => {
    const webview = { cspSource: 'https://source', asWebviewUri: (uri: vscode.Uri) => uri };
    const page = () => graphPage(webview, vscode.Uri.file('/dist'));
    const [first, second] = [page(), page()];
    const nonce = /script-src 'nonce-([0-9a-f]{32})'/.exec(first)?.[1];
    assert(nonce && !second.includes(nonce));
    assert.doesNotMatch(first, /unsafe|<style|style=|\son\w+=|<script[^>]*>[^<]/);
  });
});

describe('Graph and text side by side', () => {
  after(closeEverything);

  it('scroll the text to the layer that is selected in the graph, and leave its cursor alone', async () => {
    const gap = '\n'.repeat(200);
    const uri = await writeNetwork('reveal', tiny(1).replace('    "bend"', `${gap}    "bend"`));
    const editor = await vscode.window.showTextDocument(uri);
    const { document } = editor;
    const line = document.positionAt(document.getText().indexOf('"bend"')).line;
    const inView = () =>
      editor.visibleRanges.some(({ start, end }) => start.line <= line && line <= end.line);
    assert.equal(inView(), false);
    const before = editor.selection;
    const networks = new Networks();
    const marks = new LayerMarks(networks);
    marks.show(document, ['bend', 'hidden']);
    await eventually('the layer is in view', inView);
    assert.deepEqual(editor.selection, before);
    marks.dispose();
    networks.dispose();
  });
});

describe('Export Graph', () => {
  const { showQuickPick, showSaveDialog, showInformationMessage, showErrorMessage } = vscode.window;
  afterEach(() => {
    Object.assign(vscode.window, { showQuickPick, showSaveDialog, showInformationMessage, showErrorMessage });
    return closeEverything();
  });

  /** Answers what the command asks: the format, and where to save. */
  const answer = (format: string, target: vscode.Uri | undefined) =>
    Object.assign(vscode.window, {
      showQuickPick: async (items: readonly vscode.QuickPickItem[]) =>
        items.find(({ label }) => label.endsWith(format)),
      showSaveDialog: async () => target,
      showInformationMessage: async () => undefined,
      // The page may not be there yet; then the command says so.
      showErrorMessage: async () => undefined,
    });
  const exporting = () => vscode.commands.executeCommand('netloom.exportGraph');

  it('copies Mermaid text, and saves a picture only to the path that the person chooses', async () => {
    await openGraph(await writeNetwork('drawn', tiny(1)));
    answer('Mermaid, copied', undefined);
    await vscode.env.clipboard.writeText('');
    await eventually('the text on the clipboard', async () => {
      await exporting();
      return (await vscode.env.clipboard.readText()).startsWith('flowchart TD');
    });
    const before = await vscode.workspace.fs.readDirectory(fileUri(''));
    answer('PNG, dark', undefined);
    await exporting();
    assert.deepEqual(await vscode.workspace.fs.readDirectory(fileUri('')), before);
    answer('PNG, dark', fileUri('drawn.png'));
    await exporting();
    const png = await vscode.workspace.fs.readFile(fileUri('drawn.png'));
    assert.equal(Buffer.from(png).subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
    answer('SVG', fileUri('drawn.svg'));
    await exporting();
    assert.match(await readText(fileUri('drawn.svg')), /^<\?xml .*\n<svg .*hidden.*<\/svg>\n$/s);
  });
});
