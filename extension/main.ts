/**
 * The extension as VS Code activates it, once its code is loaded. Loads the rest only after translations are set, because engine
 * strings are read when modules load.
 */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Netloom } from './netloom.ts';

let running: Netloom | undefined;

/** The interface for other extensions. */
export type NetloomApi = Pick<Netloom, 'runs' | 'preflights' | 'trials' | 'layers'>;

export async function activate(context: vscode.ExtensionContext): Promise<NetloomApi> {
  l10n.config({ contents: vscode.l10n.bundle ?? {} });
  const { Netloom } = await import('./netloom.ts');
  running = new Netloom(context);
  context.subscriptions.push(running);
  const { runs, preflights, trials, layers } = running;
  return { runs, preflights, trials, layers };
}

/** In milliseconds. VS Code waits for five seconds and then ends this process, and the engines with it. */
const patience = 4000;

/** Stops all runs, which save their weights. */
export async function deactivate(): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, patience));
  await Promise.race([running?.close(), late]);
}
