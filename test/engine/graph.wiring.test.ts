/** Connections between layers: which are allowed, in which order layers run, and graphs of any form and size. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { connectProblem } from '../../engine/graph/connect.ts';
import { layers as layerTypes } from '../../engine/layers/registry.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { runs } from '../hostile/effort.ts';
import { flat, image, network, out } from './graphTexts.ts';

// A fixed seed, so that a failure is the same for everybody. A failing example prints how to replay it.
fc.configureGlobal({ seed: 20261123 });

describe('joining two layers', () => {
  const analysis = analyze(
    network(
      image,
      flat,
      out,
      '"sum": { "type": "add", "from": ["image"] }',
      '"free": { "type": "relu" }',
      '"deaf": { "type": "dens" }',
    ),
  );
  const joined = (from: string, to: string, index = 0) =>
    connectProblem(analysis, { layer: from }, to, index);

  test('is allowed if order and shapes permit it', () => {
    expect(joined('out', 'free')).toBeUndefined();
    expect(joined('image', 'sum', 1)).toBeUndefined();
    expect(joined('out', 'deaf')).toBeUndefined();
  });
  test('is refused with the reason', () => {
    expect(joined('out', 'flat')).toMatch(/flat already depends on|already depends/);
    expect(joined('free', 'free')).toMatch(/its own output/);
    expect(joined('out', 'image')).toMatch(/takes no input/);
    expect(joined('image', 'flat', 1)).toMatch(/takes one input/);
    expect(joined('flat', 'sum', 1)).toMatch(/^sum: /);
    expect(joined('nobody', 'flat')).toMatch(/no layer "nobody"/);
    expect(connectProblem(analysis, { layer: 'out', output: 'state' }, 'free', 0)).toMatch(
      /no output "state"/,
    );
  });
});

test('a second input layer is refused at its line as soon as there is a training section, because data have one input', () => {
  const layers = '"a": { "type": "input", "shape": [2] }, "b": { "type": "input", "shape": [2] },';
  const joined = '"sum": { "type": "add", "from": ["a", "b"] }';
  const untrained = `{ "layers": { ${layers} ${joined} } }`;
  expect(analyze(untrained).diagnostics).toEqual([]);
  const text = untrained.replace(
    / }$/,
    ', "training": { "data": "points", "loss": { "type": "meanSquaredError", "from": "sum" }, "optimizer": "sgd" } }',
  );
  const { diagnostics, trainable } = analyze(text);
  expect(trainable).toBe(false);
  expect(diagnostics).toMatchObject([{ code: 'training/inputs', severity: 'error', layer: 'b' }]);
  const [{ range, message, fix }] = diagnostics;
  expect(text.slice(range.start, range.end)).toBe('"b"');
  expect(message).toMatch(/2 input layers \(a, b\).*Keep one input layer.*slice/);
  const outcome = applyEdit(text, fix!.edit);
  if ('problem' in outcome) throw new Error(outcome.problem);
  const fixed = applyChanges(text, outcome.changes);
  expect(analyze(fixed).diagnostics).toEqual([]);
  expect(fixed).toContain('"from": ["a", "a"]');
});

describe('the fix of too many input layers', () => {
  const training = (from: string) =>
    `"training": { "data": "points", "loss": { "type": "meanSquaredError", "from": "${from}" }, "optimizer": "sgd" }`;
  const inputs = (count: number) =>
    Array.from({ length: count }, (_, i) => `"in${i}": { "type": "input", "shape": [2] },`).join(' ');
  const fixed = (text: string) => {
    const { fix } = analyze(text).diagnostics.find(({ code }) => code === 'training/inputs')!;
    const outcome = applyEdit(text, fix!.edit);
    if ('problem' in outcome) throw new Error(outcome.problem);
    return { title: fix!.title, after: analyze(applyChanges(text, outcome.changes)) };
  };

  test('keeps the one that a loss reads', () => {
    const { title, after } = fixed(
      `{ "layers": { ${inputs(2)} "twice": { "type": "relu", "from": "in0" } }, ${training('in1')} }`,
    );
    expect(title).toBe('Read "in1" instead of "in0"');
    expect(after.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('counts layers that are many', () => {
    const reads = Array.from({ length: 9 }, (_, i) => `"in${i}"`).join(', ');
    const layers = `${inputs(9)} "sum": { "type": "add", "from": [${reads}] }`;
    expect(fixed(`{ "layers": { ${layers} }, ${training('sum')} }`).title).toBe(
      'Read "in0" instead of 8 input layers',
    );
  });

  test('is looked for in bounded work, however many inputs do not fit', () => {
    const count = 60;
    const readers = Array.from({ length: count }, (_, i) => `"r${i}": { "type": "relu", "from": "in${i}" },`);
    const layers = `${inputs(count)} ${readers.join(' ')} "odd": { "type": "input", "shape": [3] },
      "also": { "type": "input", "shape": [3] }, "sum": { "type": "add", "from": ["odd", "also"] }`;
    const text = `{ "layers": { ${layers} }, ${training('sum')} }`;
    const { diagnostics } = analyze(text);
    expect(diagnostics).toMatchObject([{ code: 'training/inputs' }]);
    expect(diagnostics[0].fix).toBeUndefined();
  });
});

/** Layers 0 … n−1 with arbitrary connections. All of them are additions. */
const wiring = fc.integer({ min: 1, max: 9 }).chain((size) =>
  fc.array(fc.array(fc.nat(size - 1), { minLength: 2, maxLength: 3 }), {
    minLength: size,
    maxLength: size,
  }),
);

const wired = (from: readonly (readonly number[])[]): string =>
  network(
    ...from.map(
      (sources, layer) =>
        `"l${layer}": { "type": "add", "from": [${sources.map((source) => `"l${source}"`).join(', ')}] }`,
    ),
  );

/** Which layers can be reached from which, by trying every layer in between. */
function reachability(from: readonly (readonly number[])[]): boolean[][] {
  const reaches = from.map((_, source) => from.map((sources) => sources.includes(source)));
  for (const [via] of from.entries())
    for (const [start] of from.entries())
      for (const [end] of from.entries()) reaches[start][end] ||= reaches[start][via] && reaches[via][end];
  return reaches;
}

describe('any wiring', () => {
  test('has a reported cycle exactly if there is one, and every reported cycle is real', () => {
    fc.assert(
      fc.property(wiring, (from) => {
        const reaches = reachability(from);
        const cycles = analyze(wired(from)).diagnostics.filter(({ code }) => code === 'graph/cycle');
        expect(cycles.length > 0).toBe(from.some((_, layer) => reaches[layer][layer]));
        for (const { message } of cycles) {
          const ring = [.../(l\d(?: → l\d)+)/.exec(message)![1].matchAll(/\d/g)].map(Number);
          expect(ring.at(-1)).toBe(ring[0]);
          expect(new Set(ring).size).toBe(ring.length - 1);
          for (let step = 1; step < ring.length; step++) expect(from[ring[step]]).toContain(ring[step - 1]);
        }
      }),
      { numRuns: runs(500) },
    );
  });

  /** Connections from earlier layers only. The first two layers are inputs. */
  const acyclic = fc
    .array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 8 })
    .map((pairs) => pairs.map((pair, index) => pair.map((source) => source % (index + 2))));

  const sumNetwork = (from: readonly (readonly number[])[]): string =>
    network(
      ...['"l0": { "type": "input", "shape": [3] }', '"l1": { "type": "input", "shape": [3] }'],
      ...from.map(
        (sources, index) =>
          `"l${index + 2}": { "type": "add", "from": [${sources.map((source) => `"l${source}"`).join(', ')}] }`,
      ),
    );

  test('without a cycle gets an order, even if its text is shuffled', () => {
    fc.assert(
      fc.property(acyclic, fc.infiniteStream(fc.double({ noNaN: true })), (from, keys) => {
        const lines = sumNetwork(from)
          .split('\n')
          .slice(2, -2)
          .map((line) => line.replace(/,$/, ''));
        const shuffled = lines
          .map((line) => ({ line, key: keys.next().value! }))
          .sort((a, b) => a.key - b.key);
        const { graph, sound } = analyze(network(...shuffled.map(({ line }) => line)));
        expect(sound).toBe(true);
        const place = new Map(graph.layers.map(({ name }, index) => [name, index]));
        expect(place.size).toBe(from.length + 2);
        for (const { name, from: sources } of graph.layers)
          for (const { layer } of sources) expect(place.get(layer)).toBeLessThan(place.get(name)!);
      }),
    );
  });

  test('may be connected exactly if the resulting network is valid', () => {
    fc.assert(
      fc.property(acyclic, fc.nat(), fc.nat(), fc.nat(2), (from, a, b, index) => {
        const text = sumNetwork(from);
        const size = from.length + 2;
        const [source, target] = [`l${a % size}`, `l${b % size}`];
        const refused = connectProblem(analyze(text), { layer: source }, target, index) !== undefined;
        const edit = applyEdit(text, { kind: 'connect', from: { layer: source }, to: target, index });
        const isSound = 'changes' in edit && analyze(applyChanges(text, edit.changes)).sound;
        expect(refused).toBe(!isSound);
      }),
      { numRuns: runs(150) },
    );
  });
});

test('a chain of four thousand layers is analysed without recursion', () => {
  const layers = Array.from(
    { length: 3999 },
    (_, index) => `"l${index + 1}": { "type": "relu", "from": "l${index}" }`,
  );
  const { graph, sound } = analyze(network('"l0": { "type": "input", "shape": [3] }', ...layers));
  expect(sound).toBe(true);
  expect(graph.layers).toHaveLength(4_000);
  expect(analyze(network(...layers, '"l0": { "type": "relu", "from": "l3999" }')).diagnostics).toHaveLength(
    1,
  );
});

describe('a layer of absurd size', () => {
  const bombs = [0, 1, 65_535, 2 ** 31 - 1, 2 ** 31, 1e12, Number.MAX_SAFE_INTEGER];

  /** Replaces any number in the attributes and sizes of a sample. Nothing may throw, or have more elements than a tensor can. */
  const exploded = (value: unknown): fc.Arbitrary<unknown> => {
    if (typeof value === 'number')
      return fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, fc.constantFrom(...bombs));
    return Array.isArray(value) ? fc.tuple(...value.map(exploded)) : fc.constant(value);
  };

  test.each([...layerTypes].map(({ type }) => type))('is refused or fits: %s', (type) => {
    const { samples, attributes } = layerTypes.get(type);
    const numeric = Object.entries(attributes).filter(
      ([, { control }]) => control.kind === 'number' || control.kind === 'json',
    );
    for (const sample of samples) {
      if (sample.inputs.some((shape) => shape.length === 0)) continue;
      const given: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(
        [
          ...numeric.map(([name, { default: preset }]) => [name, preset] as const),
          ...Object.entries(sample.attributes ?? {}),
        ]
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => [name, exploded(value)]),
      );
      fc.assert(
        fc.property(fc.record(given), fc.tuple(...sample.inputs.map(exploded)), (values, shapes) => {
          const inputs = shapes.map(
            (shape, index) => `"in${index}": ${JSON.stringify({ type: 'input', shape })}`,
          );
          const from = inputs.map((_, index) => `in${index}`);
          const { graph, diagnostics } = analyze(
            network(
              ...inputs,
              `"layer": ${JSON.stringify({ type, ...(from.length > 0 ? { from } : {}), ...values })}`,
            ),
          );
          expect(diagnostics.filter(({ code }) => code.startsWith('internal'))).toEqual([]);
          for (const { inferred } of graph.layers)
            for (const { shape } of [
              { shape: inferred.output },
              ...Object.values(inferred.parameters ?? {}),
            ]) {
              const size = shape.reduce((product, one) => product * one, 1);
              expect(size).toBeGreaterThan(0);
              expect(size).toBeLessThan(2 ** 31);
            }
        }),
        { numRuns: 30 },
      );
    }
  });
});
