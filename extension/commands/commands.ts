/** The commands of the palette, the menus and the graph editor's toolbar. */
import * as vscode from 'vscode';
import { GraphEditorProvider } from '../editor/graphEditorProvider.ts';
import { type Networks, networkName } from '../networks.ts';
import { choose, type Log, showInformation } from '../shown/shown.ts';
import type { Session } from '../training/session.ts';
import type { Sessions } from '../training/sessions.ts';
import { newNetwork } from './newNetwork.ts';
import { runNetwork } from './run.ts';
import { findNetwork } from './target.ts';

export function registerCommands(networks: Networks, sessions: Sessions, log: Log): vscode.Disposable {
  const commands: Record<string, (uri?: unknown) => unknown> = {
    'netloom.newNetwork': newNetwork,
    'netloom.openGraphToSide': (uri) => onNetwork(uri, openGraphToSide),
    'netloom.openTextToSide': (uri) => onNetwork(uri, openTextToSide),
    'netloom.train': (uri) => onNetwork(uri, (found) => runNetwork(found, 'train', networks, sessions)),
    'netloom.evaluate': (uri) => onNetwork(uri, (found) => runNetwork(found, 'evaluate', networks, sessions)),
    'netloom.stop': (uri) => stop(uri, sessions),
    'netloom.showLog': () => log.show(),
    'netloom.toggleStatistics': toggleStatistics,
    'netloom.revealRun': () => revealRun(sessions),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run)),
  );
}

async function onNetwork<T>(given: unknown, act: (uri: vscode.Uri) => T): Promise<Awaited<T> | undefined> {
  const uri = findNetwork(given);
  if (uri) return await act(uri);
  const create = vscode.l10n.t('New Network');
  const message = vscode.l10n.t('No network is open. Open a file that ends in .nn.json, or make a new one.');
  if ((await showInformation(message, create)) === create) await newNetwork();
  return undefined;
}

const openGraphToSide = (uri: vscode.Uri) =>
  vscode.commands.executeCommand(
    'vscode.openWith',
    uri,
    GraphEditorProvider.viewType,
    vscode.ViewColumn.Beside,
  );

const openTextToSide = (uri: vscode.Uri) =>
  vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preview: false });

/** Stops the run on the network in front; when none runs there, the only one there is, or one to choose. */
async function stop(given: unknown, sessions: Sessions): Promise<void> {
  const uri = findNetwork(given);
  const inFront = uri && sessions.get(uri);
  if (inFront?.running) await inFront.stop();
  else if (sessions.running.length === 1) await sessions.running[0].stop();
  else if (sessions.running.length > 1) await stopChosen(sessions.running);
}

async function stopChosen(running: readonly Session[]): Promise<void> {
  const choices = running.map((session) => ({
    label: networkName(session.uri),
    description: vscode.workspace.asRelativePath(session.uri),
    value: session,
  }));
  const session = await choose(choices, { placeHolder: vscode.l10n.t('Which run to stop') });
  await session?.stop();
}

async function toggleStatistics(): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('netloom.statistics');
  const shown = configuration.get('decorations', true);
  await configuration.update('decorations', !shown, vscode.ConfigurationTarget.Global);
}

async function revealRun(sessions: Sessions): Promise<void> {
  const session = sessions.running[0];
  if (session)
    await vscode.commands.executeCommand('vscode.openWith', session.uri, GraphEditorProvider.viewType);
}
