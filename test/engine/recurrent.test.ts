/** Properties of recurrent layers along time: padding, carried state, truncation and directions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../engine/layers/define.ts';
import type { StandaloneLayer } from '../../engine/layers/standalone.ts';
import { build, check, features, hiddenSize, type Named, run } from './recurrentLayers.ts';

/** Rows [from, to) of `width` elements. */
const rows = (tensor: Tensor, from: number, to: number, width: number): ArrayLike<number> =>
  tensor.data.slice(from * width, to * width);

const copyParameters = (from: StandaloneLayer, to: StandaloneLayer): void => {
  for (const [name, { data }] of Object.entries(to.pass.parameters as Named))
    data.set((from.pass.parameters as Named)[name].data);
};

const copyInto = (target: Tensor | undefined, source: ArrayLike<number>): void => target!.data.set(source);

const cells = [
  ['simpleRnn', {}],
  ['simpleRnn', { activation: 'relu' }],
  ['lstm', {}],
  ['lstm', { peepholes: true }],
  ['gru', {}],
  ['gru', { resetAfter: false }],
] as const;

describe.each(cells)('%s %o', (type, own) => {
  const base = { ...own, hiddenSize, returnSequences: true };
  const finals = type === 'lstm' ? ['hidden', 'cell'] : ['hidden'];

  it('has the same results for a padded sample as for the sample alone, whatever the padding contains', () => {
    const time = 5;
    const batch = 3;
    const arbitraryLengths = fc.array(fc.integer({ min: 1, max: time }), {
      minLength: batch,
      maxLength: batch,
    });
    fc.assert(
      fc.property(arbitraryLengths, fc.boolean(), fc.boolean(), (lengths, bidirectional, returnSequences) => {
        const attributes = { ...base, bidirectional, returnSequences };
        const width = (bidirectional ? 2 : 1) * hiddenSize;
        const states = finals.map(() => [width]);
        const padded = build({ type, attributes, inputs: [[time, features], ...states], batch, lengths });
        lengths.forEach((length, b) => {
          padded.pass.input.data.fill(Number.NaN, (b * time + length) * features, (b + 1) * time * features);
        });
        padded.pass.output.data.fill(Number.NaN);
        run(padded);
        const sums = new Map<string, Float64Array>();
        lengths.forEach((length, b) => {
          const alone = build({ type, attributes, inputs: [[length, features], ...states], batch: 1 });
          const steps = returnSequences ? time : 1;
          const kept = returnSequences ? length : 1;
          copyInto(alone.pass.input, rows(padded.pass.input, b * time, b * time + length, features));
          copyInto(alone.pass.gradOutput, rows(padded.pass.gradOutput, b * steps, b * steps + kept, width));
          finals.forEach((name, index) => {
            copyInto(alone.pass.inputs[index + 1], rows(padded.pass.inputs[index + 1], b, b + 1, width));
            const [to, from] = [alone, padded].map(({ pass }) => (pass.gradExtraOutputs as Named)[name]);
            copyInto(to, rows(from, b, b + 1, width));
          });
          run(alone);
          const output = rows(padded.pass.output, b * steps, b * steps + kept, width);
          check(output, alone.pass.output.data, 'output');
          check(
            rows(padded.pass.output, b * steps + kept, (b + 1) * steps, width),
            new Float64Array((steps - kept) * width),
            'output of padding',
          );
          const gradInput = padded.pass.gradInput!;
          check(rows(gradInput, b * time, b * time + length, features), alone.pass.gradInput!.data, 'dx');
          check(
            rows(gradInput, b * time + length, (b + 1) * time, features),
            new Float64Array((time - length) * features),
            'dx of padding',
          );
          finals.forEach((name, index) => {
            const [found, expected] = [padded, alone].map(({ pass }) => (pass.extraOutputs as Named)[name]);
            check(rows(found, b, b + 1, width), expected.data, `final ${name}`);
            const gradient = padded.pass.gradInputs[index + 1]!;
            check(
              rows(gradient, b, b + 1, width),
              alone.pass.gradInputs[index + 1]!.data,
              `d initial ${name}`,
            );
          });
          for (const [name, { data }] of Object.entries(alone.pass.gradParameters as Named)) {
            const sum = sums.get(name) ?? new Float64Array(data.length);
            sums.set(
              name,
              sum.map((value, i) => value + data[i]),
            );
          }
        });
        for (const [name, sum] of sums) check((padded.pass.gradParameters as Named)[name].data, sum, name);
      }),
      { numRuns: 15 },
    );
  });

  it('continues where the last batch ended if it is stateful', () => {
    const whole = build({ type, attributes: base, inputs: [[6, features]], batch: 2 });
    whole.forward();
    const parts = build({ type, attributes: { ...base, stateful: true }, inputs: [[3, features]], batch: 2 });
    copyParameters(whole, parts);
    for (const part of [0, 1]) {
      for (const b of [0, 1])
        parts.pass.input.data.set(
          rows(whole.pass.input, b * 6 + part * 3, b * 6 + part * 3 + 3, features),
          b * 3 * features,
        );
      parts.forward();
      for (const b of [0, 1])
        check(
          rows(parts.pass.output, b * 3, b * 3 + 3, hiddenSize),
          rows(whole.pass.output, b * 6 + part * 3, b * 6 + part * 3 + 3, hiddenSize),
          `part ${part} of sample ${b}`,
        );
    }
  });

  it('splits into two layers joined by their states, gradients included', () => {
    const { whole, first, second } = twoParts(type, base, finals, {}, true);
    for (const [name, { data }] of Object.entries(whole.pass.gradParameters as Named))
      check(addTo((first.pass.gradParameters as Named)[name].data, second, name), data, name);
    check(
      [...first.pass.gradInput!.data, ...second.pass.gradInput!.data],
      whole.pass.gradInput!.data,
      'gradient of the input',
    );
  });

  it('cuts the gradient between segments when truncated, and nowhere else', () => {
    const { whole, first, second } = twoParts(type, base, finals, { truncate: 3 }, false);
    for (const [name, { data }] of Object.entries(whole.pass.gradParameters as Named))
      check(addTo((first.pass.gradParameters as Named)[name].data, second, name), data, name);
    check(
      [...first.pass.gradInput!.data, ...second.pass.gradInput!.data],
      whole.pass.gradInput!.data,
      'gradient of the input',
    );
    const full = run(build({ type, attributes: base, inputs: [[6, features]], batch: 1 }));
    expect(full.pass.gradInput!.data[0]).not.toBeCloseTo(whole.pass.gradInput!.data[0], 8);
  });

  it('is full back-propagation when truncated at the length of the sequence', () => {
    const [full, cut] = [0, 6].map((truncate) =>
      run(build({ type, attributes: { ...base, truncate }, inputs: [[6, features]], batch: 2 })),
    );
    check(cut.pass.gradInput!.data, full.pass.gradInput!.data, 'gradient of the input');
  });

  it('reads both ways as two layers do, one of them backwards', () => {
    const time = 4;
    const both = build({
      type,
      attributes: { ...base, bidirectional: true },
      inputs: [[time, features]],
      batch: 1,
    });
    const [forward, backward] = [false, true].map((goBackwards) => {
      const layer = build({
        type,
        attributes: { ...base, goBackwards },
        inputs: [[time, features]],
        batch: 1,
      });
      for (const [name, { data }] of Object.entries(layer.pass.parameters as Named)) {
        const theirs = goBackwards ? `backward${name[0].toUpperCase()}${name.slice(1)}` : name;
        data.set((both.pass.parameters as Named)[theirs].data);
      }
      for (let t = 0; t < time; t++) {
        const half = 2 * hiddenSize * t + (goBackwards ? hiddenSize : 0);
        const to = (goBackwards ? time - 1 - t : t) * hiddenSize;
        layer.pass.gradOutput.data.set(both.pass.gradOutput.data.slice(half, half + hiddenSize), to);
      }
      finals.forEach((name) => {
        const [to, from] = [layer, both].map(({ pass }) => (pass.gradExtraOutputs as Named)[name].data);
        const half = goBackwards ? hiddenSize : 0;
        to.set(from.slice(half, half + hiddenSize));
      });
      return run(layer);
    });
    run(both);
    for (let t = 0; t < time; t++)
      check(
        rows(both.pass.output, t, t + 1, 2 * hiddenSize),
        [
          ...Array.from(rows(forward.pass.output, t, t + 1, hiddenSize)),
          ...Array.from(rows(backward.pass.output, time - 1 - t, time - t, hiddenSize)),
        ],
        `output at ${t}`,
      );
    check(both.pass.gradInput!.data, addTo(forward.pass.gradInput!.data, backward), 'gradient of the input');
    const found = (both.pass.gradParameters as Named).backwardRecurrentKernel.data;
    check(found, (backward.pass.gradParameters as Named).recurrentKernel.data, 'gradient of a kernel');
  });

  it('drops nothing in evaluation, and the same features at every step in training', () => {
    const attributes = { ...base, inputDropout: 0.5, recurrentDropout: 0.5 };
    const inputs = [[5, features]];
    const plain = build({ type, attributes: base, inputs, batch: 1 });
    const dropping = build({ type, attributes, inputs, batch: 1 });
    run(plain);
    run(dropping, false);
    check(dropping.pass.output.data, plain.pass.output.data, 'output in evaluation');
    check(dropping.pass.gradInput!.data, plain.pass.gradInput!.data, 'gradient in evaluation');
    const gradInput = dropping.pass.gradInput!.data;
    const seen = new Set<string>();
    for (let draw = 0; draw < 20; draw++) {
      dropping.drawAnew();
      gradInput.fill(0);
      run(dropping);
      const kept = Array.from({ length: features }, (_, i) => gradInput[i] !== 0);
      gradInput.forEach((value, i) => {
        expect(value !== 0).toBe(kept[i % features]);
      });
      seen.add(kept.join());
    }
    expect(seen.size).toBeGreaterThan(1);
  });
});

/** One layer over six steps, and two layers with equal parameters over three steps each. The second starts from the final state of the first. */
function twoParts(
  type: string,
  base: { readonly [name: string]: unknown },
  finals: readonly string[],
  attributes: { readonly [name: string]: unknown },
  joined: boolean,
): { readonly whole: StandaloneLayer; readonly first: StandaloneLayer; readonly second: StandaloneLayer } {
  const whole = build({ type, attributes: { ...base, ...attributes }, inputs: [[6, features]], batch: 1 });
  const first = build({ type, attributes: base, inputs: [[3, features]], batch: 1 });
  const states = finals.map(() => [hiddenSize]);
  const second = build({ type, attributes: base, inputs: [[3, features], ...states], batch: 1 });
  run(whole);
  for (const [index, part] of [first, second].entries()) {
    copyParameters(whole, part);
    copyInto(part.pass.input, rows(whole.pass.input, 3 * index, 3 * index + 3, features));
    copyInto(part.pass.gradOutput, rows(whole.pass.gradOutput, 3 * index, 3 * index + 3, hiddenSize));
  }
  first.forward();
  finals.forEach((name, index) => {
    copyInto(second.pass.inputs[index + 1], (first.pass.extraOutputs as Named)[name].data);
    copyInto(
      (second.pass.gradExtraOutputs as Named)[name],
      (whole.pass.gradExtraOutputs as Named)[name].data,
    );
  });
  run(second);
  check(
    [...first.pass.output.data, ...second.pass.output.data],
    whole.pass.output.data,
    'outputs of both parts',
  );
  finals.forEach((name, index) => {
    const gradient = (first.pass.gradExtraOutputs as Named)[name].data;
    gradient.set(joined ? second.pass.gradInputs[index + 1]!.data : gradient.map(() => 0));
  });
  first.backward();
  return { whole, first, second };
}

/** Adds the gradient of another layer: of the parameter `name`, or of the input. */
const addTo = (data: ArrayLike<number>, { pass }: StandaloneLayer, name?: string): number[] => {
  const other = name === undefined ? pass.gradInput! : (pass.gradParameters as Named)[name];
  return Array.from(data, (value, i) => value + other.data[i]);
};

describe('merging two directions', () => {
  it.each([
    ['sum', (f: number, b: number) => f + b],
    ['multiply', (f: number, b: number) => f * b],
    ['average', (f: number, b: number) => (f + b) / 2],
  ] as const)('%s joins them unit by unit', (mergeMode, join) => {
    const attributes = { hiddenSize, returnSequences: true, bidirectional: true };
    const inputs = [[4, features]];
    const concat = build({ type: 'lstm', attributes, inputs, batch: 2 });
    const merged = build({ type: 'lstm', attributes: { ...attributes, mergeMode }, inputs, batch: 2 });
    concat.forward();
    merged.forward();
    const sides = concat.pass.output.data;
    const expected = Array.from(merged.pass.output.data, (_, n) => {
      const at = Math.floor(n / hiddenSize) * 2 * hiddenSize + (n % hiddenSize);
      return join(sides[at], sides[at + hiddenSize]);
    });
    check(merged.pass.output.data, expected, mergeMode);
  });
});

describe('lastStep', () => {
  it('returns over a whole sequence what the recurrent layer returns without returnSequences', () => {
    const lengths = [4, 2, 3];
    const inputs = [[4, features]];
    const [sequence, last] = [true, false].map((returnSequences) =>
      build({ type: 'gru', attributes: { hiddenSize, returnSequences }, inputs, batch: 3, lengths }),
    );
    sequence.forward();
    last.forward();
    const picker = build({ type: 'lastStep', inputs: [[4, hiddenSize]], batch: 3, lengths });
    copyInto(picker.pass.input, sequence.pass.output.data);
    picker.forward();
    check(picker.pass.output.data, last.pass.output.data, 'last step');
  });
});

describe('embedding', () => {
  const attributes = { vocabularySize: 3, units: 2 };

  it.each([3, -1, 0.5, Number.NaN])('refuses %d as an id, and says what to do', (id) => {
    const layer = build({ type: 'embedding', attributes, inputs: [[1]], batch: 1 });
    layer.pass.input.data[0] = id;
    expect(() => layer.forward()).toThrow(
      /whole numbers from 0 to 2, .*the data holds .*Raise vocabularySize/,
    );
  });

  it('looks vectors up and trains those it looked up, but not the one of padding', () => {
    const layer = build({
      type: 'embedding',
      attributes: { ...attributes, paddingId: 0 },
      inputs: [[4]],
      batch: 1,
    });
    const { pass } = layer;
    pass.input.data.set([2, 0, 2, 0]);
    (pass.parameters as Named).kernel.data.set([1, 2, 3, 4, 5, 6]);
    pass.gradOutput.data.set([1, 2, 3, 4, 5, 6, 7, 8]);
    run(layer);
    expect([...pass.output.data]).toEqual([5, 6, 1, 2, 5, 6, 1, 2]);
    expect([...(pass.gradParameters as Named).kernel.data]).toEqual([0, 0, 0, 0, 6, 8]);
  });
});

describe('an LSTM', () => {
  it.each([3, 258])(
    'has the gradients of its samples alone if its steps are several stretches: %i units',
    (units) => {
      const [time, batch] = [4, 43];
      const setting = { type: 'lstm', attributes: { hiddenSize: units, returnSequences: true } };
      const together = build({ ...setting, inputs: [[time, features]], batch });
      const alone = build({ ...setting, inputs: [[time, features]], batch: 1 });
      const kernels = [together, alone].map(({ pass }) => (pass.parameters as Named).recurrentKernel.data);
      for (const kernel of kernels) for (let i = 0; i < kernel.length; i++) kernel[i] /= units;
      run(together);
      for (let b = 0; b < batch; b++) {
        copyInto(alone.pass.input, rows(together.pass.input, b * time, (b + 1) * time, features));
        copyInto(alone.pass.gradOutput, rows(together.pass.gradOutput, b * time, (b + 1) * time, units));
        for (const [name, gradient] of Object.entries(alone.pass.gradExtraOutputs as Named))
          copyInto(gradient, rows((together.pass.gradExtraOutputs as Named)[name], b, b + 1, units));
        run(alone);
      }
      for (const [name, { data }] of Object.entries(together.pass.gradParameters as Named))
        check(data, (alone.pass.gradParameters as Named)[name].data, name);
    },
  );

  it('starts with its forget gate open, unless set otherwise', () => {
    const inferred = [true, false].map((unitForgetBias) =>
      build({ type: 'lstm', attributes: { hiddenSize, unitForgetBias }, inputs: [[2, 1]], batch: 1 }),
    );
    expect(inferred.map(({ inferred: { parameters } }) => parameters?.bias.initializer.type)).toEqual([
      'forgetGateOne',
      'zeros',
    ]);
  });

  it.each([
    ['lstm', { blocks: 4, open: 1, shut: 0 }],
    ['gru', { blocks: 3, open: 0, shut: -1 }],
  ])('starts as a %s with a bias that remembers as many steps as it is told', (type, gates) => {
    const attributes = { hiddenSize, memorySteps: 60 };
    const { inferred } = build({ type, attributes, inputs: [[60, 1]], batch: 1 });
    expect(inferred.parameters?.bias.initializer).toEqual({
      type: 'chrono',
      attributes: { steps: 60, ...gates },
    });
  });
});
