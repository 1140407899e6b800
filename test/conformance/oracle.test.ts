/** The comparison itself: what counts as agreement, and how tensors are transposed. */
import { expect, it } from 'vitest';
import { place } from '../../engine/conformance/layerCase.ts';
import { compare } from '../../engine/conformance/oracle.ts';
import { channelsLast } from '../../engine/layers/frameworks/layout.ts';

const judge = (found: number[], expected: number[], precision: 'float64' | 'float32' = 'float64'): boolean =>
  compare({ name: 'output', found, expected }, precision).agrees;

it('allows 1e-8 + 1e-7 of the number in float64 and no more', () => {
  expect(judge([1 + 1.0e-7], [1])).toBe(true);
  expect(judge([1 + 1.2e-7], [1])).toBe(false);
  expect(judge([0.9e-8], [0])).toBe(true);
  expect(judge([1.1e-8], [0])).toBe(false);
});

it('measures float32 against the largest number of the tensor', () => {
  expect(judge([0.0009, 10], [0, 10], 'float32')).toBe(true);
  expect(judge([0.0011, 10], [0, 10], 'float32')).toBe(false);
});

it('accepts no NaN instead of a number, no number instead of NaN, and no other length', () => {
  expect(judge([Number.NaN], [0])).toBe(false);
  expect(judge([0], [Number.NaN])).toBe(false);
  expect(judge([Number.NaN], [Number.NaN])).toBe(true);
  expect(judge([1, 2], [1])).toBe(false);
});

it('names the worst place', () => {
  const { error, detail } = compare({ name: 'output', found: [1, 2.5, 3.1], expected: [1, 2, 3] }, 'float64');
  expect(error).toBe(0.5);
  expect(detail).toBe('output[1] is 2.5 instead of 2');
});

it('names the place whose difference exceeds its tolerance, not one with a larger but allowed difference', () => {
  const { agrees, detail } = compare({ name: 'y', found: [1000.5, 1.1], expected: [1000, 1] }, 'onnx');
  expect(agrees).toBe(false);
  expect(detail).toBe('y[1] is 1.1 instead of 1');
});

it('moves channels last', () => {
  const tensor = { name: 'x', shape: [1, 2, 2, 3], data: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 'NaN'] };
  const { shape, data } = place(tensor, { axes: channelsLast(4) });
  expect(shape).toEqual([1, 2, 3, 2]);
  expect([...data]).toEqual([0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, Number.NaN]);
});
