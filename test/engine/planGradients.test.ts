/** Whole plans on random networks: whatever shares memory, gradients equal numeric slopes of the loss, and passes can be repeated. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import type { Backend } from '../../engine/kernels/backend.ts';
import { Random } from '../../engine/kernels/random.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import type { FloatArray, Tensor } from '../../engine/kernels/tensor.ts';
import { losses } from '../../engine/losses/registry.ts';
import { compile } from '../../engine/plan/compile.ts';
import { Runtime } from '../../engine/plan/runtime.ts';
import { load } from './wasmHarness.ts';

const batchSize = 3;
/** With this many samples, no output of four numbers is small enough to keep its memory until the step ends. */
const sharingBatch = 150;

/** Blocks of layers with 4 numbers for each sample at both ends, so that any may follow any other. */
const blocks: readonly ((name: string, from: string) => readonly string[])[] = [
  (name, from) => [`"${name}": { "type": "dense", "from": "${from}", "units": 4 }`],
  (name, from) => [`"${name}": { "type": "tanh", "from": "${from}" }`],
  (name, from) => [`"${name}": { "type": "sigmoid", "from": "${from}" }`],
  (name, from) => [`"${name}": { "type": "silu", "from": "${from}" }`],
  (name, from) => [`"${name}": { "type": "layerNorm", "from": "${from}" }`],
  (name, from) => [`"${name}": { "type": "flatten", "from": "${from}" }`],
  (name, from) => [
    `"${name}s": { "type": "reshape", "from": "${from}", "shape": [2, 2, 1] }`,
    `"${name}c": { "type": "conv2d", "from": "${name}s", "filters": 1, "kernelSize": 2, "padding": "same" }`,
    `"${name}t": { "type": "tanh", "from": "${name}c" }`,
    `"${name}": { "type": "flatten", "from": "${name}t" }`,
  ],
];

/** A random network with branches and sums that ends in a dense layer. Its loss is there or anywhere before. */
const network = fc
  .record({
    choices: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(blocks.length + 1)), {
      minLength: 1,
      maxLength: 14,
    }),
    judged: fc.option(fc.nat()),
  })
  .map(({ choices, judged }) => {
    const layers = ['"l0": { "type": "input", "shape": [4] }'];
    choices.forEach(([first, second, kind], index) => {
      // Mostly chains, because those share memory.
      const from = `l${first % 3 === 0 ? second % (index + 1) : index}`;
      const name = `l${index + 1}`;
      if (kind < blocks.length) layers.push(...blocks[kind](name, from));
      else layers.push(`"${name}": { "type": "add", "from": ["${from}", "l${second % (index + 1)}"] }`);
    });
    const last = choices.length;
    layers.push(`"out": { "type": "dense", "from": "l${last}", "units": 4 }`);
    const loss = judged === null ? 'out' : `l${1 + (judged % last)}`;
    return { text: `{ "layers": { ${layers.join(',\n')} } }`, loss };
  });

function runtimeOf(
  { text, loss }: { readonly text: string; readonly loss: string },
  backend: Backend = referenceBackend,
  batch = batchSize,
): Runtime {
  const { graph, diagnostics } = analyze(text);
  if (diagnostics.length > 0 || !graph.byName.has(loss)) throw new Error(diagnostics[0].message);
  const definition = losses.get('meanSquaredError');
  const spec = { type: 'meanSquaredError', from: { layer: loss }, weight: 1, attributes: {} };
  const inferred = definition.infer({}, graph.byName.get(loss)!.inferred.output, {
    shape: graph.byName.get(loss)!.inferred.output,
    type: 'float',
  });
  if ('problem' in inferred) throw new Error(inferred.problem.message);
  const planned = [{ spec, definition, inferred }] as unknown as Parameters<typeof compile>[1]['losses'];
  const plan = compile(graph, {
    batchSize: batch,
    float: backend.floats.includes('float64') ? 'float64' : 'float32',
    losses: planned,
    slots: [],
  });
  const runtime = new Runtime(plan, backend, 3);
  const random = new Random(5);
  for (const id of [plan.layers[0].output, plan.losses[0].target]) {
    const { data } = runtime.tensor(id);
    for (let i = 0; i < data.length; i++) data[i] = random.normal();
  }
  return runtime;
}

describe('a plan', () => {
  it('has gradients that equal slopes of the loss, whatever shares memory', () => {
    fc.assert(
      fc.property(network, fc.constantFrom(batchSize, sharingBatch), (drawn, batch) => {
        const runtime = runtimeOf(drawn, referenceBackend, batch);
        const { update } = runtime.plan;
        fc.pre(update !== undefined);
        const parameters = runtime.tensor(update!.parameters).data;
        const gradients = runtime.tensor(update!.gradients).data;
        const loss = (): number => {
          runtime.forward(batch, true, 1);
          runtime.loss();
          return runtime.meanLoss;
        };
        gradients.fill(0);
        runtime.forward(batch, true, 1);
        runtime.backward(true);
        const once = Float64Array.from(gradients);
        runtime.forward(batch, true, 1);
        runtime.backward(true);
        expect(gradients).toEqual(once);
        runtime.forward(batch, true, 1);
        runtime.backward(false);
        gradients.forEach((value, i) => {
          expect(Math.abs(value - 2 * once[i])).toBeLessThan(1e-12 + 1e-9 * Math.abs(once[i]));
        });

        const random = new Random(9);
        const direction = parameters.map((_, i) => (once[i] === 0 ? 0 : random.normal()));
        const start = parameters.slice();
        const at = (step: number): number => {
          parameters.forEach((_, i) => {
            parameters[i] = start[i] + step * direction[i];
          });
          return loss();
        };
        const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
        const expected = once.reduce((sum, value, i) => sum + value * direction[i], 0);
        expect(Math.abs(slope - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('keeps small outputs and their gradients until a measured step ends', () => {
    fc.assert(
      fc.property(network, (drawn) => {
        const runtime = runtimeOf(drawn);
        const { layers } = runtime.plan;
        const complete: { readonly now: FloatArray; readonly copy: FloatArray }[] = [];
        const keep = ({ data }: Tensor) => complete.push({ now: data, copy: data.slice() });
        const probe = {
          activation: (index: number) => keep(runtime.tensor(layers[index].output)),
          gradient: (index: number) => keep(runtime.passes[index].gradOutput),
        };
        runtime.forward(batchSize, true, 1, probe);
        runtime.backward(true, probe);
        expect(layers.every(({ lasts }) => lasts)).toBe(true);
        for (const { now, copy } of complete) expect(now).toEqual(copy);
      }),
      { seed: 11, numRuns: 100 },
    );
  });

  it.each([batchSize, sharingBatch])(
    'computes the same bits when its values are measured, though activations then run separately: batches of %i',
    (batch) => {
      const text = `{ "layers": {
        "x": { "type": "input", "shape": [6, 6, 1] },
        "conv": { "type": "conv2d", "from": "x", "filters": 4, "kernelSize": 3 },
        "relu": { "type": "relu", "from": "conv" },
        "pool": { "type": "maxPool2d", "from": "relu" },
        "conv2": { "type": "conv2d", "from": "pool", "filters": 8, "kernelSize": 3, "padding": "same" },
        "relu2": { "type": "relu", "from": "conv2" },
        "flat": { "type": "flatten", "from": "relu2" },
        "dense": { "type": "dense", "from": "flat", "units": 9 },
        "tanh": { "type": "tanh", "from": "dense" },
        "out": { "type": "dense", "from": "tanh", "units": 2 }
      } }`;
      const bits = (watched: boolean) => {
        const runtime = runtimeOf({ text, loss: 'out' }, load('relaxed'), batch);
        let seen = 0;
        const probe = { activation: () => seen++, gradient: () => seen++ };
        runtime.forward(batch, true, 1, watched ? probe : undefined);
        runtime.backward(true, watched ? probe : undefined);
        expect(seen).toBe(watched ? 19 : 0);
        return Array.from(runtime.tensor(runtime.plan.update!.gradients).data);
      };
      expect(bits(true)).toEqual(bits(false));
    },
  );

  it('runs nothing for a flatten, and no buffer of its own for a large activation after a convolution', () => {
    const drawn = {
      text: `{ "layers": {
        "x": { "type": "input", "shape": [4, 4, 1] },
        "conv": { "type": "conv2d", "from": "x", "filters": 2, "kernelSize": 3 },
        "relu": { "type": "relu", "from": "conv" },
        "flat": { "type": "flatten", "from": "relu" },
        "out": { "type": "dense", "from": "flat", "units": 2 }
      } }`,
      loss: 'out',
    };
    const { plan } = runtimeOf(drawn, referenceBackend, sharingBatch);
    const [, conv, relu, flat] = plan.layers;
    expect(relu.output).toBe(conv.output);
    expect(relu.backward?.gradOutput).toBe(conv.backward?.gradOutput);
    expect(plan.buffers[flat.output].offset).toBe(plan.buffers[conv.output].offset);
    expect(plan.steps.filter(({ op }) => op === 'forward')).toHaveLength(4);
    // Only the gradient of the loss is zeroed, because the loss adds to it; every layer overwrites its own.
    expect(plan.steps.filter(({ op }) => op === 'zero')).toHaveLength(1);
  });

  it('gives an activation a buffer of its own where another layer, or the loss, reads its input too', () => {
    const text = (rest: string) => `{ "layers": {
        "x": { "type": "input", "shape": [4] },
        "a": { "type": "dense", "from": "x", "units": 4 },
        "b": { "type": "relu", "from": "a" },
        "c": { "type": "relu", "from": "b" }, ${rest}
      } }`;
    const layersOf = (rest: string, loss: string) =>
      runtimeOf({ text: text(rest), loss }, referenceBackend, sharingBatch).plan.layers;
    const two = layersOf('"d": { "type": "add", "from": ["a", "c"] }', 'd');
    expect(two[2].output).not.toBe(two[1].output);
    const last = '"d": { "type": "dense", "from": "c", "units": 1 }';
    const judged = layersOf(last, 'a');
    expect(judged[2].output).not.toBe(judged[1].output);
    // In place, the second of two activations would overwrite the output that the first one needs.
    expect(judged[3].output).not.toBe(judged[2].output);
    const alone = layersOf(last, 'd');
    expect(alone[2].output).toBe(alone[1].output);
  });
});
