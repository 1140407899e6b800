/** The appearance of connections during a run. */
import { describe, expect, test } from 'vitest';
import { lineLook, widths } from '../../webview/canvas/gradientFlow.ts';
import { viewOf } from './network.ts';

const view = viewOf(`{
  "format": 1,
  "layers": {
    "in": { "type": "input", "shape": [16] },
    "hidden": { "type": "dense", "from": "in", "units": 4 },
    "out": { "type": "dense", "from": "hidden", "units": 1 }
  },
  "training": {
    "data": { "type": "csv", "file": "a.csv", "target": "y" },
    "loss": { "type": "meanSquaredError", "from": "out" },
    "optimizer": "sgd"
  }
}`);

const measured = (rms: number, mean = 0, std = 1) => ({ gradRms: rms, mean, std });
const levelAt = (rms: number) =>
  lineLook({ hidden: measured(rms), out: measured(1) }, view, { layer: 'hidden' }).level;

describe('the gradient of a connection', () => {
  test('is compared as a norm, whatever the number of elements', () => {
    // Four elements: the norm is twice the root mean square.
    expect(levelAt(0.04)).toBe('weak');
    expect(levelAt(0.06)).toBe('level');
    expect(levelAt(4.9)).toBe('level');
    expect(levelAt(5.1)).toBe('strong');
  });

  test('counts as vanished from a thousandth on, and as exploded beyond a thousand times or if it is not finite', () => {
    expect(levelAt(0)).toBe('vanished');
    expect(levelAt(0.0004)).toBe('vanished');
    expect(levelAt(501)).toBe('exploded');
    expect(levelAt(Number.POSITIVE_INFINITY)).toBe('exploded');
    expect(levelAt(Number.NaN)).toBe('exploded');
  });

  test('is not shown if none was measured at the layer or at the loss', () => {
    const out = measured(1);
    expect(lineLook({ hidden: { mean: 0, std: 1 }, out }, view, { layer: 'hidden' }).level).toBeUndefined();
    expect(lineLook({ hidden: measured(1) }, view, { layer: 'hidden' }).level).toBeUndefined();
    expect(lineLook({ out }, view, { layer: '__proto__' })).toEqual({ width: widths.rest });
  });
});

describe('the width of a connection', () => {
  const widthAt = (mean: number, std: number) =>
    lineLook({ hidden: measured(1, mean, std) }, view, { layer: 'hidden' }).width;

  test('grows with the root mean square of the values, between bounds', () => {
    expect(widthAt(0, 1)).toBe(widths.one);
    expect(widthAt(10, 0)).toBe(3);
    expect(widthAt(0, 0)).toBe(widths.least);
    expect(widthAt(1e9, 0)).toBe(widths.most);
    expect(widthAt(Number.NaN, 1)).toBe(widths.most);
  });
});
