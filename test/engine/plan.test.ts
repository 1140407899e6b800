/** Plans: buffers that are in use at the same time never share memory, and a thousand layers are planned quickly. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { alignment } from '../../engine/kernels/backend.ts';
import { compile } from '../../engine/plan/compile.ts';
import { type Life, placeBuffers } from '../../engine/plan/memory.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { printPlan } from './planText.ts';

/** Some live the whole time. */
const life: fc.Arbitrary<Life> = fc
  .record({
    bytes: fc.integer({ min: 0, max: 500 }),
    from: fc.nat(30),
    length: fc.nat(10),
    whole: fc.boolean(),
  })
  .map(({ bytes, from, length, whole }) =>
    whole ? { bytes, from: 0, to: 40 } : { bytes, from, to: from + length },
  );

const overlap = (a: Life, b: Life) => a.from <= b.to && b.from <= a.to;

/** A random network of dense layers and sums: branches, skips, layers read twice. */
const networkText = fc
  .array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { minLength: 1, maxLength: 25 })
  .map((choices) => {
    const layers = ['"l0": { "type": "input", "shape": [4] }'];
    for (const [first, second, adds] of choices) {
      const at = layers.length;
      const from = [`l${first % at}`, `l${second % at}`];
      layers.push(
        adds
          ? `"l${at}": { "type": "add", "from": ["${from[0]}", "${from[1]}"] }`
          : `"l${at}": { "type": "dense", "from": "${from[0]}", "units": 4 }`,
      );
    }
    return `{ "layers": { ${layers.join(', ')} } }`;
  });

function forwardPlan(text: string): Plan {
  return compile(analyze(text).graph, { batchSize: 3, float: 'float32', losses: [] });
}

describe('placing buffers', () => {
  it('never lets two that live at the same time overlap, and aligns each', () => {
    fc.assert(
      fc.property(fc.array(life, { maxLength: 40 }), (lives) => {
        const { offsets, bytes } = placeBuffers(lives);
        lives.forEach((a, i) => {
          expect(offsets[i] % alignment).toBe(0);
          expect(offsets[i] + a.bytes).toBeLessThanOrEqual(bytes);
          for (let j = 0; j < i; j++) {
            const b = lives[j];
            if (a.bytes > 0 && b.bytes > 0 && overlap(a, b))
              expect(offsets[i] + a.bytes <= offsets[j] || offsets[j] + b.bytes <= offsets[i]).toBe(true);
          }
        });
      }),
      { seed: 3 },
    );
  });

  it('lets buffers share memory if they do not live at the same time', () => {
    const lives = Array.from({ length: 10 }, (_, i) => ({ bytes: 64, from: 2 * i, to: 2 * i + 1 }));
    expect(placeBuffers(lives).bytes).toBe(64);
  });
});

describe('a plan', () => {
  it('keeps every value until its last reader has run', () => {
    fc.assert(
      fc.property(networkText, (text) => {
        const { layers, buffers, steps } = forwardPlan(text);
        const written = new Map<number, number>();
        steps.forEach((step, at) => {
          if (step.op !== 'forward') return;
          const { inputs, output } = layers[step.index];
          for (const id of inputs) {
            const [start, end] = [buffers[id].offset, buffers[id].offset + buffers[id].bytes];
            for (const [other, time] of written) {
              if (other === id || time <= (written.get(id) ?? 0)) continue;
              const o = buffers[other];
              expect(o.offset + o.bytes <= start || end <= o.offset).toBe(true);
            }
          }
          written.set(output, at + 1);
        });
      }),
      { seed: 5 },
    );
  });

  it('needs far less memory to run forward through a long chain than the chain has outputs', () => {
    const chain = Array.from(
      { length: 50 },
      (_, i) => `"d${i}": { "type": "relu", "from": "${i ? `d${i - 1}` : 'x'}" }`,
    );
    const { bytes } = forwardPlan(
      `{ "layers": { "x": { "type": "input", "shape": [1000] }, ${chain.join(', ')} } }`,
    );
    expect(bytes).toBeLessThan(5 * 3 * 4000 + 1000);
  });

  it('reads as text', () => {
    const text =
      '{ "layers": { "x": { "type": "input", "shape": [2] }, "y": { "type": "dense", "from": "x", "units": 3 } } }';
    expect(printPlan(forwardPlan(text))).toBe(`batch 3, float32, 9 parameters, 256 bytes

buffers
  0+128  fixed parameters  parameter float [32]
  192+24  x.output  output float [3, 2]
  128+36  y.output  output float [3, 3]
  0+24  y.kernel  parameter float [2, 3]
  64+12  y.bias  parameter float [3]

steps
  forward x
  probeActivation x
  forward y
  probeActivation y
`);
  });
});
