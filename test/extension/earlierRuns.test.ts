/** Runs from before the network was opened: found on disk, read within limits, and shown with their time. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { readEvent, writeEvent } from '../../engine/protocol/eventText.ts';
import { Networks } from '../../extension/networks.ts';
import { CutOffRuns } from '../../extension/training/cutOffRuns.ts';
import { EarlierRuns } from '../../extension/training/earlierRuns.ts';
import { Renames } from '../../extension/training/renames.ts';
import type { RunRecord } from '../../extension/training/runRecord.ts';
import { Runs } from '../../extension/training/runs.ts';
import {
  api,
  closeEverything,
  eventually,
  fileUri,
  openGraph,
  readText,
  tiny,
  writeNetwork,
} from './support.ts';

const plan = {
  event: 'plan',
  parameters: 42,
  memoryBytes: 1000,
  backend: 'reference',
  trainSamples: 200,
  testSamples: 50,
  batchSize: 20,
  stepsPerEpoch: 10,
  epochs: 1,
};
const activation = { mean: 0.5, std: 1, min: -1, max: 1, zeroFraction: 0 };
const stats = { event: 'stats', step: 10, layers: { hidden: { activation }, bend: { activation } } };
const step = {
  event: 'step',
  step: 10,
  epoch: 1,
  loss: 0.5,
  metrics: { accuracy: 0.75 },
  samplesPerSecond: 9,
  points: [{ step: 10, loss: 0.6, metrics: { accuracy: 0.7 } }],
};
const end = { event: 'end', reason: 'finished', step: 10 };

const logOf = (name: string, file = 'run.jsonl'): vscode.Uri =>
  fileUri(`.netloom/runs/${name}/2026-01-02T03-04-05.678Z/${file}`);

/** Writes a network into the workspace, and beside it the files of a run in an earlier window. */
async function withLog(
  name: string,
  text: string,
  trained: string,
  lines: readonly unknown[],
): Promise<vscode.Uri> {
  const encode = (content: string) => new TextEncoder().encode(content);
  const log = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  await vscode.workspace.fs.writeFile(logOf(name, 'network.jsonc'), encode(trained));
  await vscode.workspace.fs.writeFile(logOf(name), encode(`${log}\n`));
  return writeNetwork(name, text);
}

const layerLine = (text: string, layer: string) => new RegExp(`"${layer}": \\{.*?\\}`).exec(text)?.[0];

describe('An earlier run', () => {
  afterEach(closeEverything);

  it('is shown again when its network is opened, with the time of its log, and nothing is written', async () => {
    const text = tiny(1);
    const uri = await withLog('earlier', text, text, [plan, stats, step, end]);
    const { mtime } = await vscode.workspace.fs.stat(logOf('earlier'));
    const { runs } = await api();
    assert.equal(runs.record(uri), undefined);
    await openGraph(uri);
    const record = await eventually('the earlier run', () => runs.record(uri));
    assert(Math.abs((record.earlier?.getTime() ?? 0) - mtime) < 2);
    assert.equal(runs.get(uri), undefined, 'no run is started');
    assert.deepEqual(record.last('step'), step);
    assert.equal(record.last('end')?.reason, 'finished');
    assert.deepEqual(record.statsOf('hidden', layerLine(text, 'hidden')), {
      stats: activation,
      stale: false,
    });
    assert.equal((await vscode.workspace.fs.stat(logOf('earlier'))).mtime, mtime);
    assert.equal(await readText(uri), text);
    assert.equal((await vscode.workspace.openTextDocument(uri)).isDirty, false);
  });

  it('marks the statistics of layers whose text has changed since', async () => {
    const trained = tiny(1);
    const text = trained.replace('"units": 8', '"units": 9');
    const uri = await withLog('changed', text, trained, [plan, stats, end]);
    await openGraph(uri);
    const { runs } = await api();
    const record = await eventually('the earlier run', () => runs.record(uri));
    assert.equal(record.statsOf('hidden', layerLine(text, 'hidden'))?.stale, true);
    assert.equal(record.statsOf('bend', layerLine(text, 'bend'))?.stale, false);
  });

  it('is ignored if none of its layers remains, or if its log contains no run', async () => {
    const { runs } = await api();
    const other = '{ "format": 1, "layers": { "picture": { "type": "input", "shape": [4] } } }';
    const uris = [
      await withLog('replaced', other, tiny(1), [plan, stats, end]),
      await withLog('noise', tiny(1), tiny(1), ['', '{', 'null', stats]),
    ];
    const sound = await withLog('sound', tiny(1), tiny(1), [plan, end]);
    for (const uri of [...uris, sound]) await vscode.window.showTextDocument(uri);
    await eventually('the one that can be restored', () => runs.record(sound));
    for (const uri of uris) assert.equal(runs.record(uri), undefined, uri.path);
  });

  it('is recognized as cut off if its log has no end and no process writes it', async () => {
    const { runs } = await api();
    const cutOff = await withLog('cut-off', tiny(1), tiny(1), [plan, stats, step]);
    const complete = await withLog('complete', tiny(1), tiny(1), [plan, stats, step, end]);
    for (const uri of [cutOff, complete]) await vscode.window.showTextDocument(uri);
    const record = await eventually('the run that was cut off', () => runs.record(cutOff));
    const other = await eventually('the complete run', () => runs.record(complete));
    assert.deepEqual([record.cutOff, other.cutOff], [true, false]);
  });

  it('counts as cut off if the closing of its window stopped it, but not if a person did', async () => {
    const { runs } = await api();
    const stop = { event: 'end', reason: 'stopped', step: 10 };
    const closed = await withLog('closed', tiny(1), tiny(1), [plan, stats, step, { ...stop, cutOff: true }]);
    const stopped = await withLog('stopped', tiny(1), tiny(1), [plan, stats, step, stop]);
    for (const uri of [closed, stopped]) await vscode.window.showTextDocument(uri);
    const record = await eventually('the run that was cut off', () => runs.record(closed));
    const other = await eventually('the run that was stopped', () => runs.record(stopped));
    assert.deepEqual([record.cutOff, other.cutOff], [true, false]);
  });

  it('that was cut off is reported once', () => {
    const kept = new Map<string, unknown>();
    const memory = {
      keys: () => [...kept.keys()],
      get: <T>(key: string, otherwise?: T) => (kept.get(key) ?? otherwise) as T,
      update: async (key: string, value: unknown) => void kept.set(key, value),
    };
    const [uri, heard] = [fileUri('closed.nn.json'), new Date()];
    const [window, next] = [new CutOffRuns(memory), new CutOffRuns(memory)];
    assert.deepEqual([window.isNews(uri, heard), next.isNews(uri, heard)], [true, false]);
    assert.equal(next.isNews(uri, new Date(heard.getTime() + 1)), true);
  });

  it('is replayed from its log in every view, until the replay ends, and nothing is written', async () => {
    const reading = (at: number) => ({
      ...{ event: 'stats', step: at },
      layers: { hidden: { activation: { ...activation, mean: at } }, bend: { activation } },
    });
    const finding = {
      ...{ event: 'finding', code: 'relu/dead', layer: 'bend', severity: 'warning', step: 7 },
      ...{ evidence: { value: 1, limit: 0.5 }, message: 'Dead.', path: ['layers', 'bend'] },
    };
    const events = [plan, reading(1), reading(5), finding, reading(10), step, end];
    const uri = await withLog('replayed', tiny(1), tiny(1), events);
    const { mtime } = await vscode.workspace.fs.stat(logOf('replayed'));
    const { document } = await vscode.window.showTextDocument(uri);
    const { runs } = await api();
    const record = await eventually('the earlier run', () => runs.record(uri));
    const shows = (at: number, findings: number) => {
      const shown = runs.shown(uri);
      assert.equal(shown?.statsOf('hidden', layerLine(tiny(1), 'hidden'))?.stats.mean, at);
      assert.equal(shown?.events.filter(({ event }) => event === 'finding').length, findings);
    };
    const hovered = async () => {
      const at = document.positionAt(document.getText().indexOf('"hidden"') + 2);
      const hovers: vscode.Hover[] = await vscode.commands.executeCommand(
        'vscode.executeHoverProvider',
        uri,
        at,
      );
      return hovers
        .flatMap(({ contents }) => contents)
        .map((part) => (typeof part === 'string' ? part : part.value))
        .join('\n');
    };
    shows(10, 1);
    await runs.replay(uri, { step: 10, move: -1 });
    shows(5, 0);
    assert.match(await hovered(), /Replay: statistics of step 5 of a recorded run/);
    await runs.replay(uri, { step: 0 });
    shows(1, 0);
    assert.equal(runs.record(uri), record, 'commands still use the whole run');
    await vscode.commands.executeCommand('netloom.endReplay');
    shows(10, 1);
    assert.doesNotMatch(await hovered(), /Replay/);
    assert.equal((await vscode.workspace.fs.stat(logOf('replayed'))).mtime, mtime);
    assert.equal(document.isDirty, false);
  });

  it('keeps the statistics of a layer that is renamed: in the text, after an undo, and in the next window', async () => {
    const uri = await withLog('renamed-layer', tiny(1), tiny(1), [plan, stats, step, end]);
    const { document } = await vscode.window.showTextDocument(uri);
    const { runs } = await api();
    const record = await eventually('the earlier run', () => runs.record(uri));
    const shown = (layer: string) => record.statsOf(layer, layerLine(document.getText(), layer));
    const at = document.positionAt(document.getText().indexOf('"hidden"') + 2);
    const rename: vscode.WorkspaceEdit = await vscode.commands.executeCommand(
      'vscode.executeDocumentRenameProvider',
      ...[uri, at, 'first'],
    );
    await vscode.workspace.applyEdit(rename);
    // A layer that reads it has another text, but the same arithmetic.
    for (const layer of ['first', 'bend'])
      assert.deepEqual(shown(layer), { stats: activation, stale: false }, layer);
    assert.equal(shown('hidden'), undefined);
    const hovers: vscode.Hover[] = await vscode.commands.executeCommand(
      'vscode.executeHoverProvider',
      uri,
      at,
    );
    const words = hovers
      .flatMap(({ contents }) => contents)
      .map((part) => (part as vscode.MarkdownString).value);
    assert.match(words.join(), /0\.5/);
    await vscode.commands.executeCommand('undo');
    await eventually('the name before', () => shown('hidden')?.stale === false);

    const kept = new Map<string, unknown>();
    const memory: vscode.Memento = {
      keys: () => [...kept.keys()],
      get: <T>(key: string, otherwise?: T) => (kept.get(key) ?? otherwise) as T,
      update: async (key, value) => void kept.set(key, value),
    };
    const trust = { isTrusted: true, onDidGrantWorkspaceTrust: () => new vscode.Disposable(() => {}) };
    const inWindow = async (act: (record: RunRecord) => Promise<void>) => {
      const networks = new Networks();
      const own = new Runs(runs.engineFiles, runs.places, runs.log);
      const renames = new Renames(networks, own, memory);
      const earlier = new EarlierRuns(networks, own, new CutOffRuns(memory), renames, trust);
      try {
        await act(await eventually('the run', () => own.record(uri)));
      } finally {
        for (const one of [earlier, renames, own, networks]) one.dispose();
      }
    };
    await inWindow(async ({ names }) => {
      await vscode.workspace.applyEdit(rename);
      const units = new vscode.WorkspaceEdit();
      const place = document.getText().indexOf('"units": 8') + '"units": '.length;
      units.replace(uri, new vscode.Range(document.positionAt(place), document.positionAt(place + 1)), '9');
      await vscode.workspace.applyEdit(units);
      await eventually('the new name', () => names.text.includes('"first"'));
    });
    await inWindow(async (again) => {
      assert.deepEqual(again.statsOf('first', layerLine(document.getText(), 'first')), {
        stats: activation,
        stale: true,
      });
    });
  });

  it('is exported as a page that replays it, to the path that the person chooses', async () => {
    const uri = await withLog('exported', tiny(1), tiny(1), [plan, stats, step, end]);
    await vscode.window.showTextDocument(uri);
    const { runs } = await api();
    await eventually('the earlier run', () => runs.record(uri));
    const { showSaveDialog, showInformationMessage } = vscode.window;
    const target = fileUri('exported-replay.html');
    Object.assign(vscode.window, {
      showSaveDialog: async () => target,
      showInformationMessage: async () => undefined,
    });
    try {
      await vscode.commands.executeCommand('netloom.exportReplay', uri);
    } finally {
      Object.assign(vscode.window, { showSaveDialog, showInformationMessage });
    }
    const page = await readText(target);
    assert.match(page, /^<!DOCTYPE html>\n<html lang="en">/);
    assert.match(page, /<title>exported – Netloom<\/title>/);
    assert.match(page, /"step":10/);
  });

  it('gives way to the next training', async () => {
    const uri = await withLog('again', tiny(1), tiny(1), [plan, stats, end]);
    await vscode.window.showTextDocument(uri);
    const { runs } = await api();
    await eventually('the earlier run', () => runs.record(uri));
    await vscode.commands.executeCommand('netloom.train', uri);
    assert.equal((await runs.get(uri)?.ended)?.reason, 'finished');
    assert.equal(runs.record(uri)?.earlier, undefined);
  });
});

describe('A line of a run log', () => {
  it('is read as it was written, including values that are not finite', () => {
    const measured = { ...stats, layers: { hidden: activation, bend: activation } };
    assert.deepEqual(JSON.parse(writeEvent(measured as TrainingEvent)), stats, 'grouped by place');
    for (const event of [plan, step, measured, end])
      assert.deepEqual(readEvent(writeEvent(event as TrainingEvent)), event);
    for (const loss of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      assert.deepEqual(readEvent(writeEvent({ ...step, loss } as TrainingEvent)), { ...step, loss });
    const old = readEvent(JSON.stringify({ ...step, loss: Number.NaN }));
    assert(old?.event === 'step' && Number.isNaN(old.loss));
  });

  it('is ignored if it is incomplete or Netloom did not write it', () => {
    const hostile: unknown[] = [
      { event: 'toString' },
      { ...step, loss: '<img>' },
      { ...step, metrics: [1] },
      { ...step, points: [{ step: 1, loss: '<img>', metrics: {} }] },
      { ...end, reason: 'hacked' },
      { ...end, path: [{}] },
      { ...stats, layers: { hidden: { activation: { ...activation, mean: '**0**' } } } },
      { ...stats, layers: { hidden: { gates: { forget: 1 } } } },
      [],
      7,
    ];
    for (const event of hostile) assert.equal(readEvent(JSON.stringify(event)), undefined);
    assert.equal(readEvent(JSON.stringify(step).slice(0, 40)), undefined);
  });

  it('adds no field that no event has', () => {
    assert.deepEqual(readEvent(JSON.stringify({ ...end, command: 'rm' })), end);
  });
});
