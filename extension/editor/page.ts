/**
 * The page of the graph editor: static, with one script and one style sheet of ours. Nothing else is allowed. Chunks that the
 * script imports load with the script's nonce.
 */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

export function contentPolicy(source: string, nonce: string): string {
  return [
    "default-src 'none'",
    `img-src ${source} blob: data:`,
    `font-src ${source}`,
    `style-src ${source}`,
    `script-src 'nonce-${nonce}'`,
    "connect-src 'none'",
    "frame-src 'none'",
    "worker-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
}

export function graphPage(
  webview: Pick<vscode.Webview, 'cspSource' | 'asWebviewUri'>,
  dist: vscode.Uri,
): string {
  const nonce = randomBytes(16).toString('hex');
  const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  return `<!DOCTYPE html>
<html lang="${vscode.env.language.replace(/[^\w-]/g, '')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(webview.cspSource, nonce)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${resource('webview.css')}">
<title>Netloom</title>
</head>
<body>
<div id="root"></div>
<script type="module" nonce="${nonce}" src="${resource('webview.js')}"></script>
</body>
</html>
`;
}
