/** Functions that help to draw: curves of activations, snapping, walking from card to card, positions of aligned cards. */
import { describe, expect, test } from 'vitest';
import { layers } from '../../engine/layers/registry.ts';
import { activationCurve } from '../../webview/model/activationCurve.ts';
import { aligned, distributed } from '../../webview/model/arranging.ts';
import { snap } from '../../webview/model/snapping.ts';
import { neighbour } from '../../webview/model/walking.ts';
import { branches, viewOf } from './network.ts';

describe('the curve of an activation', () => {
  const curve = (type: string, given = {}) => activationCurve(layers.get(type), given);
  const at = (values: readonly number[] | undefined, x: number) => values?.[(x / 4 + 1) * 80];

  test('is what the layer computes, with its derivative', () => {
    const relu = curve('relu');
    expect([-2, 1].map((x) => at(relu?.y, x))).toEqual([0, 1]);
    expect([-2, 1].map((x) => at(relu?.slope, x))).toEqual([0, 1]);
    expect(at(curve('tanh')?.y, 1)).toBeCloseTo(Math.tanh(1), 6);
    expect(at(curve('tanh')?.slope, 1)).toBeCloseTo(1 - Math.tanh(1) ** 2, 6);
    expect(at(curve('leakyRelu', { slope: 0.5 })?.y, -2)).toBeCloseTo(-1, 6);
  });

  test('exists for every activation that is a function of one number, with a matching derivative', () => {
    const elementwise = [...layers].filter((layer) => layer.elementwise);
    expect(elementwise.length).toBeGreaterThan(15);
    for (const definition of elementwise) {
      const found = activationCurve(definition);
      expect(found, definition.type).toBeDefined();
      const { x, y, slope } = found!;
      // Except near kinks, the slope agrees with the values.
      const off = x.filter((_, i) => {
        if (i < 1 || i > x.length - 2) return false;
        const numeric = (y[i + 1] - y[i - 1]) / (x[i + 1] - x[i - 1]);
        return Math.abs(numeric - slope[i]) > 0.06;
      });
      expect(off.length, `${definition.type} at ${off}`).toBeLessThanOrEqual(6);
    }
  });

  test('does not exist for other layers', () => {
    for (const type of ['dense', 'softmax', 'dropout']) expect(curve(type), type).toBeUndefined();
  });
});

describe('a card that is dragged', () => {
  const size = [100, 40] as const;

  test('snaps to the line of a card that is near, and shows the line', () => {
    const { by, guides } = snap({ at: [203, 300], size }, [{ at: [200, 0], size }]);
    expect(by).toEqual([-3, 0]);
    expect(guides).toEqual([{ axis: 0, place: 200, from: 0, to: 340 }]);
  });

  test('does not snap far from all lines', () => {
    expect(snap({ at: [230, 300], size }, [{ at: [200, 0], size }])).toEqual({ by: [0, 0], guides: [] });
  });
});

describe('cards', () => {
  const boxes = [
    { name: 'a', at: [0, 10], size: [100, 40] },
    { name: 'b', at: [30, 90], size: [100, 40] },
    { name: 'c', at: [10, 300], size: [100, 60] },
  ] as const;

  test('are aligned at an edge or a middle', () => {
    expect([...aligned(boxes, 0, 0).values()]).toEqual([
      [0, 10],
      [0, 90],
      [0, 300],
    ]);
    expect([...aligned(boxes, 1, 1).values()].map(([, y], index) => y + boxes[index].size[1])).toEqual([
      360, 360, 360,
    ]);
  });

  test('are distributed with equal gaps between the first and the last', () => {
    const places = distributed(boxes, 1);
    expect(places.get('a')).toEqual([0, 10]);
    expect(places.get('c')).toEqual([10, 300]);
    expect(places.get('b')?.[1]).toBe(155);
  });
});

test('arrows follow connections, then go to the nearest card, and reach every card', () => {
  const view = viewOf(branches);
  const places = new Map<string, readonly [number, number]>([
    ['image', [0, 0]],
    ['stem', [0, 100]],
    ['left', [-150, 200]],
    ['right', [150, 200]],
    ['leftRelu', [-150, 300]],
    ['sum', [0, 400]],
  ]);
  const go = (from: string, arrow: 'up' | 'down' | 'left' | 'right') =>
    neighbour(view, places, from, arrow, 'down');
  expect(go('image', 'down')).toBe('stem');
  expect(go('leftRelu', 'down')).toBe('sum');
  expect(go('sum', 'up')).toBe('leftRelu');
  expect(go('left', 'right')).toBe('right');
  expect(go('right', 'left')).toBe('left');
  expect(go('image', 'up')).toBeUndefined();
  const reached = new Set(['image']);
  for (const name of reached)
    for (const arrow of ['up', 'down', 'left', 'right'] as const) {
      const next = go(name, arrow);
      if (next) reached.add(next);
    }
  expect(reached.size).toBe(6);
});
