/** Blocks: what they expand to, what is refused and where, and that they train as the same network written flat. */
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { preflight } from '../../engine/api.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { dissolvedName } from '../../engine/spec/reference.ts';
import { threadHost } from '../../engine/train/host.ts';
import { tensorsOf } from '../../engine/train/kept.ts';
import { train } from '../../engine/train/loop.ts';
import { assemble } from '../../engine/train/open.ts';
import { Training } from '../../engine/train/training.ts';
import {
  flat,
  image,
  type Layers,
  problems,
  residual,
  textOf,
  tiny,
  training,
  vector,
} from './blockTexts.ts';
import { openShort } from './examples.ts';

describe('a use of a block', () => {
  it('expands to its layers, copy after copy, each with its own parameters', () => {
    const text = textOf(
      { in: vector, a: { type: 'tiny', from: 'in', repeat: 2 }, out: { type: 'dense', from: 'a', units: 2 } },
      { tiny },
    );
    expect(problems(text)).toEqual([]);
    expect(flat(text)).toEqual([
      'in()',
      'a/1/d(in)',
      'a/1/r(a/1/d)',
      'a/2/d(a/1/r)',
      'a/2/r(a/2/d)',
      'out(a/2/r)',
    ]);
    expect(analyze(text).summaries.get('a')?.parameters).toBe(2 * 20);
  });

  it('shares parameters with another use copy by copy, or among its copies', () => {
    const uses = (a: object, b: object) =>
      textOf(
        { in: vector, a: { type: 'tiny', from: 'in', ...a }, b: { type: 'tiny', from: 'a', ...b } },
        { tiny },
      );
    expect(flat(uses({ repeat: 2 }, { repeat: 2, shares: 'a' }))).toEqual([
      'in()',
      'a/1/d(in)',
      'a/1/r(a/1/d)',
      'a/2/d(a/1/r)',
      'a/2/r(a/2/d)',
      'b/1/d(a/2/r) = a/1/d',
      'b/1/r(b/1/d)',
      'b/2/d(b/1/r) = a/2/d',
      'b/2/r(b/2/d)',
    ]);
    expect(
      flat(uses({ repeat: 2, tied: true }, { shares: 'a', repeat: 2 })).filter((one) => one.includes('=')),
    ).toEqual(['a/2/d(a/1/r) = a/1/d', 'b/1/d(a/2/r) = a/1/d', 'b/2/d(b/1/r) = a/1/d']);
    expect(problems(uses({ repeat: 2 }, { shares: 'a' }))).toMatchObject([
      { code: 'graph/shares', path: 'layers b shares' },
    ]);
  });

  it('may lie within a block, have several inputs and outputs, and be frozen as a whole', () => {
    const outer: Layers = {
      left: { type: 'blockInput' },
      right: { type: 'blockInput' },
      inner: { type: 'tiny', from: 'left' },
      twin: { type: 'tiny', from: 'right', shares: 'inner' },
      sum: { type: 'add', from: ['inner', 'twin'] },
      main: { type: 'blockOutput', from: 'sum' },
      side: { type: 'blockOutput', from: 'twin' },
    };
    const text = textOf(
      {
        in: vector,
        u: { type: 'outer', from: ['in', 'in'], trainable: false },
        out: { type: 'add', from: ['u', 'u.side'] },
      },
      { outer, tiny },
    );
    expect(problems(text)).toEqual([]);
    expect(flat(text)).toEqual([
      'in()',
      'u/inner/d(in)',
      'u/twin/d(in) = u/inner/d',
      'u/inner/r(u/inner/d)',
      'u/twin/r(u/twin/d)',
      'u/sum(u/inner/r,u/twin/r)',
      'out(u/sum,u/twin/r)',
    ]);
    expect(analyze(text).graph.byName.get('u/inner/d')?.spec.common.trainable).toBe(false);
    expect(analyze(text).graph.byName.get('u')?.inferred.extraOutputs).toEqual({ main: [4], side: [4] });
  });

  it('passes its first input on while it is bypassed', () => {
    const text = textOf(
      { in: vector, a: { type: 'tiny', from: 'in', bypass: true }, r: { type: 'relu', from: 'a' } },
      { tiny },
    );
    expect(flat(text)).toEqual(['in()', 'a(in)', 'r(a)']);
  });
});

describe('training', () => {
  async function weightsOf(text: string, saturated = false) {
    const opened = await openShort(text, 11, 5);
    const parts = assemble(
      { ...opened, training: { ...opened.training, batchSize: 4, epochs: 2 } },
      opened.dataset,
      {},
      referenceBackend,
    );
    const measured = new Set<string>();
    const host = { now: () => 0, yield: () => Promise.resolve(), probes: () => saturated };
    for await (const event of train(new Training(parts), host))
      if (event.event === 'stats') for (const name of Object.keys(event.layers)) measured.add(name);
    const tensors = tensorsOf(parts.runtime).map(
      ({ name, data }) => [dissolvedName(name), [...data]] as const,
    );
    return { weights: new Map(tensors), measured };
  }

  const head = {
    image,
    stem: { type: 'conv2d', from: 'image', filters: 2, kernelSize: 3, stride: 4 },
  };
  const tail = (from: string): Layers => ({
    mean: { type: 'globalAveragePool', from },
    out: { type: 'dense', from: 'mean', units: 4 },
  });
  const copyOf = (prefix: string, from: string, shared?: string): Layers => ({
    [`${prefix}_conv`]: { ...residual.conv, from, ...(shared ? { shares: `${shared}_conv` } : {}) },
    [`${prefix}_norm`]: {
      type: 'batchNorm',
      from: `${prefix}_conv`,
      ...(shared ? { shares: `${shared}_norm` } : {}),
    },
    [`${prefix}_drop`]: { type: 'dropout', from: `${prefix}_norm`, rate: 0.2 },
    [`${prefix}_sum`]: { type: 'add', from: [`${prefix}_drop`, from] },
  });

  it('gives the bits of the same network written flat, with own, tied and shared parameters', async () => {
    const blocks = textOf(
      {
        ...head,
        a: { type: 'residual', from: 'stem', repeat: 2, tied: true },
        b: { type: 'residual', from: 'a' },
        c: { type: 'residual', from: 'b', shares: 'b' },
        ...tail('c'),
      },
      { residual },
      { training: training('out') },
    );
    const written = textOf(
      {
        ...head,
        ...copyOf('a_1', 'stem'),
        ...copyOf('a_2', 'a_1_sum', 'a_1'),
        ...copyOf('b', 'a_2_sum'),
        ...copyOf('c', 'b_sum', 'b'),
        ...tail('c_sum'),
      },
      undefined,
      { training: training('out') },
    );
    const [one, other] = [await weightsOf(blocks, true), await weightsOf(written)];
    expect(one.weights).toEqual(other.weights);
    expect([...one.measured]).toContain('a/2/conv');
  });

  it('has the gradients that the loss has slopes for, with tied and shared parameters', async () => {
    const text = textOf(
      {
        ...head,
        a: { type: 'smooth', from: 'stem', repeat: 2, tied: true },
        b: { type: 'smooth', from: 'a', repeat: 2, shares: 'a' },
        ...tail('b'),
      },
      {
        smooth: {
          x: { type: 'blockInput' },
          conv: { type: 'conv2d', from: 'x', filters: 2, kernelSize: 3, padding: 'same' },
          tanh: { type: 'tanh', from: 'conv' },
          sum: { type: 'add', from: ['tanh', 'x'] },
          y: { type: 'blockOutput', from: 'sum' },
        },
      },
      { training: training('out') },
    );
    const results: TrainingEvent[] = [];
    const host = {
      ...threadHost,
      openBackend: () => referenceBackend,
      emit: (event: TrainingEvent) => results.push(event),
    };
    await preflight({ text, folder: tmpdir(), checks: ['gradients', 'everyParameterMoves'] }, host);
    expect(results.filter(({ event }) => event === 'check')).toMatchObject([
      { check: 'gradients', outcome: 'passed' },
      { check: 'everyParameterMoves', outcome: 'passed' },
    ]);
  });

  it('may judge a block: the loss is that of the layer that gives its output', async () => {
    const block: Layers = {
      x: { type: 'blockInput' },
      flat: { type: 'flatten', from: 'x' },
      d: { type: 'dense', from: 'flat', units: 4 },
      y: { type: 'blockOutput', from: 'd' },
    };
    const text = textOf(
      { image, h: { type: 'headOf', from: 'image' } },
      { headOf: block },
      { training: training('h') },
    );
    expect(analyze(text).spec.training?.losses[0].from).toEqual({ layer: 'h/d' });
    expect((await weightsOf(text)).weights.has('h_d.kernel')).toBe(true);
  });
});
