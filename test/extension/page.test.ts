/** The page of the graph editor: what its HTML allows, and the graph beside the text. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { contentPolicy, graphPage } from '../../extension/editor/page.ts';
import { LayerMarks } from '../../extension/editor/reveal.ts';
import { Networks } from '../../extension/networks.ts';
import { closeEverything, eventually, tiny, writeNetwork } from './support.ts';

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
