/** A new card covers no other one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutItems } from '../../webview/model/frames.ts';
import { freePlace } from '../../webview/model/freePlace.ts';
import type { Point } from '../../webview/model/geometry.ts';
import { layoutNetwork } from '../../webview/model/layout.ts';
import type { Placeable } from '../../webview/model/placeable.ts';
import { movesWithNeighbours } from '../../webview/model/staying.ts';

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

const placed = (name: string, from: readonly string[]): Placeable => ({
  name,
  from: from.map((layer) => ({ layer })),
  height: 66,
  takesInput: true,
});

test('a copy that is placed by hand moves no other card, and neither does a copy of the copy', () => {
  const trunk = [placed('a', []), placed('b', ['a']), placed('c', ['b'])];
  const copyOf = (number: number) => [placed(`b${number}`, ['a']), placed(`c${number}`, [`b${number}`])];
  const layers = [...trunk, ...copyOf(1), ...copyOf(2)];
  const saved = new Map<string, Point>([
    ['b1', [700, 90]],
    ['c1', [700, 180]],
    ['b2', [1000, 90]],
    ['c2', [1000, 180]],
  ]);
  for (const direction of ['down', 'right'] as const)
    for (const count of [5, 7]) {
      const before = layoutNetwork(trunk, new Map(), direction).positions;
      const { positions } = layoutNetwork(layers.slice(0, count), saved, direction);
      for (const { name } of layers.slice(0, count))
        expect(positions.get(name), `${name}, ${direction}`).toEqual(saved.get(name) ?? before.get(name));
    }
});

test('of two branches one that is dragged a little still has its room, so that the other does not come under it', () => {
  const layers = [placed('a', []), placed('left', ['a']), placed('right', ['a'])];
  const before = layoutNetwork(layers, new Map(), 'down').positions;
  const [x, y] = before.get('right')!;
  const { positions } = layoutNetwork(layers, new Map([['right', [x + 10, y]]]), 'down');
  expect(positions.get('left')).toEqual(before.get('left'));
});

test('a copy of a row that is placed by hand leaves the stack closed', () => {
  const row = (name: string, from: string): Placeable => ({
    ...placed(name, [from]),
    height: 24,
    follows: true,
  });
  const stack = [placed('conv', []), row('relu', 'conv'), row('pool', 'relu'), placed('next', ['pool'])];
  const saved = new Map<string, Point>([['copy', [700, 40]]]);
  for (const direction of ['down', 'right'] as const) {
    const before = layoutNetwork(stack, new Map(), direction);
    const { positions, heads } = layoutNetwork([...stack, row('copy', 'conv')], saved, direction);
    expect([...heads]).toEqual([...before.heads, ['copy', 'copy']]);
    for (const { name } of stack) expect(positions.get(name), name).toEqual(before.positions.get(name));
  }
});

test.each(['down', 'right'] as const)(
  'a branch that is dragged away leaves the others in their places, and every other drag writes one place, %s',
  (direction) => {
    const branches = ['left', 'middle', 'right'].map((name) => placed(name, ['a']));
    // To the right, a row of three cards would be folded once a branch is away.
    const tail = direction === 'down' ? [placed('end', ['middle'])] : [];
    const items = [placed('a', []), ...branches, ...tail].map((placeable) => ({
      placeable,
      content: undefined,
    }));
    const before = layoutItems(items, new Map(), direction).positions;
    const away = new Map<string, Point>([['right', [2000, 900]]]);
    const moves = movesWithNeighbours(items, new Map(), direction, away);
    expect(moves.size, 'it is not the only one').toBeGreaterThan(1);
    const after = layoutItems(items, moves, direction).positions;
    for (const name of ['a', 'left', 'middle', ...tail.map(({ name }) => name)])
      expect(after.get(name), name).toEqual(before.get(name));
    const chain = ['b', 'c', 'd'].map((name, index) => placed(name, ['abc'[index]]));
    const inLine = [placed('a', []), ...chain].map((placeable) => ({ placeable, content: undefined }));
    for (const name of ['b', 'd']) {
      const drag = new Map<string, Point>([[name, [900, 300]]]);
      expect(movesWithNeighbours(inLine, new Map(), direction, drag)).toEqual(drag);
    }
  },
);

test('a line to a card below another one leads beside it, and a line that is free stays a curve', () => {
  const layers = [placed('a', []), placed('b', ['a']), placed('copy', ['a'])];
  for (const direction of ['down', 'right'] as const) {
    const [along, across] = direction === 'down' ? [1, 0] : [0, 1];
    const automatic = layoutNetwork(layers.slice(0, 2), new Map(), direction).positions;
    const [x, y] = automatic.get('b')!;
    const behind: Point = direction === 'down' ? [x, y + 200] : [x + 500, y];
    const { positions, routes } = layoutNetwork(layers, new Map([['copy', behind]]), direction);
    const card = positions.get('b')!;
    const legs = routes.get('copy:0')!.legs;
    expect(legs).toHaveLength(2);
    for (const { to } of legs) {
      const distance = to[across] - card[across];
      expect(distance < 0 || distance > size[across], `${direction}: ${to}`).toBe(true);
    }
    expect(legs[1].to[along]).toBeGreaterThan(card[along] + size[along]);
    const beside: Point = direction === 'down' ? [x + 400, y] : [x, y + 200];
    expect(layoutNetwork(layers, new Map([['copy', beside]]), direction).routes.has('copy:0')).toBe(false);
  }
});
