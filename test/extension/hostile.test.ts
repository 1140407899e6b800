/** Text of a repository stays text wherever VS Code shows it, and nothing runs in a folder that is not trusted. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { exportReplay } from '../../extension/commands/exportReplay.ts';
import { NetworkCompletionProvider } from '../../extension/language/completion.ts';
import { NetworkHoverProvider } from '../../extension/language/hover.ts';
import { NetworkSymbolProvider } from '../../extension/language/symbols.ts';
import { Networks } from '../../extension/networks.ts';
import { chooseRun } from '../../extension/runsView/openRun.ts';
import * as shown from '../../extension/shown/shown.ts';
import { CutOffRuns } from '../../extension/training/cutOffRuns.ts';
import { EarlierRuns } from '../../extension/training/earlierRuns.ts';
import { Renames } from '../../extension/training/renames.ts';
import { Runs } from '../../extension/training/runs.ts';
import { harmOf, hostileNetwork, payloads } from '../hostile/payloads.ts';
import { api, closeEverything, eventually, fileUri, tiny, writeNetwork } from './support.ts';

const range = new vscode.Range(0, 0, 0, 1);

function assertHarmless(texts: readonly string[]): void {
  assert.deepEqual(texts.map(harmOf).filter(Boolean), []);
}

/** The arguments with which a function of VS Code's API is called while `act` runs. The function itself is not called. */
async function captured<T extends object, K extends keyof T>(
  owner: T,
  name: K,
  act: () => unknown,
): Promise<unknown[][]> {
  const original = owner[name];
  const calls: unknown[][] = [];
  owner[name] = ((...given: unknown[]) => {
    calls.push(given);
    return Promise.resolve(undefined);
  }) as T[K];
  try {
    await act();
  } finally {
    owner[name] = original;
  }
  return calls;
}

describe('Text of a repository', () => {
  afterEach(closeEverything);

  for (const [name, show] of [
    ['showErrorMessage', shown.showError],
    ['showWarningMessage', shown.showWarning],
    ['showInformationMessage', shown.showInformation],
  ] as const)
    it(`is only text in ${name}`, async () => {
      const calls = await captured(vscode.window, name, () => payloads.map((payload) => show(payload)));
      assert.equal(calls.length, payloads.length);
      assertHarmless(calls.map(([message]) => String(message)));
    });

  it('is only text in a quick pick, whose own icons stay', async () => {
    const choices = payloads.map((text) => ({ label: text, description: text, detail: text, value: text }));
    const calls = await captured(vscode.window, 'showQuickPick', () =>
      shown.choose([{ label: 'ours', icon: 'add', value: '' }, ...choices], { placeHolder: 'which' }),
    );
    const [ours, ...items] = calls[0][0] as vscode.QuickPickItem[];
    assert.equal(ours.label, '$(add) ours');
    assertHarmless(items.flatMap(({ label, description, detail }) => [label, description!, detail!]));
  });

  it('is only text in the status bar', async () => {
    const made: vscode.StatusBarItem[] = [];
    const create = vscode.window.createStatusBarItem;
    vscode.window.createStatusBarItem = (...given: unknown[]) => {
      made.push(Reflect.apply(create, vscode.window, given));
      return made.at(-1)!;
    };
    const item = new shown.StatusItem('netloom.test', 'test', 0);
    vscode.window.createStatusBarItem = create;
    for (const text of payloads) {
      item.show({ icon: 'beaker', text, tooltip: [text], command: 'netloom.stop' });
      assert.ok(made[0].text.startsWith('$(beaker)'));
      assertHarmless([made[0].text.slice('$(beaker)'.length)]);
      assertHarmless(String(made[0].tooltip).split('\n'));
    }
    item.dispose();
  });

  it('is only text in progress, problems, the outline and completion', async () => {
    const calls = await captured(vscode.window, 'withProgress', () =>
      payloads.map((text) => shown.showProgressWhile(text, async () => undefined)),
    );
    assertHarmless(calls.map(([options]) => (options as vscode.ProgressOptions).title!));
    const error = vscode.DiagnosticSeverity.Error;
    assertHarmless(payloads.map((text) => shown.problem(range, text, error, 'code').message));
    const symbols = payloads.map((text) => shown.symbol(text, text, vscode.SymbolKind.Class, range, range));
    assertHarmless(symbols.flatMap(({ name, detail }) => [name, detail]));
    const items = payloads.map((text) =>
      shown.completion({
        label: text,
        detail: text,
        kind: vscode.CompletionItemKind.Reference,
        insert: '',
        range,
        filter: text,
        order: 0,
        goesOn: false,
      }),
    );
    assertHarmless(items.flatMap(({ label, detail }) => [String(label), detail!]));
  });

  it('is only text in trees, quick fixes and drops', () => {
    const kind = vscode.DocumentDropOrPasteEditKind.Empty.append('test');
    for (const text of payloads) {
      const look = { id: 'a', label: text, description: text, icon: 'pass', lines: [text], spoken: [text] };
      const item = shown.treeItem({ ...look, hasChildren: false });
      const { label, description, tooltip, accessibilityInformation } = item;
      assertHarmless([String(label), String(description), accessibilityInformation!.label]);
      assertHarmless(String(tooltip).split('\n'));
      const edit = new vscode.WorkspaceEdit();
      assertHarmless([shown.quickFix(text, edit, []).title]);
      assertHarmless([shown.dropEdit(text, kind, edit).title!, shown.pasteEdit(text, kind, edit).title]);
    }
  });

  it('is only text in hints, lenses, links and refusals', () => {
    const hints = payloads.map((text) => shown.inlayHint(range.start, text, [text]));
    assertHarmless(hints.flatMap(({ label, tooltip }) => [String(label), ...String(tooltip).split('\n')]));
    for (const text of payloads) {
      const look = { icon: 'play', title: text, help: text };
      const command = shown.codeLens(range, look, 'netloom.train').command!;
      assert.ok(command.title.startsWith('$(play)'));
      assertHarmless([command.title.slice('$(play)'.length), command.tooltip!]);
      assertHarmless([shown.documentLink(range, text).tooltip!, shown.refusal(text).message]);
      assert.equal(shown.documentLink(range, text).target, undefined);
    }
  });

  it('is code in Markdown, which is never trusted', () => {
    for (const text of payloads) {
      const made = shown.markdown`**${text}** · ${shown.documentation('ours')}`;
      assert.ok(!made.isTrusted && !made.supportHtml && !made.supportThemeIcons);
      assertHarmless([made.value]);
      assert.match(made.value, /^\*\*(?:(`+)[\s\S]*\1)?\*\* · ours$/);
    }
  });

  it('is only text in the results of language features for a network full of it', async () => {
    const networks = new Networks();
    const runs = (await api()).runs;
    try {
      for (const payload of payloads.slice(0, 100)) {
        const document = await vscode.workspace.openTextDocument({
          language: 'netloom',
          content: hostileNetwork(payload),
        });
        const { diagnostics } = networks.analysis(document);
        assertHarmless(diagnostics.map(({ message }) => shown.problem(range, message, 0, undefined).message));
        const symbols = new NetworkSymbolProvider(networks).provideDocumentSymbols(document);
        assertHarmless(symbols.flatMap(({ name, detail }) => [name, detail]));
        const place = document.positionAt(document.getText().indexOf('"from":') + 9);
        const items =
          (await new NetworkCompletionProvider(networks).provideCompletionItems(document, place)) ?? [];
        assert.ok(items.length > 0);
        assertHarmless(items.flatMap(({ label, detail }) => [String(label), detail ?? '']));
        const hover = new NetworkHoverProvider(networks, runs).provideHover(
          document,
          document.positionAt(document.getText().indexOf('"image"') + 2),
        );
        assertHarmless((hover?.contents ?? []).map((part) => (part as vscode.MarkdownString).value));
      }
    } finally {
      networks.dispose();
    }
  });
});

describe('A folder that is not trusted', () => {
  afterEach(closeEverything);

  it('has no run log read from it until it is trusted', async () => {
    const text = tiny(1);
    const encode = (content: string) => new TextEncoder().encode(content);
    const plan = {
      event: 'plan',
      parameters: 1,
      memoryBytes: 1,
      backend: 'x',
      trainSamples: 1,
      testSamples: 1,
      batchSize: 1,
      stepsPerEpoch: 1,
      epochs: 1,
    };
    await vscode.workspace.fs.writeFile(
      fileUri('.netloom/runs/stranger/2026-01-02T03-04-05.678Z/network.jsonc'),
      encode(text),
    );
    await vscode.workspace.fs.writeFile(
      fileUri('.netloom/runs/stranger/2026-01-02T03-04-05.678Z/run.jsonl'),
      encode(`${JSON.stringify(plan)}\n`),
    );
    const uri = await writeNetwork('stranger', text);
    const granted = new vscode.EventEmitter<void>();
    const trust = { isTrusted: false, onDidGrantWorkspaceTrust: granted.event };
    const forgetful: vscode.Memento = {
      keys: () => [],
      get: <T>(_key: string, preset?: T) => preset,
      update: async () => {},
    };
    const networks = new Networks();
    const { engineFiles, places, log } = (await api()).runs;
    // Separate runs: those of the extension, in this trusted window, would restore the run at once.
    const runs = new Runs(engineFiles, places, log);
    const renames = new Renames(networks, runs, forgetful);
    const earlierRuns = new EarlierRuns(networks, runs, new CutOffRuns(forgetful), renames, trust);
    try {
      const seen = new Promise<void>((resolve) => {
        networks.onDidAnalyze((document) => document.uri.path === uri.path && resolve());
      });
      await vscode.window.showTextDocument(uri);
      await seen;
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(runs.record(uri), undefined);
      trust.isTrusted = true;
      granted.fire();
      const record = await eventually('the run is restored', () => runs.record(uri));
      assert.equal(record.last('plan')?.backend, 'x');
    } finally {
      earlierRuns.dispose();
      renames.dispose();
      runs.dispose();
      networks.dispose();
    }
  });

  it('has the data of its networks read once it is trusted', async () => {
    const table = `a,b,c,d\n${'1,2,3,4\n'.repeat(9)}`;
    await vscode.workspace.fs.writeFile(fileUri('untrusted.csv'), new TextEncoder().encode(table));
    const text = tiny(1).replace(/"data": .*/, '"data": { "type": "csv", "file": "untrusted.csv" },');
    const uri = await writeNetwork('untrusted-data', text);
    const granted = new vscode.EventEmitter<void>();
    const whether = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted')!;
    const grants = Object.getOwnPropertyDescriptor(vscode.workspace, 'onDidGrantWorkspaceTrust')!;
    const define = (name: string, property: PropertyDescriptor) =>
      Object.defineProperty(vscode.workspace, name, { configurable: true, ...property });
    define('isTrusted', { get: () => false });
    define('onDidGrantWorkspaceTrust', { get: () => granted.event });
    const networks = new Networks();
    try {
      const document = await vscode.workspace.openTextDocument(uri);
      assert.equal(networks.analysis(document).input, undefined);
      define('isTrusted', whether);
      const again = new Promise<void>((resolve) => {
        networks.onDidReadData((read) => read === document && resolve());
      });
      granted.fire();
      networks.onDidAnalyze((analysed) => networks.analysis(analysed));
      await again;
      assert.deepEqual(networks.analysis(document).input?.shape, [3]);
    } finally {
      define('isTrusted', whether);
      define('onDidGrantWorkspaceTrust', grants);
      networks.dispose();
    }
  });

  it('has no pre-flight checks run on it, which read its data', async () => {
    const { preflights } = await api();
    const uri = await writeNetwork('untrusted-checks', tiny(1));
    await vscode.workspace.openTextDocument(uri);
    const checks = ['sameBits'];
    const whether = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted')!;
    Object.defineProperty(vscode.workspace, 'isTrusted', { configurable: true, get: () => false });
    try {
      assert.deepEqual(await preflights.run(uri, checks), []);
    } finally {
      Object.defineProperty(vscode.workspace, 'isTrusted', whether);
    }
    assert.equal((await preflights.run(uri, checks)).length, 1);
  });

  it('is named as the reason why a run that it contains is not shown', async () => {
    const { runs } = await api();
    const uri = await writeNetwork('untrusted-run', tiny(1));
    const whether = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted')!;
    Object.defineProperty(vscode.workspace, 'isTrusted', { configurable: true, get: () => false });
    try {
      for (const show of [() => chooseRun(uri, runs), () => exportReplay(uri, runs, 'dist')]) {
        const calls = await captured(vscode.window, 'showWarningMessage', show);
        assert.match(String(calls[0]?.[0]), /trusted workspace/);
      }
    } finally {
      Object.defineProperty(vscode.workspace, 'isTrusted', whether);
    }
  });

  it('has no influence on limits, threads and memory with its settings', () => {
    const { untrustedWorkspaces } =
      vscode.extensions.getExtension('netloom.netloom')!.packageJSON.capabilities;
    assert.equal(untrustedWorkspaces.supported, 'limited');
    assert.deepEqual(untrustedWorkspaces.restrictedConfigurations, [
      'netloom.diagnosis.limits',
      'netloom.training.memoryLimit',
      'netloom.training.threads',
      'netloom.training.wideVectors',
    ]);
  });
});
