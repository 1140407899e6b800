/** Earlier runs: listed with their results, shown instead of the last one, deleted, and moved when their network is renamed. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { chooseRun } from '../../extension/runsView/openRun.ts';
import { ReplayStatus } from '../../extension/training/status.ts';
import { api, closeEverything, eventually, fileUri, openGraph, tiny, writeNetwork } from './support.ts';

const plan = {
  ...{ event: 'plan', parameters: 42, memoryBytes: 1000, backend: 'reference' },
  ...{ trainSamples: 200, testSamples: 50, batchSize: 20, stepsPerEpoch: 10, epochs: 2 },
};
const reading = (step: number, mean: number) => {
  const activation = { mean, std: 1, min: -1, max: 1, zeroFraction: 0 };
  return { event: 'stats', step, layers: { hidden: { activation }, bend: { activation } } };
};
const finding = {
  ...{ event: 'finding', code: 'relu/dead', layer: 'bend', severity: 'warning', step: 15 },
  ...{ evidence: { value: 1, limit: 0.5 }, message: 'It is dead.', path: ['layers', 'bend'] },
};
const epoch = (metric: string, value: number) => {
  const scores = { loss: 0.5, [metric]: value };
  return { event: 'epoch', epoch: 2, step: 20, seconds: 1, train: scores, test: scores };
};
const end = { event: 'end', reason: 'finished', step: 20 };

const ids = ['2026-01-02T03-04-05.678Z', '2026-01-03T03-04-05.678Z', '2026-01-04T03-04-05.678Z'];
const folderOf = (name: string, id: string) => fileUri(`.netloom/runs/${name}/${id}`);

/** A network with three runs. The mean activation is that of the run's number, and its accuracy a tenth of it. */
async function withRuns(name: string, metric = 'accuracy'): Promise<vscode.Uri> {
  const encode = (content: string) => new TextEncoder().encode(content);
  for (const [index, id] of ids.entries()) {
    const mean = index + 1;
    const events = [plan, reading(10, mean), finding, reading(20, mean), epoch(metric, mean / 10), end];
    const file = (of: string) => vscode.Uri.joinPath(folderOf(name, id), of);
    await vscode.workspace.fs.writeFile(file('network.jsonc'), encode(tiny(1)));
    await vscode.workspace.fs.writeFile(
      file('run.jsonl'),
      encode(events.map((event) => `${JSON.stringify(event)}\n`).join('')),
    );
  }
  return writeNetwork(name, tiny(1));
}

const exists = (uri: vscode.Uri): Promise<boolean> =>
  Promise.resolve(
    vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    ),
  );

/** While `act` runs, dialogs return these answers. */
async function answering<T>(answers: Partial<typeof vscode.window>, act: () => Thenable<T>): Promise<T> {
  const before = Object.fromEntries(
    Object.keys(answers).map((name) => [name, vscode.window[name as keyof typeof vscode.window]]),
  );
  Object.assign(vscode.window, answers);
  try {
    return await act();
  } finally {
    Object.assign(vscode.window, before);
  }
}

describe('Runs of a network', () => {
  afterEach(closeEverything);

  async function opened(name: string, metric?: string) {
    const uri = await withRuns(name, metric);
    await openGraph(uri);
    const { runs } = await api();
    await eventually('the last run', () => runs.record(uri));
    const mean = () => runs.shown(uri)?.stats?.hidden?.mean;
    return { uri, runs, mean, all: () => runs.places.all(uri, 10) };
  }

  /** The rows of the list from which a person chooses a run. */
  async function listed(uri: vscode.Uri, runs: Parameters<typeof chooseRun>[1]) {
    const rows: vscode.QuickPickItem[] = [];
    const showQuickPick = async (items: vscode.QuickPickItem[]) => {
      rows.push(...items);
      return undefined;
    };
    await answering({ showQuickPick } as never, () => chooseRun(uri, runs));
    return rows.map((row) => ({
      ...row,
      label: row.label.replaceAll('\u00a0', ' ').replace(/^\$\(.*?\) /, ''),
    }));
  }

  it('are listed newest first, with their results, and the one that is shown is marked', async () => {
    const { uri, runs } = await opened('listed');
    const rows = await listed(uri, runs);
    assert.deepEqual(
      rows.map(({ label }) => label),
      ['Loss 0.500 · Accuracy 30.00 %', 'Loss 0.500 · Accuracy 20.00 %', 'Loss 0.500 · Accuracy 10.00 %'],
    );
    const shown = rows.map(({ description }) => description?.includes('shown now'));
    assert.deepEqual(shown, [true, false, false]);
    assert.deepEqual(new Set(rows.map(({ detail }) => detail)), new Set(['Finished · 2 of 2 epochs']));
  });

  it('are listed with the names that layers have now, also those that are not shown', async () => {
    const { uri, runs } = await opened('renamed', 'bend.accuracy');
    const labels = async () => (await listed(uri, runs)).map(({ label }) => label);
    assert.match((await labels())[0], /bend: Accuracy 30/);
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    edit.replace(uri, all, document.getText().replaceAll('"bend"', '"curve"'));
    assert.equal(await vscode.workspace.applyEdit(edit), true);
    await eventually('the names of now', async () =>
      (await labels()).every((label) => /curve: Acc/.test(label)),
    );
    assert.match((await labels())[2], /curve: Accuracy 10/);
  });

  it('are shown instead of the last one, replayed, and left again', async () => {
    const { uri, runs, mean, all } = await opened('shown');
    const document = await vscode.workspace.openTextDocument(uri);
    const problems = () =>
      vscode.languages.getDiagnostics(uri).filter(({ message }) => message === 'It is dead.').length;
    assert.equal(mean(), 3);
    const oldest = (await all())[2];
    await vscode.commands.executeCommand('netloom.openRun', { uri, run: oldest });
    assert.equal(mean(), 1);
    assert.equal(problems(), 1, 'a run that a person opens shows what it found');
    await runs.replay(uri, { step: 12 });
    assert.equal(runs.shown(uri)?.replayed, 10);
    assert.equal(problems(), 0, 'what was found later is not known yet');
    await runs.replay(uri, { step: 20 });
    assert.equal(problems(), 1);
    await vscode.commands.executeCommand('netloom.endReplay', uri);
    assert.equal(mean(), 3);
    assert.equal(problems(), 0);
    assert.deepEqual(runs.replayed, []);
    assert.equal(document.isDirty, false);
  });

  it('are named in the status bar while they are replayed, but not beside another network', async () => {
    const { uri, runs } = await opened('in-the-bar');
    const made: vscode.StatusBarItem[] = [];
    const create = vscode.window.createStatusBarItem;
    vscode.window.createStatusBarItem = (...given: unknown[]) => {
      made.push(Reflect.apply(create, vscode.window, given));
      return made.at(-1)!;
    };
    const status = new ReplayStatus(runs);
    vscode.window.createStatusBarItem = create;
    let isShown = false;
    made[0].show = () => {
      isShown = true;
    };
    made[0].hide = () => {
      isShown = false;
    };
    await runs.replay(uri, { step: 12 });
    await eventually('it is shown', () => isShown);
    assert.match(made[0].text, /in-the-bar: step 10/);
    await openGraph(await writeNetwork('another', tiny(1)));
    await eventually('it is hidden', () => !isShown);
    await openGraph(uri);
    await eventually('it is shown again', () => isShown);
    status.dispose();
    await vscode.commands.executeCommand('netloom.endReplay', uri);
  });

  it('give way to the next training', async () => {
    const { uri, runs, mean, all } = await opened('trained');
    await vscode.commands.executeCommand('netloom.openRun', { uri, run: (await all())[1] });
    assert.equal(mean(), 2);
    await vscode.commands.executeCommand('netloom.train', uri);
    await runs.get(uri)?.gone;
    assert.equal(runs.opened(uri), undefined);
    assert.equal((await all()).length, 4);
    assert.equal((await all())[0].folder, runs.record(uri)?.folder);
  });

  it('are deleted only if the person agrees, and then views no longer show them', async () => {
    const { uri, runs, mean, all } = await opened('deleted');
    const [last] = await all();
    const folder = folderOf('deleted', ids[2]);
    await answering({ showWarningMessage: async () => undefined } as never, () =>
      vscode.commands.executeCommand('netloom.deleteRun', { uri, run: last }),
    );
    assert.equal(await exists(folder), true);
    // Accepts the trash, or permanent deletion if there is no trash.
    const agree = async (_: string, __: unknown, action: string) => action;
    await answering({ showWarningMessage: agree } as never, () =>
      vscode.commands.executeCommand('netloom.deleteRun', { uri, run: last }),
    );
    assert.equal(await exists(folder), false);
    await eventually('the run before it', () => mean() === 2);
    assert.equal((await all()).length, 2);
    assert.equal(runs.get(uri), undefined);
  });

  it('are deleted together if several are selected, after one question', async () => {
    const { uri, runs, all } = await opened('several');
    const [last, middle, first] = await all();
    const questions: string[] = [];
    const agree = async (question: string, _: unknown, action: string) => {
      questions.push(question);
      return action;
    };
    const entries = [last, first].map((run) => ({ uri, run }));
    await answering({ showWarningMessage: agree } as never, () =>
      vscode.commands.executeCommand('netloom.deleteRun', entries[0], entries),
    );
    assert.match(questions[0] ?? '', /^Move 2 runs of several to the trash/);
    assert.deepEqual(
      (await all()).map(({ folder }) => folder),
      [middle?.folder],
    );
    await eventually('the run that is left', () => runs.record(uri)?.folder === middle?.folder);
  });

  it('of a network that is being trained are not deleted before it ends', async () => {
    const uri = await writeNetwork('busy', tiny(100_000));
    await openGraph(uri);
    const { runs } = await api();
    await vscode.commands.executeCommand('netloom.train', uri);
    const [run] = await eventually('its log', async () => {
      const found = await runs.places.all(uri, 1);
      return found.length > 0 && found;
    });
    const messages: string[] = [];
    const showErrorMessage = async (message: string) => void messages.push(message);
    const showWarningMessage = async (_: string, __: unknown, action: string) => action;
    await answering({ showErrorMessage, showWarningMessage } as never, () =>
      vscode.commands.executeCommand('netloom.deleteRun', { uri, run }),
    );
    assert.match(messages.join(), /another run is writing to/);
    assert.equal(await exists(vscode.Uri.file(run.folder)), true);
    await runs.stop(uri);
    await runs.get(uri)?.gone;
  });

  it('follow their network when VS Code renames it, also while it is open, and are there again', async () => {
    const { uri, runs, mean } = await opened('before');
    const to = fileUri('after.nn.json');
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(uri, to);
    assert.equal(await vscode.workspace.applyEdit(edit), true);
    await eventually('the runs under the new name', async () => (await runs.places.all(to, 10)).length === 3);
    assert.equal(await exists(fileUri('.netloom/runs/before')), false);
    await eventually('the record of the renamed network', () => runs.record(to));
    assert.equal(mean(), undefined);
    assert.equal(runs.shown(to)?.stats?.hidden?.mean, 3);
    const [{ folder }] = await runs.places.all(to, 1);
    await eventually('the new folder of its record', () => runs.record(to)?.folder === folder);
    assert.ok((await runs.record(to)?.recording())?.steps.length);
  });

  it('follow their network through two names that it gets while it is trained', async () => {
    const { runs } = await api();
    const names = ['name1', 'name2', 'name3'].map((name) => fileUri(`${name}.nn.json`));
    await openGraph(await writeNetwork('name1', tiny(100_000)));
    await vscode.commands.executeCommand('netloom.train', names[0]);
    const run = runs.get(names[0])!;
    await eventually('an epoch', () => run.record.last('epoch'));
    for (const [index, to] of names.slice(1).entries()) {
      const edit = new vscode.WorkspaceEdit();
      edit.renameFile(names[index], to);
      assert.equal(await vscode.workspace.applyEdit(edit), true);
      await eventually('the run under its new name', () => runs.get(to) === run);
    }
    await runs.stop(names[2]);
    await runs.settled(names[2]);
    const counts = await Promise.all(names.map(async (uri) => (await runs.places.all(uri, 10)).length));
    assert.deepEqual(counts, [0, 0, 1]);
  });
});
