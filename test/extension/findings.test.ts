/** Findings of a real training in a real VS Code: on the line of their layer, in the gutter, for the card in the graph, and in the last message. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { findings } from '../../engine/diagnose/registry.ts';
import { vanishingGradient } from '../../engine/diagnose/rules/vanishingGradient.ts';
import type { EventOfKind, TrainingEvent } from '../../engine/protocol/events.ts';
import { linesWithFindings } from '../../extension/decorations/findingMarks.ts';
import { resultOf } from '../../extension/training/outcome.ts';
import { problemsOfRun } from '../../extension/training/runProblems.ts';
import { RunRecord } from '../../extension/training/runRecord.ts';
import { api, closeEverything, eventually, tiny, writeNetwork } from './support.ts';

const { code } = vanishingGradient;
const [network] = vanishingGradient.samples().sick;
const layers = Object.entries(network.layers as object).map(
  ([name, layer]) => `    "${name}": ${JSON.stringify(layer)}`,
);
/** One line for each layer. Its gradient vanishes in sigmoids. */
const sick = `{\n  "layers": {\n${layers.join(',\n')}\n  },\n  "training": ${JSON.stringify(network.training)}\n}\n`;

describe('A finding of a training', () => {
  afterEach(closeEverything);

  it('is on the line of its layer with a link to its page, a fix and a mark, until the text changes', async () => {
    const { runs, layers: view } = await api();
    const uri = await writeNetwork('found', sick);
    await vscode.commands.executeCommand('netloom.layers.focus');
    const { document } = await vscode.window.showTextDocument(uri);
    const isVanishing = (one: vscode.Diagnostic) => typeof one.code === 'object' && one.code.value === code;
    const shown = () => vscode.languages.getDiagnostics(uri).filter(isVanishing);
    assert.deepEqual(shown(), [], 'it is known before the training');
    await vscode.commands.executeCommand('netloom.train', uri);
    const run = runs.get(uri);
    assert.equal((await run?.ended)?.reason, 'finished');
    const [found] = await eventually('a problem', () => shown().length > 0 && shown());
    const reported = problemsOfRun(document, runs).find((one) => one.code === code);
    assert(reported?.layer !== undefined && reported.fix);
    const { line } = found.range.start;
    assert(document.lineAt(line).text.includes(`"${reported.layer}"`));
    assert(typeof found.code === 'object');
    assert.match(found.code.target.toString(), /docs\/reference\/findings\.md#gradientvanishing$/);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      found.range,
    );
    const titles = actions.map(({ title }) => title);
    for (const title of [reported.fix.title, `Try: ${reported.fix.title}`])
      assert(titles.includes(title), title);
    assert.equal(linesWithFindings(document, view.networks, runs).get(line), reported.severity);
    await eventually('the finding in the list', () => {
      const entry = view.tree.find(reported.layer!);
      return entry && /gradients vanish/.test(String(view.tree.getTreeItem(entry).tooltip));
    });
    const fix = actions.find(({ title }) => title === reported.fix?.title);
    assert(fix?.edit && (await vscode.workspace.applyEdit(fix.edit)));
    await eventually('the problem is gone', () => shown().length === 0);
    assert.deepEqual([...linesWithFindings(document, view.networks, runs)], []);
    assert.deepEqual(problemsOfRun(document, runs), []);
  });

  it('marks its layer before any training if the text shows it', async () => {
    const { runs, layers: view } = await api();
    const flat = tiny(1).replace('"units": 8', '"units": 8, "kernelInitializer": "zeros"');
    const uri = await writeNetwork('found-in-text', flat);
    const { document } = await vscode.window.showTextDocument(uri);
    const [[line, severity]] = linesWithFindings(document, view.networks, runs);
    assert.match(document.lineAt(line).text, /"hidden"/);
    assert.notEqual(severity, 'info');
  });
});

describe('The message at the end of a training', () => {
  const ended = (...found: TrainingEvent[]) => {
    const record = new RunRecord(tiny(1));
    const scores = { loss: 0.1, accuracy: 0.9 };
    const epoch: TrainingEvent = {
      event: 'epoch',
      epoch: 1,
      step: 10,
      train: scores,
      test: scores,
      seconds: 1,
    };
    for (const event of [...found, epoch]) record.add(event);
    const result = resultOf('net', record);
    assert(result);
    return result;
  };
  const finding = (
    severity: 'error' | 'warning' | 'info',
    message: string,
    layer = message,
  ): TrainingEvent => ({
    ...{ event: 'finding', code: findings[0].code, layer, severity, step: 1, message, path: [] },
    evidence: { value: 1, limit: 0.5 },
  });

  it('names the worst finding, and how many there are, as the panel counts them', () => {
    const { message, isFault } = ended(
      finding('warning', 'One.'),
      finding('info', 'Two.'),
      finding('error', 'relu1 is dead.', 'relu1'),
      finding('error', 'relu2 is dead.', 'relu2'),
    );
    assert.match(
      message,
      /^net is trained\. On test samples: .*\. 4 findings: relu1 is dead\. It is the same in relu2\.$/,
    );
    assert(isFault);
  });

  it('does not call a network trained whose loss is above that of guessing, as the panel and the list of runs do not', () => {
    const plan = { baseline: { loss: 0.05, accuracy: 0.5 } } as unknown as EventOfKind<'plan'>;
    const { message, isFault } = ended({ ...plan, event: 'plan' }, finding('info', 'Two.'));
    assert.match(
      message,
      /^net has finished, but its loss is above that of guessing \(Loss 0\.100 .*Loss 0\.0500/,
    );
    assert(isFault);
  });

  it('is only the result where nothing is wrong', () => {
    const { message, isFault } = ended(finding('info', 'Two.'));
    assert.match(message, /^net is trained\. On test samples: [^:]*$/);
    assert(!isFault);
  });
});
