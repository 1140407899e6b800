/** How often windows fit, and the message if they do not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AxisWindow, windowAlong } from '../../engine/kernels/window.ts';
import { conv2d } from '../../engine/layers/conv2d.ts';
import { readAttributes } from '../../engine/layers/standalone.ts';

const axis = fc.record({
  input: fc.integer({ min: 1, max: 40 }),
  kernel: fc.integer({ min: 1, max: 7 }),
  stride: fc.integer({ min: 1, max: 5 }),
  dilation: fc.integer({ min: 1, max: 4 }),
});

const pad = fc.integer({ min: 0, max: 6 });

describe('windowAlong', () => {
  it('counts every start at which the whole window is inside the padded input', () => {
    fc.assert(
      fc.property(axis, pad, pad, (shape, before, after) => {
        const last = (start: number) => start + (shape.kernel - 1) * shape.dilation;
        let count = 0;
        for (let start = 0; last(start) < shape.input + before + after; start += shape.stride) count++;
        const { output } = windowAlong({ ...shape, padding: [before, after] });
        expect(Math.max(output, 0)).toBe(count);
      }),
    );
  });

  it('keeps ⌈input / stride⌉ outputs with "same", with no more padding than needed and the odd cell after', () => {
    fc.assert(
      fc.property(axis, (shape) => {
        const { output, before, after } = windowAlong({ ...shape, padding: 'same' });
        expect(output).toBe(Math.ceil(shape.input / shape.stride));
        expect([0, 1]).toContain(after - before);
        expect(windowAlong({ ...shape, padding: [before, after] }).output).toBe(output);
        if (after > 0)
          expect(windowAlong({ ...shape, padding: [before, after - 1] }).output).toBeLessThan(output);
      }),
    );
  });

  it('never shows a later cell to a window of "causal"', () => {
    fc.assert(
      fc.property(axis, (shape) => {
        const { output, before } = windowAlong({ ...shape, padding: 'causal' });
        expect(output).toBe(Math.ceil(shape.input / shape.stride));
        expect((shape.kernel - 1) * shape.dilation - before).toBe(0);
      }),
    );
  });

  it('adds in ceil mode at most one window, which starts before the end of the input', () => {
    fc.assert(
      fc.property(axis, pad, pad, (shape, before, after) => {
        const window: AxisWindow = { ...shape, padding: [before, after] };
        const { output } = windowAlong(window);
        const { output: ceiled } = windowAlong({ ...window, ceilMode: true });
        expect([0, 1]).toContain(ceiled - output);
        if (ceiled > output) expect(output * shape.stride).toBeLessThan(shape.input + before);
      }),
    );
  });
});

describe('a kernel that does not fit', () => {
  const messageOf = (attributes: { readonly [name: string]: unknown }): string => {
    const inferred = conv2d.infer(readAttributes(conv2d, { filters: 2, ...attributes }) as never, [
      [3, 3, 1],
    ]);
    return 'problem' in inferred ? inferred.problem.message : 'fits';
  };

  it.each([
    [
      { kernelSize: 5 },
      'kernelSize 5×5 is larger than its input 3×3. Use padding "same" or a kernelSize of at most 3.',
    ],
    [
      { kernelSize: [2, 5] },
      'kernelSize 2×5 is larger than its input 3×3. Use padding "same" or a kernelSize of at most 3.',
    ],
    [
      { kernelSize: 3, dilation: 2 },
      'kernelSize 3×3, dilated to 5×5, is larger than its input 3×3. Use padding "same" or a kernelSize of at most 2.',
    ],
    [
      {
        kernelSize: 9,
        padding: [
          [1, 0],
          [0, 0],
        ],
      },
      'kernelSize 9×9 is larger than its input 3×3 (padded to 4×3). Use padding "same" or a kernelSize of at most 4×3.',
    ],
    [{ kernelSize: 5, padding: 'same' }, 'fits'],
  ])('%j', (attributes, message) => {
    expect(messageOf(attributes)).toBe(message);
  });
});
