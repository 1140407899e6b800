/** One process of `analysis.mjs`. Without an argument, it prints the names of all texts; with a name, how long that text takes. */
import { diagnose } from '../../engine/diagnose/check.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { largeTexts } from '../hostile/texts.ts';
import { timesOfThread } from '../processorTime.ts';

interface Time {
  readonly clock: number;
  readonly cpu: number;
}

function timed(work: () => void): Time {
  const { computed } = timesOfThread();
  const start = performance.now();
  work();
  return { clock: performance.now() - start, cpu: timesOfThread().computed - computed };
}

/** About 20 ms of arithmetic that no compiler can remove. */
function calibrate(): number {
  let state = 1;
  for (let i = 0; i < 20_000_000; i++) state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return state;
}

/** A usual network of a hundred layers, as a person types it. */
function hundredLayers(): string {
  const layers: { [name: string]: object } = { image: { type: 'input', shape: [32, 32, 3] } };
  let from = 'image';
  const add = (name: string, layer: object) => {
    layers[name] = { ...layer, from };
    from = name;
  };
  for (let block = 1; block <= 32; block++) {
    add(`conv${block}`, { type: 'conv2d', filters: 16, kernelSize: 3, padding: 'same' });
    add(`norm${block}`, { type: 'batchNorm' });
    add(`relu${block}`, { type: 'relu' });
  }
  add('mean', { type: 'globalAveragePool' });
  add('drop', { type: 'dropout', rate: 0.3 });
  add('logits', { type: 'dense', units: 10 });
  const training = {
    data: { type: 'idx', images: 'images', labels: 'labels' },
    loss: { type: 'softmaxCrossEntropy', from: 'logits' },
    optimizer: { type: 'adam', learningRate: 0.001 },
  };
  return JSON.stringify({ layers, training }, null, 2);
}

interface Text {
  readonly text: () => string;
  readonly read: (text: string) => { readonly diagnostics: readonly { readonly message: string }[] };
  /** The documented limit in milliseconds. */
  readonly limit: number;
}

const texts = new Map<string, Text>([
  ['a hundred layers, with findings', { text: hundredLayers, read: (text) => diagnose(text), limit: 50 }],
  ...Object.entries(largeTexts).map(([name, text]): [string, Text] => [
    name,
    { text, read: analyze, limit: 200 },
  ]),
]);

const chosen = texts.get(process.argv[2]);
if (!chosen) console.log(JSON.stringify([...texts.keys()]));
else {
  const { read, limit } = chosen;
  const text = chosen.text();
  // The text of an editor is one flat string. A concatenated one would be flattened within the measurement.
  Buffer.from(text.slice(-1));
  text.charCodeAt(text.length - 1);
  let message = '';
  const first = timed(() => {
    message = read(text).diagnostics.at(0)?.message ?? '';
  });
  const second = timed(() => read(`${text} `));
  calibrate();
  const loop = timed(calibrate).cpu;
  console.log(JSON.stringify({ length: text.length, limit, first, second, loop, message }));
}
