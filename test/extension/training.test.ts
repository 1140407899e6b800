/** Train, stop and evaluate in a real VS Code: one run for each network, whatever happens to it. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { analyze } from '../../engine/graph/analyze.ts';
import { statsLines } from '../../extension/decorations/statsLines.ts';
import type { Runs } from '../../extension/training/runs.ts';
import { stopCommand } from '../../extension/training/status.ts';
import {
  api,
  closeEverything,
  eventually,
  extension,
  fileUri,
  readText,
  tiny,
  writeNetwork,
} from './support.ts';

const bundle = (name: string) => vscode.Uri.joinPath(extension().extensionUri, 'dist', name);

type Run = NonNullable<ReturnType<Runs['get']>>;

async function train(uri: vscode.Uri, task: 'train' | 'evaluate' = 'train'): Promise<Run> {
  await vscode.commands.executeCommand(`netloom.${task}`, uri);
  const { runs } = await api();
  const run = runs.get(uri);
  assert(run, 'no run was started');
  return run;
}

describe('Training', () => {
  afterEach(async () => {
    await (await api()).runs.stopAll();
    await closeEverything();
  });

  it('stops one of two networks, in either order, and the other continues', async () => {
    for (const order of [
      ['first', 'second'],
      ['second', 'first'],
    ]) {
      const name = (which: string) => `${which}-of-${order.join('-')}`;
      const runs = new Map<string, Run>();
      for (const which of ['first', 'second'])
        runs.set(which, await train(await writeNetwork(name(which), tiny(1_000_000))));
      const stepOf = (which: string) => runs.get(which)?.record.last('step')?.step ?? 0;
      for (const which of order) await eventually(`${which} trains`, () => stepOf(which) > 0);
      const [sooner, later] = order;
      await vscode.commands.executeCommand('netloom.stop', fileUri(`${name(sooner)}.nn.json`));
      assert.equal((await runs.get(sooner)?.ended)?.reason, 'stopped');
      const before = stepOf(later);
      await eventually(`${later} continues`, () => stepOf(later) > before);
      await vscode.commands.executeCommand('netloom.stop', fileUri(`${name(later)}.nn.json`));
      assert.equal((await runs.get(later)?.ended)?.reason, 'stopped');
    }
  });

  it('runs to its end, keeps weights beside the network, and leaves statistics for every layer', async () => {
    const uri = await writeNetwork('trained', tiny(3));
    const editor = await vscode.window.showTextDocument(uri);
    const run = await train(uri);
    const end = await run.ended;
    assert.equal(end.reason, 'finished', end.message);
    const { record } = run;
    assert.equal(record.last('epoch')?.epoch, 3);
    const text = editor.document.getText();
    const lines = statsLines(
      analyze(text),
      (layer) => record.stats?.[layer] && { stats: record.stats[layer], stale: false },
    );
    assert.deepEqual(
      lines.map(({ layer }) => layer).filter((layer) => layer !== 'point'),
      ['hidden', 'bend', 'logits'],
    );
    const hidden = lines.find(({ layer }) => layer === 'hidden');
    assert.match(hidden?.text ?? '', /μ.*σ.*∇.*Δ/);
    const files = await vscode.workspace.fs.readDirectory(fileUri('.netloom/runs/trained'));
    assert(files.length > 0);
    assert.equal(await readText(uri), text);
    assert.equal(editor.document.isDirty, false);
  });

  it('evaluates the trained weights, and keeps the statistics of the training', async () => {
    const uri = await writeNetwork('evaluated', tiny(2));
    await vscode.window.showTextDocument(uri);
    assert.equal((await (await train(uri)).ended).reason, 'finished');
    // Both know the layer when it has another name.
    const { document } = vscode.window.activeTextEditor!;
    const at = document.positionAt(document.getText().indexOf('"hidden"') + 2);
    const rename = 'vscode.executeDocumentRenameProvider';
    await vscode.workspace.applyEdit(await vscode.commands.executeCommand(rename, uri, at, 'first'));
    const run = await train(uri, 'evaluate');
    const end = await run.ended;
    assert.equal(end.reason, 'finished', end.message);
    assert.equal(run.record.last('evaluation')?.samples, 50);
    assert(run.record.stats?.first, 'the statistics are gone');
  });

  it('shows a layer that is renamed meanwhile under its new name: measured, replayed, stopped and evaluated', async () => {
    const uri = await writeNetwork('renamed-meanwhile', tiny(1_000_000));
    const { document } = await vscode.window.showTextDocument(uri);
    const run = await train(uri);
    const { record } = run;
    await eventually('statistics', () => record.stats);
    const rename = async (from: string, to: string) => {
      const at = document.positionAt(document.getText().indexOf(`"${from}"`) + 2);
      const provider = 'vscode.executeDocumentRenameProvider';
      await vscode.workspace.applyEdit(await vscode.commands.executeCommand(provider, uri, at, to));
    };
    const { runs } = await api();
    let sent: string[] = [];
    const listener = runs.onDidReceive(({ event }) => {
      if (event.event === 'stats') sent = Object.keys(event.layers);
    });
    await rename('hidden', 'first');
    assert.deepEqual(Object.keys(record.stats ?? {}), ['point', 'first', 'bend', 'logits']);
    const before = record.last('stats')!.step;
    await eventually('later statistics', () => record.last('stats')!.step > before);
    assert(sent.includes('first') && !sent.includes('hidden'), `views get ${sent.join(', ')}`);
    listener.dispose();
    await runs.replay(uri, { step: 1 });
    await rename('first', 'second');
    assert(runs.shown(uri)?.stats?.second, 'the moment that is shown has the name before');
    assert.equal(runs.shown(uri)?.replayed, runs.moment(uri)?.step);
    await vscode.commands.executeCommand('netloom.stop', uri);
    assert.equal((await run.ended).reason, 'stopped');
    const evaluation = await train(uri, 'evaluate');
    const end = await evaluation.ended;
    assert.equal(end.reason, 'finished', end.message);
    assert(record.statsOf('second', /"second": \{.*?\}/.exec(document.getText())?.[0])?.stale === false);
  });

  it('shows assumptions about the data as warnings at the attributes that decide them', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `${Math.sin(i).toFixed(3)},${Math.cos(i).toFixed(3)},${(i % 7) / 10}`,
    );
    await vscode.workspace.fs.writeFile(
      fileUri('doubtful.csv'),
      new TextEncoder().encode(`2019,2020,2021\n${rows.join('\n')}\n`),
    );
    const text = tiny(1)
      .replace(/"data": \{[^}]*\}/, '"data": { "type": "csv", "file": "doubtful.csv", "header": "auto" }')
      .replace(/"loss": \{[^}]*\}/, '"loss": { "type": "meanSquaredError", "from": "logits" }')
      .replace(/("logits": \{[^}]*"units": )\d+/, '$11');
    const uri = await writeNetwork('doubtful', text);
    await vscode.window.showTextDocument(uri);
    const end = await (await train(uri)).ended;
    assert.equal(end.reason, 'finished', end.message);
    const warning = vscode.languages
      .getDiagnostics(uri)
      .find(({ severity }) => severity === vscode.DiagnosticSeverity.Warning);
    assert.match(warning?.message ?? '', /first row .*2019/);
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.getText(warning?.range), '"auto"');
  });

  it('reports that there is nothing to evaluate yet', async () => {
    const uri = await writeNetwork('untrained', tiny(1));
    await vscode.window.showTextDocument(uri);
    const run = await train(uri, 'evaluate');
    const end = await run.ended;
    assert.equal(run.record.last('evaluationEnd')?.reason, 'failed');
    assert.equal(run.record.last('end'), undefined, 'that is the end of a training');
    assert.equal(end.reason, 'failed');
    assert.match(end.message ?? '', /train/i);
  });

  it('is stopped by its engine, every time, which saves the step that the stop reports', async () => {
    const uri = await writeNetwork('stopped', tiny(100_000));
    await vscode.window.showTextDocument(uri);
    for (let tries = 0; tries < 20; tries++) {
      const run = await train(uri);
      await eventually('a first step', () => run.record.last('step'));
      await vscode.commands.executeCommand('netloom.stop', uri);
      assert.equal(run.running, false);
      const { reason, step } = await run.ended;
      assert.equal(reason, 'stopped');
      await run.gone;
      // A run that is ended by force, because its engine does not answer, saves nothing any more.
      const { folder } = run.record;
      assert(folder !== undefined, `stop ${tries + 1} was by force`);
      const log = await readText(vscode.Uri.joinPath(vscode.Uri.file(folder), 'run.jsonl'));
      const end = JSON.parse(log.trimEnd().split('\n').at(-1)!);
      assert.deepEqual([end.event, end.reason, end.step], ['end', 'stopped', step]);
    }
  });

  it('is stopped from the status bar, also while another file is in front', async () => {
    const uri = await writeNetwork('behind', tiny(100_000));
    await vscode.window.showTextDocument(uri);
    const run = await train(uri);
    await vscode.window.showTextDocument(await writeNetwork('in-front', tiny(1)));
    const { command, arguments: given = [] } = stopCommand([run]);
    await vscode.commands.executeCommand(command, ...given);
    assert.equal((await run.ended).reason, 'stopped');
  });

  it('runs the text as it was at the start, saved or not', async () => {
    const uri = await writeNetwork('dirty', tiny(1));
    const { document } = await vscode.window.showTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    const at = document.getText().indexOf('"epochs": 1') + '"epochs": '.length;
    edit.replace(uri, new vscode.Range(document.positionAt(at), document.positionAt(at + 1)), '2');
    await vscode.workspace.applyEdit(edit);
    const run = await train(uri);
    await run.ended;
    assert.equal(run.record.last('plan')?.epochs, 2);
    assert.equal(document.isDirty, true);
  });

  it('marks statistics of a layer whose line has changed since the training', async () => {
    const uri = await writeNetwork('statistics', tiny(1));
    await vscode.window.showTextDocument(uri);
    const run = await train(uri);
    await run.ended;
    const { record, job } = run;
    const line = /"hidden": \{.*?\}/.exec(job.text)?.[0];
    assert.equal(record.statsOf('hidden', line)?.stale, false);
    assert.equal(record.statsOf('hidden', line?.replace('8', '9'))?.stale, true);
  });

  it('fails with one clear message when a data file is missing, and leaves the files as they were', async () => {
    const text = tiny(1).replace(
      '{ "type": "points", "samples": 200, "testSamples": 50 }',
      '{ "type": "csv", "file": "nowhere.csv" }',
    );
    const uri = await writeNetwork('no-data', text);
    const { document } = await vscode.window.showTextDocument(uri);
    await vscode.commands.executeCommand('netloom.train', uri);
    const run = (await api()).runs.get(uri);
    assert(run, 'no run was started');
    const end = await run.ended;
    assert.equal(end.reason, 'failed');
    assert.match(end.message ?? '', /nowhere\.csv/);
    const found = await eventually('a diagnostic', () =>
      vscode.languages.getDiagnostics(uri).find(({ message }) => message.includes('nowhere.csv')),
    );
    assert.equal(document.getText(found.range), '"nowhere.csv"');
    assert.equal(await readText(uri), text);
    await assert.rejects(async () => vscode.workspace.fs.stat(fileUri('nowhere.csv')));
  });

  it('does not start on a network with mistakes', async () => {
    const uri = await writeNetwork('mistaken', tiny(1).replace('"tanh"', '"tahn"'));
    await vscode.window.showTextDocument(uri);
    await vscode.commands.executeCommand('netloom.train', uri);
    assert.equal((await api()).runs.get(uri), undefined);
  });

  it('survives an engine that dies', async () => {
    const { Run } = await import('../../extension/training/run.ts');
    const log = vscode.window.createOutputChannel('Netloom test', { log: true });
    const worker = fileUri('dying-engine.cjs');
    await vscode.workspace.fs.writeFile(
      worker,
      new TextEncoder().encode('setTimeout(() => { throw new Error("out of luck"); }, 10);'),
    );
    const job = { task: 'train', text: tiny(1), folder: fileUri('.').fsPath } as const;
    const files = { process: bundle('engine.cjs'), worker };
    const end = await new Run(fileUri('dying.nn.json'), job, files, log).ended;
    log.dispose();
    assert.equal(end.reason, 'failed');
    assert.match(end.message ?? '', /out of luck/);
  });

  it('ends an engine that does not answer', async () => {
    const { Run } = await import('../../extension/training/run.ts');
    const log = vscode.window.createOutputChannel('Netloom test', { log: true });
    const worker = fileUri('deaf-engine.cjs');
    await vscode.workspace.fs.writeFile(worker, new TextEncoder().encode('for (;;);'));
    const job = { task: 'train', text: tiny(1), folder: fileUri('.').fsPath } as const;
    const files = { process: bundle('engine.cjs'), worker };
    const run = new Run(fileUri('deaf.nn.json'), job, files, log);
    await run.stop();
    log.dispose();
    assert.equal((await run.ended).reason, 'stopped');
  });
});
