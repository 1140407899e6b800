/** Entry of the extension. Loads `main.ts` with the code that was compiled for it earlier. */
import path from 'node:path';
import type * as vscode from 'vscode';
import { CompiledScripts } from './compiledCode.ts';

type Main = typeof import('./main.ts');

let main: Main | undefined;

export function activate(context: vscode.ExtensionContext): ReturnType<Main['activate']> {
  const scripts = new CompiledScripts(
    path.join(context.extensionUri.fsPath, 'dist'),
    path.join(context.globalStorageUri.fsPath, 'compiled'),
  );
  context.subscriptions.push(scripts);
  main = scripts.load('main.cjs') as Main;
  return main.activate(context);
}

export async function deactivate(): Promise<void> {
  await main?.deactivate();
}
