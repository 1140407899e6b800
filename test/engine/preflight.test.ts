/** Pre-flight checks: each passes for a healthy network and fails for one with its fault. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { preflight } from '../../engine/api.ts';
import { loadBackend } from '../../engine/kernels/wasm/load.ts';
import { layers } from '../../engine/layers/registry.ts';
import { preflightChecks } from '../../engine/preflight/registry.ts';
import type { EventOfKind, TrainingEvent } from '../../engine/protocol/events.ts';
import { threadHost } from '../../engine/train/host.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netloom-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const network = ({ hidden = '', rate = 0.02, data = '"pattern": "xor"' } = {}) => `{
  "layers": {
    "point": { "type": "input", "shape": [2] },
    "hidden": { "type": "dense", "from": "point", "units": 16${hidden} },
    "bend": { "type": "tanh", "from": "hidden" },
    "out": { "type": "dense", "from": "bend", "units": 2 }
  },
  "training": {
    "data": { "type": "points", ${data} },
    "loss": { "type": "softmaxCrossEntropy", "from": "out" },
    "optimizer": { "type": "adam", "learningRate": ${rate} },
    "batchSize": 8
  }
}`;

async function ask(text: string, ...checks: string[]) {
  const events: TrainingEvent[] = [];
  const end = await preflight(
    { text, folder, ...(checks.length > 0 ? { checks } : {}) },
    {
      ...threadHost,
      openBackend: (threads, planBytes) => loadBackend('dist/kernels', threads, planBytes),
      emit: (event) => events.push(event),
    },
  );
  const results = events.filter((event): event is EventOfKind<'check'> => event.event === 'check');
  return { end, results, outcome: results[0]?.outcome, message: results[0]?.message ?? '' };
}

describe('pre-flight', () => {
  it('passes a healthy network, in the order of the registry, and writes nothing', async () => {
    const { end, results } = await ask(network());
    expect(results.map(({ check, outcome }) => [check, outcome])).toEqual(
      preflightChecks.map(({ key }) => [key, 'passed']),
    );
    expect(end).toEqual({ event: 'end', reason: 'finished', step: 0 });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('has the same results twice', async () => {
    expect((await ask(network())).results).toEqual((await ask(network())).results);
  });

  it('runs only the requested checks', async () => {
    const { results } = await ask(network(), 'usesInput', 'gradients');
    expect(results.map(({ check }) => check)).toEqual(['gradients', 'usesInput']);
  });

  it('ends as failed, at the place of the mistake, when the network cannot be trained', async () => {
    const { end, results } = await ask(network({ hidden: ', "kernelInitialiser": "zeros"' }));
    expect(end).toMatchObject({ reason: 'failed', path: ['layers', 'hidden', 'kernelInitialiser'] });
    expect(results).toEqual([]);
  });

  it('ends as failed, and fails no check, when the data that are read do not fit the network', async () => {
    writeFileSync(join(folder, 'kinds.csv'), 'a,b,kind\n1,2,x\n2,3,y\n3,1,z\n4,5,x\n5,1,y\n6,2,z\n');
    const { end, results } = await ask(
      network().replace(/"data": \{.*\}/, '"data": { "type": "csv", "file": "kinds.csv", "target": "kind" }'),
    );
    expect(end).toMatchObject({ reason: 'failed', code: 'loss/classes' });
    expect(results).toEqual([]);
  });

  it('finds a gradient that is wrong by a thousandth', async () => {
    const dense = layers.get('dense');
    const { backward } = dense;
    vi.spyOn(dense, 'backward').mockImplementation((pass) => {
      backward(pass);
      const { data } = pass.gradParameters.kernel;
      for (let i = 0; i < data.length; i++) data[i] *= 1.001;
    });
    expect(await ask(network(), 'gradients')).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('fault of Netloom'),
    });
  });

  it('excludes kinks from the comparison of gradients', async () => {
    // Half of the units are exactly at the kink of ReLU, where the left and the right slope differ.
    const text = network({ hidden: ', "kernelInitializer": "zeros"' }).replace('"tanh"', '"relu"');
    expect(await ask(text, 'gradients')).toMatchObject({ outcome: 'passed' });
  });

  it('names a parameter that no gradient reaches', async () => {
    const constant = ', "biasInitializer": { "type": "constant", "value": -100 }';
    const { outcome, results } = await ask(
      network({ hidden: constant }).replace('"tanh"', '"relu"'),
      'everyParameterMoves',
    );
    expect(outcome).toBe('failed');
    expect(results[0].message).toContain('hidden.kernel, hidden.bias, out.kernel');
    expect(results[0].path).toEqual(['layers', 'hidden']);
  });

  it('does not require frozen parameters to change', async () => {
    expect(await ask(network({ hidden: ', "trainable": false' }), 'everyParameterMoves')).toMatchObject({
      outcome: 'passed',
    });
  });

  it('detects two trainings that differ', async () => {
    const dense = layers.get('dense');
    const { forward } = dense;
    let calls = 0;
    vi.spyOn(dense, 'forward').mockImplementation((pass) => {
      forward(pass);
      pass.output.data[0] += calls++ * 1e-3;
    });
    expect(await ask(network(), 'sameBits')).toMatchObject({ outcome: 'failed' });
  });

  it('detects a network that cannot memorize', async () => {
    const { outcome, message } = await ask(network({ rate: 1e-9 }), 'overfits');
    expect(outcome).toBe('failed');
    expect(message).toMatch(/20 samples stayed at .* for 1000 steps/);
  });

  it('takes all samples there are when they are fewer than twenty', async () => {
    const { message } = await ask(network({ data: '"pattern": "xor", "samples": 6' }), 'overfits');
    expect(message).toMatch(/^The loss on 6 samples fell/);
  });

  it('detects that the input does not matter', async () => {
    const deaf = ', "kernelInitializer": "zeros", "trainable": false';
    expect(await ask(network({ hidden: deaf }), 'usesInput')).toMatchObject({ outcome: 'failed' });
  });

  it.each([
    ['inputsScaled', 'unscaled.csv', 3],
    ['labelsBalanced', 'unbalanced.csv', 2],
    ['noLeak', 'leak.csv', 3],
  ])('fails "%s" for %s, and passes it for balanced data', async (check, file, features) => {
    const table = (name: string, width: number) =>
      network()
        .replace('"shape": [2]', `"shape": [${width}]`)
        .replace(
          '"type": "points", "pattern": "xor"',
          `"type": "csv", "file": "${name}", "normalize": "none"`,
        );
    const data = resolve('test/fixtures/faults/data');
    const bad = await ask(table(join(data, file), features), check);
    expect(bad).toMatchObject({ outcome: 'failed', results: [{ check }] });
    expect(bad.message).not.toContain('shape');
    const good = await ask(table(join(data, 'balanced.csv'), 2), check);
    expect(good).toMatchObject({ outcome: 'passed', results: [{ check }] });
  });

  it('detects test data in another unit than the training data', async () => {
    const tested = (testFile: string) =>
      network().replace(
        '"type": "points", "pattern": "xor"',
        `"type": "csv", "file": "sizes.csv", "testFile": "${testFile}"`,
      );
    const inFaults = (text: string) =>
      text.replace(/[\w-]+\.csv/g, (file) => resolve('test/fixtures/faults/data', file));
    expect(
      await ask(inFaults(tested('sizes-in-millimetres.csv')), 'testScaled', 'inputsScaled'),
    ).toMatchObject({
      results: [{ outcome: 'passed' }, { outcome: 'failed' }],
    });
    expect(await ask(inFaults(tested('sizes-test.csv')), 'testScaled')).toMatchObject({ outcome: 'passed' });
  });

  it('detects a loss that starts too high', async () => {
    const sure = network().replace(
      '"units": 2 }',
      '"units": 2, "biasInitializer": { "type": "normal", "std": 20 } }',
    );
    expect(await ask(sure, 'startLoss')).toMatchObject({
      outcome: 'failed',
      results: [{ path: ['training', 'loss'] }],
    });
  });

  it.each([
    ['at any batch size', '"batchSize": 8', '"batchSize": 4'],
    ['with weights of classes', '"from": "out" }', '"from": "out", "classWeights": [1, 4] }'],
  ])('detects a loss that starts too high %s', async (_, given, instead) => {
    const sure = network().replace(
      '"units": 2 }',
      '"units": 2, "biasInitializer": { "type": "normal", "std": 20 } }',
    );
    expect((await ask(sure.replace(given, instead), 'startLoss')).outcome).toBe('failed');
    expect((await ask(network().replace(given, instead), 'startLoss')).outcome).toBe('passed');
  });

  it('reports numbers that are not finite as a failed check', async () => {
    const huge = network({ rate: 1e30 }).replace('"adam"', '"sgd"').replace('"tanh"', '"relu"');
    const { outcome, results, end } = await ask(huge, 'everyParameterMoves');
    expect(outcome).toBe('failed');
    expect(results[0].message).toContain('NaN or infinity');
    expect(end.reason).toBe('finished');
  });
});
