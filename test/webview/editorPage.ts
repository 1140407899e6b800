/** The built graph editor in a real browser, served under the content policy the extension gives it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import { forViews } from '../../extension/scripts/forViews.mjs';
import { launchBrowser } from '../harness/browser.mjs';
import { bodyClass, type ThemeName, themeSheet } from './themes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const nonce = 'test';

/** Milliseconds to wait for a condition. A machine may be many times slower than usual. */
export const patience = 90_000;

/** The policy of extension/editor/page.ts, with this server instead of the source of the webview. */
const policy = [
  "default-src 'none'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "style-src 'self'",
  `script-src 'nonce-${nonce}'`,
  "connect-src 'none'",
].join('; ');

const pageText = (theme: ThemeName) => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="theme.css?${theme}">
<link rel="stylesheet" href="main.css">
<title>Netloom</title>
</head>
<body class="${bodyClass(theme)}">
<div id="root"></div>
<script nonce="${nonce}" src="pageHost.js"></script>
<script type="module" nonce="${nonce}" src="main.js"></script>
</body>
</html>
`;

const types: { readonly [extension: string]: string } = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};

export class EditorServer {
  private constructor(
    readonly folder: string,
    readonly browser: BrowserContext,
    readonly server: Server,
  ) {}

  /** With its files in a new folder in `parent`, which `stop()` removes. `flags`: more arguments of the browser. */
  static async start(parent = os.tmpdir(), flags: readonly string[] = []): Promise<EditorServer> {
    const folder = mkdtempSync(path.join(parent, 'netloom-webview-'));
    const out = path.join(folder, 'out');
    const common = { absWorkingDir: root, outdir: out, bundle: true, logLevel: 'warning' } as const;
    await Promise.all([
      esbuild.build({ ...common, entryPoints: ['test/webview/pageHost.ts'], format: 'iife' }),
      // Split as in extension/scripts/build.mjs, with the same reduced engine.
      esbuild.build({
        ...common,
        entryPoints: ['webview/main.tsx'],
        format: 'esm',
        splitting: true,
        jsx: 'automatic',
        loader: { '.ttf': 'file' },
        assetNames: '[name]',
        plugins: [forViews],
        define: { 'process.env.NODE_ENV': '"production"' },
      }),
    ]);
    const server = createServer(async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const theme = (url.search.slice(1) || 'dark') as ThemeName;
      if (url.pathname === '/') response.setHeader('Content-Type', 'text/html').end(pageText(theme));
      else if (url.pathname === '/theme.css')
        response.setHeader('Content-Type', 'text/css').end(themeSheet(theme));
      // Each browser requests it once, and logs an error if it is missing.
      else if (url.pathname === '/favicon.ico') response.writeHead(204).end();
      else {
        const file = path.join(out, path.basename(url.pathname));
        const body = await readFile(file).catch(() => undefined);
        response.statusCode = body ? 200 : 404;
        // The browser keeps what it has compiled, which halves the time that the next editor needs to open.
        response.setHeader('Cache-Control', 'max-age=86400');
        response.setHeader('Content-Type', types[path.extname(file)] ?? 'application/octet-stream').end(body);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new EditorServer(folder, await launchBrowser(path.join(folder, 'profile'), flags), server);
  }

  /** Opens a new editor with `text`, in a new page or in a page that showed another one. */
  async open(
    text: string,
    theme: ThemeName = 'dark',
    size = { width: 1400, height: 900 },
    page?: Page,
  ): Promise<Page> {
    page ??= await this.browser.newPage();
    page.setDefaultTimeout(patience);
    await page.setViewportSize(size);
    const { port } = this.server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/?${theme}`);
    await page.evaluate((text) => window.host.change(text), text);
    await page.locator('.toolbar').waitFor();
    return page;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
