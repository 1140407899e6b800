/** Sequences of different lengths in whole networks: padding has no influence, whatever layers change the time axis. */
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../engine/kernels/backend.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { runJob } from '../../engine/train/job.ts';
import { load } from './wasmHarness.ts';

const folder = 'test/fixtures/lengths';

const backends: readonly (readonly [name: string, open: () => Backend])[] = [
  ['the wasm backend', () => load('relaxed')],
  ['the reference kernels', () => referenceBackend],
];

/** Layers from the sequence "s" to `from`, then its last step, two scores of it and their loss. */
const network = (layers: string, from: string, file: string, shape: string) => `{
  "layers": {
    "s": { "type": "input", "shape": [${shape}] },
    ${layers},
    "last": { "type": "lastStep", "from": "${from}" },
    "y": { "type": "dense", "from": "last", "units": 2, "useBias": false, "kernelInitializer": "identity" }
  },
  "training": {
    "data": { "type": "sequences", "file": "${file}", "normalize": "none" },
    "loss": { "type": "softmaxCrossEntropy", "from": "y" },
    "optimizer": { "type": "sgd", "learningRate": 0 },
    "epochs": 1
  }
}`;

async function train(text: string, open: () => Backend) {
  const events: TrainingEvent[] = [];
  const end = await runJob(
    { task: 'train', folder, text },
    {
      openBackend: open,
      now: () => 0,
      yield: () => Promise.resolve(),
      emit: (event) => events.push(event),
    },
  );
  const epoch = events.find((event) => event.event === 'epoch');
  return { end, loss: epoch?.event === 'epoch' ? epoch.train.loss : Number.NaN };
}

const kernel = (value: number) =>
  `"filters": 1, "useBias": false, "kernelInitializer": { "type": "constant", "value": ${value} }`;

describe.each(backends)('on %s', (_, open) => {
  // Two sequences of fives, of 2 and of 4 steps. The last real value is 5: loss = ln(1 + e⁻⁵).
  it.each([
    ['no layer', '"p": { "type": "linear", "from": "s" }'],
    ['max pooling', '"p": { "type": "maxPool1d", "from": "s" }'],
    ['average pooling', '"p": { "type": "averagePool1d", "from": "s" }'],
    [
      'average pooling that keeps the length',
      '"p": { "type": "averagePool1d", "from": "s", "poolSize": 3, "stride": 1, "padding": "same" }',
    ],
    [
      'a convolution under strides',
      `"p": { "type": "conv1d", "from": "s", "kernelSize": 1, "stride": 2, ${kernel(1)} }`,
    ],
    ['a valid convolution', `"p": { "type": "conv1d", "from": "s", "kernelSize": 2, ${kernel(0.5)} }`],
    [
      'a convolution behind a bias, over a zero at the end',
      `"b": { "type": "dense", "from": "s", "units": 1, "kernelInitializer": { "type": "constant", "value": 0 }, "biasInitializer": { "type": "constant", "value": 5 } },
      "p": { "type": "conv1d", "from": "b", "kernelSize": 2, "padding": [0, 1], ${kernel(1)} }`,
    ],
    ['zeros before', '"p": { "type": "zeroPad", "from": "s", "padding": [1, 0] }'],
    [
      'a transposed convolution',
      `"i": { "type": "reshape", "from": "s", "shape": [4, 1, 1] },
      "t": { "type": "convTranspose2d", "from": "i", "kernelSize": [2, 1], "stride": [2, 1], ${kernel(1)} },
      "p": { "type": "reshape", "from": "t", "shape": [8, 1] }`,
    ],
    [
      'upsampling',
      `"i": { "type": "reshape", "from": "s", "shape": [4, 1, 1] },
      "u": { "type": "upsample2d", "from": "i", "scale": [2, 1], "interpolation": "bilinear" },
      "p": { "type": "reshape", "from": "u", "shape": [8, 1] }`,
    ],
    [
      'a step before the sequence',
      '"g": { "type": "globalMaxPool", "from": "s" }, "r": { "type": "reshape", "from": "g", "shape": [1, 1] }, "p": { "type": "concat", "from": ["r", "s"], "axis": 1 }',
    ],
    [
      'axes changed and changed back',
      '"q": { "type": "permute", "from": "s", "axes": [2, 1] }, "p": { "type": "permute", "from": "q", "axes": [2, 1] }',
    ],
  ])('the last step after %s is real', async (_name, layers) => {
    const { loss, end } = await train(network(layers, 'p', 'fives.json', '4, 1'), open);
    expect(end.message).toBeUndefined();
    expect(loss).toBeCloseTo(0.0067153485, 7);
  });

  // Sequences 2 4 and 2 4 2 4: mean 3, deviation 1, so the last real step becomes 1 and loss = ln(1 + e⁻¹).
  it.each([
    ['batch normalization', '"type": "batchNorm"'],
    ['group normalization', '"type": "groupNorm", "groups": 1'],
    ['layer normalization of all steps', '"type": "layerNorm", "axes": 2'],
  ])('%s counts real steps only', async (_name, type) => {
    const layers = `"p": { ${type}, "from": "s", "epsilon": 1e-9 }`;
    const { loss } = await train(network(layers, 'p', 'twos.json', '4, 1'), open);
    expect(loss).toBeCloseTo(0.3132616875, 7);
  });

  it('softmax over time is divided among real steps only', async () => {
    // Shares of 2 and 4 are 1 / (1 + e²) and 1 / (1 + e⁻²) = 0.8807971; of 2 4 2 4 half of them.
    const right = [1, 2].map((parts) => Math.log(1 + Math.exp(-1 / (1 + Math.exp(-2)) / parts)));
    const layers = '"p": { "type": "softmax", "from": "s", "axis": 1 }';
    const { loss } = await train(network(layers, 'p', 'twos.json', '4, 1'), open);
    expect(loss).toBeCloseTo((right[0] + right[1]) / 2, 6);
  });

  it('a permute of equal axes follows the time axis', async () => {
    // Two features and two steps: transposed, the features are the first axis, and lastStep would take the second of them.
    const { end } = await train(
      network('"p": { "type": "permute", "from": "s", "axes": [2, 1] }', 'p', 'square.json', '2, 2'),
      open,
    );
    expect(end).toMatchObject({ reason: 'failed', code: 'time/axis', path: ['layers', 'last'] });
    expect(end.message).toMatch(
      /^last: needs time as the first of at least two axes.*\[2, 2\] has time as axis 2/,
    );
  });
});

describe('a layer that cannot leave padding out', () => {
  it.each([
    ['concat over time', '"p": { "type": "concat", "from": ["s", "s"], "axis": 1 }', 'p', 'time/padding'],
    [
      'flatten',
      '"q": { "type": "flatten", "from": "s" }, "p": { "type": "reshape", "from": "q", "shape": [1, 8] }',
      'q',
      'time/padding',
    ],
    [
      'a reshape that splits steps',
      '"p": { "type": "reshape", "from": "s", "shape": [2, 4] }',
      'p',
      'time/padding',
    ],
    [
      'dense over time',
      '"q": { "type": "permute", "from": "s", "axes": [2, 1] }, "d": { "type": "dense", "from": "q", "units": 3 }, "p": { "type": "reshape", "from": "d", "shape": [3, 2] }',
      'd',
      'time/padding',
    ],
    [
      'a sum of different lengths',
      '"a": { "type": "zeroPad", "from": "s", "padding": [1, 0] }, "b": { "type": "zeroPad", "from": "s", "padding": [0, 1] }, "c": { "type": "maxPool1d", "from": "s", "poolSize": 2, "stride": 2 }, "d": { "type": "zeroPad", "from": "c", "padding": [1, 2] }, "p": { "type": "add", "from": ["a", "d"] }',
      'p',
      'time/lengths',
    ],
  ])('%s is refused by name', async (_, layers, layer, code) => {
    const { end } = await train(network(layers, 'p', 'pairs.json', '4, 2'), () => referenceBackend);
    expect(end).toMatchObject({ reason: 'failed', code, path: ['layers', layer] });
    expect(end.message).toMatch(new RegExp(`^${layer}: .*differ`));
  });
});
