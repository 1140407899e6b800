import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { contentPolicy, graphPage } from '../../extension/editor/page.ts';
import { revealInText } from '../../extension/editor/reveal.ts';
import { closeEverything, tiny, writeNetwork } from './support.ts';

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

  it('put the cursor of the text on the layer that is selected in the graph', async () => {
    const uri = await writeNetwork('reveal', tiny(1));
    const editor = await vscode.window.showTextDocument(uri);
    revealInText(editor.document, ['bend']);
    const { line, character } = editor.selection.active;
    assert.match(editor.document.lineAt(line).text.slice(character), /^bend"/);
  });

  it('leave a cursor alone that stands in the layer already', async () => {
    const uri = await writeNetwork('reveal-inside', tiny(1));
    const editor = await vscode.window.showTextDocument(uri);
    const inside = editor.document.positionAt(editor.document.getText().indexOf('"tanh"'));
    editor.selection = new vscode.Selection(inside, inside);
    revealInText(editor.document, ['bend']);
    assert.deepEqual(editor.selection.active, inside);
  });
});
