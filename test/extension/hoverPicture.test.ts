/** What a real run shows of a layer in the text: the picture in its hover, and the most important statistic first beside its line. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { analyze } from '../../engine/graph/analyze.ts';
import { statsLines } from '../../extension/decorations/statsLines.ts';
import { api, closeEverything, eventually, tiny, writeNetwork } from './support.ts';

const remembering = `{
  "layers": {
    "steps": { "type": "input", "shape": [12, 2] },
    "memory": { "type": "lstm", "from": "steps", "hiddenSize": 6 },
    "sum": { "type": "dense", "from": "memory", "units": 1 }
  },
  "training": {
    "data": { "type": "adding", "sequenceLength": 12, "samples": 200, "testSamples": 40 },
    "loss": { "type": "meanSquaredError", "from": "sum" },
    "optimizer": { "type": "adam", "learningRate": 0.01 },
    "batchSize": 20,
    "epochs": 2,
    "seed": 1
  }
}
`;

/** The record of a run that has ended. */
async function runOf(name: string, text: string) {
  const { runs } = await api();
  const uri = await writeNetwork(name, text);
  const { document } = await vscode.window.showTextDocument(uri);
  await vscode.commands.executeCommand('netloom.train', uri);
  const run = runs.get(uri);
  assert(run);
  assert.equal((await run.ended).reason, 'finished');
  return { uri, document, record: run.record };
}

describe('A layer of a real run', () => {
  afterEach(closeEverything);

  it('has a picture in its hover: histograms, gates along the sequence, and the gradient through time', async () => {
    const { uri, document } = await runOf('pictured', remembering);
    const at = document.positionAt(document.getText().indexOf('"memory"') + 2);
    const picture = await eventually('the picture', async () => {
      const hovers: vscode.Hover[] = await vscode.commands.executeCommand(
        'vscode.executeHoverProvider',
        uri,
        at,
      );
      const parts = hovers
        .flatMap(({ contents }) => contents)
        .map((part) => (part as vscode.MarkdownString).value);
      return /!\[[^\]]+\]\(data:image\/svg\+xml;base64,([A-Za-z0-9+/=]+)\)/.exec(parts.join('\n'))?.[1];
    });
    const svg = Buffer.from(picture, 'base64').toString();
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+">/);
    const rows = [...svg.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, label]) => label);
    for (const row of ['time', 'forget', 'input', 'output', 'activations', 'gradients'])
      assert(rows.includes(row), `${row} is missing in ${rows.join(', ')}`);
    const paths = [...svg.matchAll(/<path d="([^"]*)"/g)].map(([, path]) => path);
    assert(paths.length >= rows.length);
    for (const path of paths) assert.match(path, /^M[\d.,MLHVZ\s-]+$/i, path);
  });

  it('has what is out of its limit first beside its line, and the others in their usual order', async () => {
    const wide = '"units": 8, "kernelInitializer": { "type": "uniform", "min": -50, "max": 50 }';
    const { document, record } = await runOf('first-what-matters', tiny(2).replace('"units": 8', wide));
    const textOf = (layer: string) =>
      statsLines(
        analyze(document.getText()),
        (name) => record.stats?.[name] && { stats: record.stats[name], stale: false },
      ).find((line) => line.layer === layer)?.text ?? '';
    assert.match(textOf('bend'), /^sat.*μ.*σ.*∇/);
    assert.match(textOf('point'), /^μ.*σ/);
  });
});
