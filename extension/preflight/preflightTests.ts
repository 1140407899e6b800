/**
 * Pre-flight checks in the Test Explorer: an entry for each network of the workspace, and under it one for each check.
 * They run in a separate engine process, one network at a time.
 */
import * as vscode from 'vscode';
import { preflightChecks } from '../../engine/preflight/registry.ts';
import type { EventOfKind, TrainingEvent } from '../../engine/protocol/events.ts';
import type { Job } from '../../engine/protocol/training.ts';
import { isNetwork, type Networks, networkName, networkSuffix, placeOf } from '../networks.ts';
import type { Log } from '../shown/log.ts';
import { rangeOfPath } from '../shown/place.ts';
import {
  showError,
  showInformation,
  showProgressWhile,
  showWarning,
  testItem,
  testMessage,
  writeTestOutput,
} from '../shown/shown.ts';
import { ask } from '../training/ask.ts';
import type { EngineFiles } from '../training/engine.ts';
import { memoryLimitFor } from '../training/limits.ts';
import { reasonNotToRun } from '../training/mayRun.ts';

/** Folders that are not searched for networks. */
const passedOver = '**/{node_modules,.netloom}/**';
/** The most networks that are listed. */
const most = 1000;

type Result = EventOfKind<'check'>;

interface Outcome {
  readonly results: readonly Result[];
  /** The reason why checks could not run. */
  readonly problem: string | undefined;
}

export class PreflightTests {
  readonly #controller = vscode.tests.createTestController('netloom', 'Netloom');
  readonly #listeners: readonly vscode.Disposable[];

  constructor(
    readonly engineFiles: EngineFiles,
    networks: Networks,
    readonly log: Log,
  ) {
    const controller = this.#controller;
    controller.resolveHandler = async (item) => {
      if (!item) await this.#discover();
    };
    controller.refreshHandler = () => this.#discover();
    const kind = vscode.TestRunProfileKind.Run;
    const profile = controller.createRunProfile(
      vscode.l10n.t('Run Pre-flight Checks'),
      kind,
      async (request, token) => void (await this.#run(request, token)),
      true,
    );
    this.#listeners = [
      controller,
      profile,
      networks.onDidAnalyze(({ uri }) => this.#add(uri)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#discover()),
      vscode.workspace.onDidCreateFiles(({ files }) => {
        for (const uri of files) this.#add(uri);
      }),
      vscode.workspace.onDidDeleteFiles(({ files }) => {
        for (const uri of files) this.#remove(uri);
      }),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) {
          this.#remove(oldUri);
          this.#add(newUri);
        }
      }),
    ];
    for (const { uri } of networks.open) this.#add(uri);
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
  }

  /** Runs some checks of a network on disk; without results if it cannot be trained. */
  async run(uri: vscode.Uri, checks: readonly string[]): Promise<readonly Result[]> {
    const item = this.#add(uri);
    const chosen = checks.flatMap((key) => item?.children.get(key) ?? []);
    const { token } = new vscode.CancellationTokenSource();
    return (await this.#run(new vscode.TestRunRequest(chosen), token)).results;
  }

  /** Runs every check of a network, shows the progress, and reports the result. */
  async runAll(uri: vscode.Uri): Promise<readonly Result[]> {
    const item = this.#add(uri);
    const name = networkName(uri);
    if (!item) {
      void showError(vscode.l10n.t('{0} is not on disk. Save it in a folder first.', name));
      return [];
    }
    const { results, problem } = await showProgressWhile(
      vscode.l10n.t('Pre-flight checks of {0}', name),
      (report, token) =>
        this.#run(new vscode.TestRunRequest([item]), token, (check) => {
          report(titleOf(check), 100 / (preflightChecks.length + 1));
        }),
    );
    const failed = results.filter(({ outcome }) => outcome === 'failed');
    if (problem !== undefined) void showError(`${name}: ${problem}`);
    else if (failed.length > 0) void this.#reportFailures(item, failed);
    else if (results.length === preflightChecks.length) void showInformation(passedText(name, results));
    return results;
  }

  async #reportFailures(network: vscode.TestItem, failed: readonly Result[]): Promise<void> {
    const name = network.label;
    const show = vscode.l10n.t('Show Results');
    const [{ check, message }] = failed;
    const text =
      failed.length === 1
        ? vscode.l10n.t('{0} failed the check "{1}". {2}', name, titleOf(check), message)
        : vscode.l10n.t(
            '{0} failed {1} pre-flight checks. The first is "{2}". {3}',
            name,
            failed.length,
            titleOf(check),
            message,
          );
    if ((await showWarning(text, show)) === show)
      await vscode.commands.executeCommand(
        'vscode.revealTestInExplorer',
        network.children.get(check) ?? network,
      );
  }

  async #discover(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    const found = await vscode.workspace.findFiles(`**/*${networkSuffix}`, passedOver, most);
    for (const uri of found) this.#add(uri);
    const there = new Set(found.map(String));
    this.#controller.items.forEach(({ id, uri }) => {
      if (uri && !there.has(id) && vscode.workspace.getWorkspaceFolder(uri))
        this.#controller.items.delete(id);
    });
  }

  /** Undefined if it is not a network on disk. */
  #add(uri: vscode.Uri): vscode.TestItem | undefined {
    if (!isNetwork(uri) || !placeOf(uri)) return undefined;
    const { items } = this.#controller;
    const known = items.get(uri.toString());
    if (known) return known;
    const item = testItem(this.#controller, uri.toString(), networkName(uri), uri);
    item.children.replace(
      preflightChecks.map(({ key, title }, index) => testItem(this.#controller, key, title, uri, index)),
    );
    items.add(item);
    return item;
  }

  #remove(uri: vscode.Uri): void {
    this.#controller.items.delete(uri.toString());
  }

  async #run(
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
    onStart: (check: string) => void = () => undefined,
  ): Promise<Outcome> {
    const run = this.#controller.createTestRun(request);
    const results: Result[] = [];
    let problem: string | undefined;
    try {
      for (const [network, checks] of this.#chosen(request)) {
        for (const check of checks) run.enqueued(check);
        if (token.isCancellationRequested) break;
        const outcome = await this.#runNetwork(run, network, checks, token, onStart);
        results.push(...outcome.results);
        problem ??= outcome.problem;
      }
    } finally {
      run.end();
    }
    return { results, problem };
  }

  /** The requested checks by network. */
  #chosen({ include, exclude }: vscode.TestRunRequest): Map<vscode.TestItem, vscode.TestItem[]> {
    const chosen = new Map<vscode.TestItem, vscode.TestItem[]>();
    const add = (check: vscode.TestItem, network: vscode.TestItem) => {
      if (exclude?.includes(check) || exclude?.includes(network)) return;
      chosen.set(network, [...(chosen.get(network) ?? []), check]);
    };
    const items = include ?? [...this.#controller.items].map(([, item]) => item);
    for (const item of items) {
      if (item.parent) add(item, item.parent);
      else for (const [, check] of item.children) add(check, item);
    }
    return chosen;
  }

  async #runNetwork(
    run: vscode.TestRun,
    network: vscode.TestItem,
    checks: readonly vscode.TestItem[],
    token: vscode.CancellationToken,
    onStart: (check: string) => void,
  ): Promise<Outcome> {
    const uri = network.uri!;
    const document = await vscode.workspace.openTextDocument(uri);
    const reason = reasonNotToRun(uri);
    if (reason !== undefined) {
      const message = testMessage(reason, new vscode.Location(uri, rangeOfPath(document, [])));
      for (const check of checks) run.errored(check, message);
      return { results: [], problem: reason };
    }
    const inOrder = preflightChecks.flatMap(({ key }) => checks.filter(({ id }) => id === key));
    const waiting = new Map(inOrder.map((item) => [item.id, item]));
    const startNext = () => {
      const [next] = waiting.values();
      if (!next) return;
      run.started(next);
      onStart(next.id);
    };
    const results: Result[] = [];
    const job: Job = {
      task: 'preflight',
      text: document.getText(),
      ...placeOf(uri)!,
      memoryLimit: memoryLimitFor(uri),
      threads: 1,
      checks: [...waiting.keys()],
    };
    const onEvent = (event: TrainingEvent) => {
      if (event.event !== 'check') return;
      const item = waiting.get(event.check);
      if (!item) return;
      waiting.delete(event.check);
      results.push(event);
      show(run, item, event, document);
      startNext();
    };
    startNext();
    const end = await ask(this.engineFiles, job, token, onEvent, this.log);
    const message = testMessage(
      end.message ?? vscode.l10n.t('The checks were stopped.'),
      new vscode.Location(uri, rangeOfPath(document, end.path ?? [])),
    );
    for (const item of waiting.values())
      if (end.reason === 'failed') run.errored(item, message);
      else run.skipped(item);
    return { results, problem: end.reason === 'failed' ? end.message : undefined };
  }
}

/** A check that does not apply to a network was not passed. */
export function passedText(name: string, results: readonly Pick<Result, 'outcome'>[]): string {
  const passed = results.filter(({ outcome }) => outcome === 'passed').length;
  return passed === results.length
    ? vscode.l10n.t('{0} passed all pre-flight checks.', name)
    : vscode.l10n.t(
        '{0} passed {1} of its {2} pre-flight checks. The others do not apply to it.',
        name,
        passed,
        results.length,
      );
}

function show(
  run: vscode.TestRun,
  item: vscode.TestItem,
  { outcome, message, path = [] }: Result,
  document: vscode.TextDocument,
): void {
  // The numbers are of interest whatever the outcome, and a skipped check has no other place for its reason.
  if (outcome !== 'failed') writeTestOutput(run, `${item.label}: ${message}`, item);
  if (outcome === 'skipped') run.skipped(item);
  else if (outcome === 'passed') run.passed(item);
  else run.failed(item, testMessage(message, new vscode.Location(document.uri, rangeOfPath(document, path))));
}

const titleOf = (key: string): string => preflightChecks.find((check) => check.key === key)?.title ?? key;
