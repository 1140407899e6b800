/** Assembles the parts: networks, runs, the graph editor, language features, decorations and commands. */
import * as vscode from 'vscode';
import { settingId } from '../engine/protocol/settings.ts';
import { achieve } from './commands/achievements.ts';
import { registerCommands, registerGraphActions } from './commands/commands.ts';
import { FindingMarks } from './decorations/findingMarks.ts';
import { ShapeHints } from './decorations/shapeHints.ts';
import { StatsDecorations } from './decorations/statsDecorations.ts';
import { GraphEditorProvider } from './editor/graphEditorProvider.ts';
import { showGraph } from './editor/showGraph.ts';
import { limitProblems } from './findingLimits.ts';
import { Diagnostics } from './language/diagnostics.ts';
import { registerLanguage } from './language/register.ts';
import { LayersView } from './layersView/layersView.ts';
import { Networks, networkSelector } from './networks.ts';
import { PreflightTests } from './preflight/preflightTests.ts';
import { RunsView } from './runsView/runsView.ts';
import { onSettings } from './settings.ts';
import { createLog } from './shown/log.ts';
import { showWarning } from './shown/shown.ts';
import { CutOffRuns } from './training/cutOffRuns.ts';
import { EarlierRuns } from './training/earlierRuns.ts';
import { report } from './training/outcome.ts';
import { showProgress } from './training/progress.ts';
import { Renames } from './training/renames.ts';
import { RunPlaces } from './training/runPlaces.ts';
import { Runs } from './training/runs.ts';
import { ReplayStatus, RunStatus } from './training/status.ts';
import { Trials } from './trials/trials.ts';

export class Netloom {
  readonly layers: LayersView;
  readonly runs: Runs;
  readonly preflights: PreflightTests;
  readonly trials: Trials;
  readonly #disposables: vscode.Disposable[] = [];

  constructor(context: vscode.ExtensionContext) {
    const log = createLog('Netloom', context.logUri);
    log.info(`Netloom ${context.extension.packageJSON.version}`);
    const networks = new Networks();
    const places = new RunPlaces(context.storageUri ?? context.globalStorageUri);
    const bundle = (name: string) => vscode.Uri.joinPath(context.extensionUri, 'dist', name);
    const engine = { process: bundle('engine.cjs'), worker: bundle('worker.cjs') };
    this.runs = new Runs(engine, places, log);
    this.preflights = new PreflightTests(engine, networks, log);
    this.trials = new Trials(engine, log, showGraph);
    // Before the views, which then receive the new names with the new text.
    const renames = new Renames(networks, this.runs, context.workspaceState);
    const { contributes } = context.extension.packageJSON;
    const graphs = new GraphEditorProvider(
      context.extensionUri,
      networks,
      this.runs,
      this.trials,
      log,
      contributes,
    );
    this.layers = new LayersView(networks, this.runs, graphs);
    const runsView = new RunsView(networks, this.runs);
    this.#disposables.push(
      reportLimits(),
      log,
      networks,
      this.runs,
      graphs,
      this.layers,
      runsView,
      new RunStatus(this.runs),
      new ReplayStatus(this.runs),
      renames,
      new EarlierRuns(networks, this.runs, new CutOffRuns(context.workspaceState), renames, vscode.workspace),
      vscode.window.registerCustomEditorProvider(GraphEditorProvider.viewType, graphs, {
        supportsMultipleEditorsPerDocument: true,
      }),
      this.runs.onDidStart((run) => {
        void showProgress(run);
        if (run.job.task === 'train') this.trials.noteTraining(run.uri);
        void run.ended.then((end) => {
          if (run.job.task === 'train' && end.reason !== 'failed') void achieve('trainedNetwork');
          return report(run, end, log);
        });
      }),
      this.preflights,
      this.trials,
      registerCommands(
        networks,
        this.runs,
        graphs,
        this.preflights,
        this.trials,
        runsView,
        log,
        bundle('').fsPath,
      ),
    );
    const whenOpen = networks.whenOpen(() => {
      this.#disposables.push(...this.#partsOfNetworks(networks, graphs));
    });
    this.#disposables.push(whenOpen);
  }

  /** What only open networks need. */
  #partsOfNetworks(networks: Networks, graphs: GraphEditorProvider): vscode.Disposable[] {
    const diagnostics = new Diagnostics(networks, this.runs);
    const statistics = new StatsDecorations(networks, this.runs);
    const hints = new ShapeHints(networks, statistics);
    return [
      diagnostics,
      new FindingMarks(networks, this.runs),
      statistics,
      registerLanguage(networks, this.runs, diagnostics, graphs.jumps),
      hints,
      vscode.languages.registerInlayHintsProvider(networkSelector, hints),
      registerGraphActions(graphs),
    ];
  }

  /** Asks runs to stop, so that they can complete their files. */
  async close(): Promise<void> {
    await this.runs.stopAll();
  }

  dispose(): void {
    for (const disposable of this.#disposables.reverse()) disposable.dispose();
  }
}

/** Reports invalid limits of findings, now and whenever they are changed. */
function reportLimits(): vscode.Disposable {
  const setting = settingId('diagnosis.limits');
  const say = async () => {
    const problems = limitProblems();
    if (problems.length === 0) return;
    const open = vscode.l10n.t('Open Settings');
    const action = await showWarning(vscode.l10n.t('{0}: {1}', setting, problems.join(' ')), open);
    if (action === open) await vscode.commands.executeCommand('workbench.action.openSettings', setting);
  };
  void say();
  return onSettings(['diagnosis.limits'], () => void say());
}
