/** The commands of the Command Palette, the menus and the graph editor's toolbar. */
import * as vscode from 'vscode';
import { type CommandName, commandId, commandNames } from '../../engine/protocol/commands.ts';
import { graphActionNames } from '../../engine/protocol/graphActions.ts';
import { settingId } from '../../engine/protocol/settings.ts';
import type { GraphEditorProvider } from '../editor/graphEditorProvider.ts';
import { showGraph, showOpenGraph } from '../editor/showGraph.ts';
import type { Entry } from '../layersView/layerTree.ts';
import { type Networks, networkName } from '../networks.ts';
import type { PreflightTests } from '../preflight/preflightTests.ts';
import { chooseRun, deleteRuns, openRun, revealRunFolder } from '../runsView/openRun.ts';
import type { RunEntry, RunsView } from '../runsView/runsView.ts';
import { readSetting } from '../settings.ts';
import type { Log } from '../shown/log.ts';
import { choose, showInformation } from '../shown/shown.ts';
import { columnOf } from '../shown/tabs.ts';
import { showFailure } from '../training/outcome.ts';
import type { Run } from '../training/run.ts';
import type { RunPlaces } from '../training/runPlaces.ts';
import type { Runs } from '../training/runs.ts';
import type { Trials } from '../trials/trials.ts';
import { achieve } from './achievements.ts';
import { addTraining } from './addTraining.ts';
import { checkNetwork } from './check.ts';
import { chooseSample } from './chooseSample.ts';
import { exportGraph } from './exportGraph.ts';
import { exportReplay, exportRun } from './exportReplay.ts';
import { newNetwork } from './newNetwork.ts';
import { revealInGraph, revealInText } from './revealLayer.ts';
import { continueTraining, runNetwork, runPreflight } from './run.ts';
import { FrontNetwork } from './target.ts';
import { findWhatHoldsBack, repair, tryFix } from './trials.ts';

export function registerCommands(
  networks: Networks,
  runs: Runs,
  graphs: GraphEditorProvider,
  preflights: PreflightTests,
  trials: Trials,
  runsView: RunsView,
  log: Log,
  dist: string,
): vscode.Disposable {
  const front = new FrontNetwork();
  const onNetwork = <T>(given: unknown, act: (uri: vscode.Uri) => T) =>
    actOn(front.find(given), act, runs.places);
  const handlers: { readonly [N in CommandName]: (uri?: unknown, given?: unknown) => unknown } = {
    newNetwork: () => newNetwork(runs.places),
    openGraphToSide: (uri) => onNetwork(uri, showGraph),
    openTextToSide: (uri) => onNetwork(uri, (found) => openTextToSide(found, networks, graphs)),
    openFailure: (uri) => onNetwork(uri, (found) => openFailure(found, runs)),
    train: (uri) => onNetwork(uri, (found) => runNetwork(found, 'train', networks, runs)),
    continueTraining: (uri) => onNetwork(uri, (found) => continueTraining(found, networks, runs)),
    evaluate: (uri) => onNetwork(uri, (found) => runNetwork(found, 'evaluate', networks, runs)),
    revealInGraph: (entry) => (isEntry(entry) ? revealInGraph(entry, networks, graphs) : undefined),
    revealInText: (entry) => (isEntry(entry) ? revealInText(entry, networks) : undefined),
    addTraining: (uri) => onNetwork(uri, (found) => addTraining(found, networks)),
    check: (uri) => onNetwork(uri, (found) => checkNetwork(found, networks)),
    exportGraph: (uri) => onNetwork(uri, (found) => exportGraph(found, graphs, runs)),
    chooseSample: (uri) => onNetwork(uri, (found) => chooseSample(found, runs)),
    exportReplay: (uri) => onNetwork(uri, (found) => exportReplay(found, runs, dist)),
    stop: (uri) => stop(front.find(uri), runs),
    preflight: (uri) => onNetwork(uri, (found) => runPreflight(found, networks, preflights)),
    tryFix: (uri, finding) => onNetwork(uri, (found) => tryFix(found, finding, networks, runs, trials)),
    repair: (uri) => onNetwork(uri, (found) => repair(found, networks, trials)),
    findWhatHoldsBack: (uri) => onNetwork(uri, (found) => findWhatHoldsBack(found, networks, trials)),
    replayRun: (uri) => onNetwork(uri, (found) => replayRun(found, runs)),
    endReplay: (uri) => (uri instanceof vscode.Uri ? runs.endReplay(uri) : runs.endReplays()),
    openRun: (entry) => (isRunEntry(entry) ? openRun(entry.uri, entry.run, runs, showGraph) : undefined),
    exportRun: (entry) => (isRunEntry(entry) ? exportRun(entry, dist) : undefined),
    revealRunFolder: (entry) => (isRunEntry(entry) ? revealRunFolder(entry.run) : undefined),
    deleteRun: (entry, selected) => deleteEntries(entry, selected, runsView.view.selection, runs),
    showLog: () => log.show(),
    toggleStatistics,
    revealRun: () => revealRun(runs),
    changeKeys: () => vscode.commands.executeCommand('workbench.action.openGlobalKeybindings', 'netloom'),
  };
  return vscode.Disposable.from(
    front,
    ...commandNames.map((name) => vscode.commands.registerCommand(commandId(name), handlers[name])),
  );
}

/** The actions of the graph, which are of no use before there is one. */
export function registerGraphActions(graphs: GraphEditorProvider): vscode.Disposable {
  return vscode.Disposable.from(
    ...graphActionNames.map((name) =>
      vscode.commands.registerCommand(`netloom.${name}`, () => graphs.act(name)),
    ),
  );
}

async function actOn<T>(
  uri: vscode.Uri | undefined,
  act: (uri: vscode.Uri) => T,
  places: RunPlaces,
): Promise<Awaited<T> | undefined> {
  if (uri) return await act(uri);
  const create = vscode.l10n.t('New Network');
  const message = vscode.l10n.t('No network is open. Open a file that ends in .nn.json, or make a new one.');
  if ((await showInformation(message, create)) === create) await newNetwork(places);
  return undefined;
}

/** Other extensions may call commands with any arguments. */
const isEntry = (given: unknown): given is Entry =>
  typeof given === 'object' && given !== null && 'uri' in given && given.uri instanceof vscode.Uri;

const isRunEntry = (given: unknown): given is RunEntry => isEntry(given) && 'run' in given;

/** Menus give the entry, and all selected entries if it is one of them. A key gives nothing and is for the selection. */
function deleteEntries(
  entry: unknown,
  selected: unknown,
  selection: readonly RunEntry[],
  runs: Runs,
): Promise<void> | undefined {
  const several = Array.isArray(selected) ? selected.filter(isRunEntry) : [];
  const given = several.length > 0 ? several : isRunEntry(entry) ? [entry] : selection;
  const [first] = given;
  return (
    first &&
    deleteRuns(
      first.uri,
      given.map(({ run }) => run),
      runs,
    )
  );
}

async function replayRun(uri: vscode.Uri, runs: Runs): Promise<void> {
  const run = await chooseRun(uri, runs);
  if (run) await openRun(uri, run, runs, showGraph);
}

/** Shows the text with the cursor on the layer that is selected in the graph. */
async function openTextToSide(
  uri: vscode.Uri,
  networks: Networks,
  graphs: GraphEditorProvider,
): Promise<void> {
  await showOpenGraph(uri);
  const document = await vscode.workspace.openTextDocument(uri);
  const layer = graphs.selectedLayer(document);
  const range = layer === undefined ? undefined : networks.analysis(document).layerRanges.get(layer)?.name;
  const at = range && document.positionAt(range.start);
  await vscode.window.showTextDocument(document, {
    viewColumn: columnOf(uri, 'text'),
    preview: false,
    ...(at ? { selection: new vscode.Range(at, at) } : {}),
  });
  void achieve('openedText');
}

/** Shows what made the shown run fail, or an evaluation. */
async function openFailure(uri: vscode.Uri, runs: Runs): Promise<void> {
  const [run, shown] = [runs.get(uri), runs.shown(uri)];
  // Only a run of this window knows the place of a failed evaluation.
  await showFailure(uri, (run && run.record === shown ? run.end : shown?.last('end')) ?? {});
  achieve('openedText');
}

/** Stops the run of the active network. If it has none, stops the only run, or one that the person selects. */
async function stop(uri: vscode.Uri | undefined, runs: Runs): Promise<void> {
  const inFront = uri && runs.get(uri);
  if (inFront?.running) await inFront.stop();
  else if (runs.running.length === 1) await runs.running[0].stop();
  else if (runs.running.length > 1) await stopChosen(runs.running);
}

async function stopChosen(running: readonly Run[]): Promise<void> {
  const choices = running.map((run) => ({
    label: networkName(run.uri),
    description: vscode.workspace.asRelativePath(run.uri),
    value: run,
  }));
  const run = await choose(choices, { placeHolder: vscode.l10n.t('Select a run to stop') });
  await run?.stop();
}

async function toggleStatistics(): Promise<void> {
  const name = 'statistics.decorations';
  await vscode.workspace
    .getConfiguration()
    .update(settingId(name), !readSetting(name), vscode.ConfigurationTarget.Global);
}

async function revealRun(runs: Runs): Promise<void> {
  const run = runs.running[0];
  if (run) await showGraph(run.uri, vscode.ViewColumn.Active);
}
