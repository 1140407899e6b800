/** A new card covers no other one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freePlace } from '../../webview/model/freePlace.ts';
import type { Point } from '../../webview/model/geometry.ts';
import { layoutNetwork } from '../../webview/model/layout.ts';
import type { Placeable } from '../../webview/model/stacks.ts';

const size: Point = [264, 66];

test('a free place stays as it is, and a taken one gives way to the nearest', () => {
  expect(freePlace([10, 20], size, [])).toEqual([10, 20]);
  expect(freePlace([10, 20], size, [{ at: [0, 80], size }])).toEqual([10, -2]);
});

test('whatever is around, the card covers nothing', () => {
  const place = fc.tuple(fc.integer({ min: -600, max: 600 }), fc.integer({ min: -300, max: 300 }));
  fc.assert(
    fc.property(place, fc.array(place, { maxLength: 6 }), (wanted, cards) => {
      const [x, y] = freePlace(
        wanted,
        size,
        cards.map((at) => ({ at, size })),
      );
      for (const [left, top] of cards)
        expect(Math.abs(x - left) >= size[0] || Math.abs(y - top) >= size[1]).toBe(true);
    }),
    { seed: 7, numRuns: 500 },
  );
});

test('a card placed by hand that is connected to nothing moves no other card', () => {
  const chain = Array.from(
    { length: 12 },
    (_, index): Placeable => ({
      name: `l${index}`,
      from: index === 0 ? [] : [{ layer: `l${index - 1}` }],
      height: 66,
      takesInput: index > 0,
    }),
  );
  const alone: Placeable = { name: 'alone', from: [], height: 66, takesInput: true };
  for (let count = 2; count <= chain.length; count++)
    for (const direction of ['down', 'right'] as const) {
      const layers = chain.slice(0, count);
      const before = layoutNetwork(layers, new Map(), direction).positions;
      const { positions } = layoutNetwork([...layers, alone], new Map([['alone', [900, 40]]]), direction);
      expect(positions.get('alone')).toEqual([900, 40]);
      for (const { name } of layers)
        expect(positions.get(name), `${name} of ${count}`).toEqual(before.get(name));
    }
});
