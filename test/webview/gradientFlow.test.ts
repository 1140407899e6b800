/** The appearance of connections: their shapes, and their look during a run. */
import { describe, expect, test } from 'vitest';
import type { NetworkStats } from '../../engine/stats/define.ts';
import { gradientTints, lineLook, widths } from '../../webview/canvas/gradientFlow.ts';
import { toFlow } from '../../webview/model/flow.ts';
import { viewOf } from './network.ts';

const spec = `{
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
}`;
const view = viewOf(spec);
const lookOf = (stats: NetworkStats, layer: string, now = view) =>
  lineLook({ stats, ran: view.whole }, now, { layer });

const measured = (rms: number, mean = 0, std = 1) => ({ gradRms: rms, mean, std });
const levelAt = (rms: number) => lookOf({ hidden: measured(rms), out: measured(1) }, 'hidden').level;

describe('the gradient of a connection', () => {
  test('is compared as a norm, whatever the number of elements', () => {
    // Four elements: the norm is twice the root mean square.
    expect(levelAt(0.04)).toBe('weak');
    expect(levelAt(0.06)).toBe('level');
    expect(levelAt(4.9)).toBe('level');
    expect(levelAt(5.1)).toBe('strong');
  });

  test('has no colour where it only grows, as in a network that has learned, whose gradient at the loss is small', () => {
    const tintAt = (rms: number) => gradientTints[levelAt(rms) ?? 'level'];
    expect([0.04, 1, 490, 501].map(tintAt)).toEqual(['faded', undefined, undefined, 'exploded']);
  });

  test('counts as vanished from a thousandth on, and as exploded beyond a thousand times or if it is not finite', () => {
    expect(levelAt(0)).toBe('vanished');
    expect(levelAt(0.0004)).toBe('vanished');
    expect(levelAt(501)).toBe('exploded');
    expect(levelAt(Number.POSITIVE_INFINITY)).toBe('exploded');
    expect(levelAt(Number.NaN)).toBe('exploded');
  });

  test('stays that of the run while the network is edited', () => {
    const stats = { hidden: measured(0.04), out: measured(1) };
    const wider = viewOf(
      spec.replace('"units": 4', '"units": 4000').replace('"from": "out"', '"from": "hidden"'),
    );
    expect(lookOf(stats, 'hidden', wider)).toEqual(lookOf(stats, 'hidden'));
  });

  test('is not shown if none was measured at the layer or at the loss', () => {
    const out = measured(1);
    expect(lookOf({ hidden: { mean: 0, std: 1 }, out }, 'hidden').level).toBeUndefined();
    expect(lookOf({ hidden: measured(1) }, 'hidden').level).toBeUndefined();
    expect(lookOf({ out }, '__proto__')).toEqual({ width: widths.rest });
  });
});

describe('the width of a connection', () => {
  const widthAt = (mean: number, std: number) => lookOf({ hidden: measured(1, mean, std) }, 'hidden').width;

  test('grows with the root mean square of the values, between bounds', () => {
    expect(widthAt(0, 1)).toBe(widths.one);
    expect(widthAt(10, 0)).toBe(3);
    expect(widthAt(0, 0)).toBe(widths.least);
    expect(widthAt(1e9, 0)).toBe(widths.most);
    expect(widthAt(Number.NaN, 1)).toBe(widths.most);
  });
});

test('a connection that leaves a stack has its shape on it if any layer of the stack has changed it', () => {
  const text = `{ "layers": {
    "x": { "type": "input", "shape": [4] }, "same": { "type": "dense", "from": "x", "units": 4 },
    "bend": { "type": "relu", "from": "same" }, "wide": { "type": "dense", "from": "bend", "units": 8 },
    "fold": { "type": "relu", "from": "wide" }, "y": { "type": "dense", "from": "fold", "units": 2 }
  } }`;
  const shown = (text: string) =>
    toFlow(viewOf(text), 'down').edges.flatMap(({ id, reshaped, seam }) => (reshaped && !seam ? [id] : []));
  expect(shown(text)).toEqual(['same:0', 'y:0']);
  // The connection itself has not changed, but what its stack reads has.
  expect(shown(text.replace('"units": 4', '"units": 8'))).toEqual(['same:0', 'wide:0']);
});
