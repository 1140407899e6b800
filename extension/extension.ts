/** Entry of the extension. Loads `main.ts` with the code that was compiled for it earlier. */
import path from 'node:path';
import type * as vscode from 'vscode';
import { loadScript } from './compiledCode.ts';

type Main = typeof import('./main.ts');

let main: Main | undefined;

/** Milliseconds after which code is cached. Until then VS Code is busy, and the functions that run first are compiled, too. */
const beforeKeeping = 5000;

export async function activate(context: vscode.ExtensionContext): ReturnType<Main['activate']> {
  const { exports, keep } = loadScript<Main>(
    path.join(context.extensionUri.fsPath, 'dist', 'main.cjs'),
    path.join(context.globalStorageUri.fsPath, 'compiled-code'),
  );
  main = exports;
  const api = await main.activate(context);
  const timer = setTimeout(keep, beforeKeeping);
  context.subscriptions.push({ dispose: () => clearTimeout(timer) });
  return api;
}

export async function deactivate(): Promise<void> {
  await main?.deactivate();
}
