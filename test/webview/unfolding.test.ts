/** Blocks that are unfolded in place: their drawing and connections, and that no card covers another. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { printReference } from '../../engine/spec/reference.ts';
import { connectionsOf } from '../../webview/canvas/connections.ts';
import { handlesOf } from '../../webview/canvas/handles.ts';
import { card } from '../../webview/model/cardSizes.ts';
import { type Flow, type FlowNode, toFlow, withoutFrames } from '../../webview/model/flow.ts';
import type { Direction, Point } from '../../webview/model/geometry.ts';
import { type NetworkView, viewNetwork } from '../../webview/model/network.ts';
import { drawingOf } from '../../webview/model/unfolding.ts';
import { type Layers, textOf, tiny, vector } from '../engine/blockTexts.ts';
import { viewOf, withBlock } from './network.ts';

/** The full names of all uses that can be unfolded, including copies. */
function allUses(text: string): ReadonlySet<string> {
  const view = viewOf(text);
  let names = new Set<string>();
  for (;;) {
    const more = drawingOf(view, names).all.flatMap(({ layer, inward, copies }) =>
      inward && !copies ? [layer.name] : [],
    );
    if (more.length === names.size) return names;
    names = new Set(more);
  }
}

const flowOf = (text: string, unfolded = allUses(text), direction: Direction = 'down'): Flow =>
  toFlow(viewOf(text), direction, undefined, unfolded);

/** "reader < source" for all connections that are drawn. */
const drawn = ({ edges }: Flow): string[] =>
  edges.map(({ end, from }) => `${end.to} < ${printReference(from)}`).sort();

/** The same for all layers that run. */
const running = (text: string): string[] =>
  analyze(text)
    .graph.layers.flatMap(({ name, from }) => from.map((ref) => `${name} < ${printReference(ref)}`))
    .sort();

const box = ({ position: [x, y], width, height }: FlowNode) => ({
  x,
  y,
  right: x + width,
  bottom: y + height,
});

/** Pairs of cards that cover one another, and cards that extend beyond their frame. */
function faults({ nodes }: Flow): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return nodes.flatMap((node, index) => {
    const [own, around] = [box(node), byId.get(node.frames.at(-1) ?? '')];
    const frame = around && box(around);
    const sticksOut =
      frame && (own.x < frame.x || own.y < frame.y || own.right > frame.right || own.bottom > frame.bottom);
    const covered = nodes.slice(index + 1).filter((other) => {
      if (other.frames.includes(node.id) || node.frames.includes(other.id)) return false;
      const their = box(other);
      return own.x < their.right && their.x < own.right && own.y < their.bottom && their.y < own.bottom;
    });
    return [
      ...(sticksOut ? [`${node.id} sticks out of ${around.id}`] : []),
      ...covered.map((other) => `${node.id} and ${other.id}`),
    ];
  });
}

/** A block with a skip connection, a block that uses it twice, and a network with some of both in any order. */
const skip: Layers = {
  x: { type: 'blockInput' },
  d: { type: 'dense', from: 'x', units: 4 },
  r: { type: 'relu', from: 'd' },
  s: { type: 'add', from: ['r', 'x'] },
  y: { type: 'blockOutput', from: 's' },
};
const twice: Layers = {
  x: { type: 'blockInput' },
  a: { type: 'skip', from: 'x', repeat: 2 },
  b: { type: 'tiny', from: 'a' },
  out: { type: 'blockOutput', from: 'b' },
  side: { type: 'blockOutput', from: 'a' },
};
const blocks = { tiny, skip, twice };

const networks = fc
  .array(
    fc.record({
      type: fc.constantFrom('tiny', 'skip', 'twice', 'relu', 'dense'),
      reads: fc.nat(3),
      repeat: fc.integer({ min: 1, max: 4 }),
      at: fc.option(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }))),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((layers) => {
    const name = (index: number) => (index < 0 ? 'x' : `l${index}`);
    const entries = layers.map(({ type, reads, repeat }, index) => {
      const read = Math.max(-1, index - 1 - reads);
      const from =
        read >= 0 && reads > 0 && layers[read].type === 'twice' ? `${name(read)}.side` : name(read);
      const extra = type === 'dense' ? { units: 4 } : type in blocks && repeat > 1 ? { repeat } : {};
      return [name(index), { type, from, ...extra }];
    });
    const layout = Object.fromEntries(
      layers.flatMap(({ at }, index) => (at ? [[name(index), [at[0] * 300, at[1] * 300]]] : [])),
    );
    return { text: textOf({ x: vector, ...Object.fromEntries(entries) }, blocks), layout };
  });

describe('with all blocks unfolded', () => {
  test('the layers that are drawn, and their connections, are those that run', () => {
    fc.assert(
      fc.property(networks, ({ text }) => {
        const flow = flowOf(text);
        const cards = flow.nodes.filter(({ frame }) => !frame).map(({ id }) => id);
        expect(cards.sort()).toEqual(
          analyze(text)
            .graph.layers.map(({ name }) => name)
            .sort(),
        );
        expect(drawn(flow)).toEqual(running(text));
      }),
      { numRuns: 25, seed: 11 },
    );
  });

  test.each(['down', 'right'] as const)('a connection into a block is straight, %s', (direction) => {
    const across = direction === 'down' ? 0 : 1;
    // To the right, longer blocks begin a row of their own.
    for (const [type, first] of [
      ['tiny', 'use/d'],
      ...(direction === 'down'
        ? [
            ['skip', 'use/d'],
            ['twice', 'use/a/1/d'],
          ]
        : []),
    ]) {
      const text = textOf({ x: vector, use: { type, from: 'x' } }, blocks);
      const { nodes } = flowOf(text, new Set(['use', 'use/a', 'use/a/1']), direction);
      const at = (name: string) => nodes.find(({ id }) => id === name)!.position[across];
      expect(at(first) - at('x')).toBeCloseTo(0);
    }
  });

  test('a stack that a block reads twice is still one', () => {
    const text = textOf(
      {
        x: vector,
        dense: { type: 'dense', from: 'x', units: 4 },
        relu: { type: 'relu', from: 'dense' },
        use: { type: 'skip', from: 'relu' },
      },
      blocks,
    );
    const relu = flowOf(text).nodes.find(({ id }) => id === 'relu');
    expect(relu?.head).toBe('dense');
  });

  test('no card covers another or extends beyond its frame, in either direction, placed by hand or not', () => {
    fc.assert(
      fc.property(
        networks,
        fc.constantFrom<Direction>('down', 'right'),
        fc.boolean(),
        (network, direction, placed) => {
          const text = placed
            ? network.text.replace(/\}\n$/, `, "layout": ${JSON.stringify(network.layout)}}\n`)
            : network.text;
          // If cards cover one another when all blocks are folded, a person has placed them so.
          fc.pre(faults(flowOf(text, new Set(), direction)).length === 0);
          expect(faults(flowOf(text, undefined, direction))).toEqual([]);
        },
      ),
      { numRuns: 60, seed: 12 },
    );
  });
});

const text = textOf(
  { x: vector, first: { type: 'tiny', from: 'x' }, end: { type: 'relu', from: 'first' } },
  blocks,
);

test('a connection into a frame is that of the use in the text, and one within a block belongs to the block', () => {
  const { edges } = flowOf(text);
  const written = Object.fromEntries(edges.map(({ id, written }) => [id, written]));
  expect(written).toEqual({
    'first/d:0': { to: 'first', index: 0 },
    'first/r:0': undefined,
    'end:0': { to: 'end', index: 0 },
  });
});

test('unfolded and folded again, every card is where it was', () => {
  const before = flowOf(text, new Set()).nodes;
  flowOf(text);
  expect(flowOf(text, new Set()).nodes).toEqual(before);
});

test('positions are written as they are with all blocks folded', () => {
  const placed = text.replace(/\}\n$/, ', "layout": { "x": [0, 0], "first": [0, 100], "end": [0, 300] } }\n');
  const flow = flowOf(placed);
  const places = new Map(flow.nodes.map(({ id, position }): [string, Point] => [id, position]));
  expect(places.get('end')![1]).toBeGreaterThan(300);
  expect(withoutFrames(flow, places).get('end')).toEqual([0, 300]);
});

test('of many copies the first ones and the last are drawn, and one card for those between', () => {
  const many = textOf({ x: vector, all: { type: 'tiny', from: 'x', repeat: 40 } }, blocks);
  const { nodes } = flowOf(many, new Set(['all']));
  expect(nodes.map(({ id }) => id)).toEqual(['x', 'all', 'all/1', 'all/2', 'all/3', 'all/4…39', 'all/40']);
  const between = drawingOf(viewOf(many), new Set(['all'])).byName.get('all/4…39');
  expect(between?.copies).toHaveLength(36);
  expect(between?.layer.from).toEqual([{ layer: 'all/3' }]);
});

test('a layer in a frame has the values that its use gives the parameters of the block', () => {
  const open: Layers = {
    x: { type: 'blockInput' },
    width: { type: 'blockParameter', default: 3 },
    d: { type: 'dense', from: 'x', units: '$width' },
    y: { type: 'blockOutput', from: 'd' },
  };
  const uses = { u: { type: 'open', from: 'x' }, v: { type: 'open', from: 'u', width: 5 } };
  const { byName } = drawingOf(viewOf(textOf({ x: vector, ...uses }, { open })), new Set(['u', 'v']));
  expect(byName.get('u/d')?.layer.given).toEqual({ units: 3 });
  expect(byName.get('v/d')?.layer.given).toEqual({ units: 5 });
});

test('each copy has its own cost, and all of them that of the use', () => {
  const { all } = drawingOf(
    viewOf(textOf({ x: vector, uses: { type: 'skip', from: 'x', repeat: 3 } }, blocks)),
    new Set(['uses']),
  );
  expect(all.map(({ layer: { name, summary } }) => [name, summary?.parameters])).toEqual([
    ['x', 0],
    ['uses', 60],
    ['uses/1', 20],
    ['uses/2', 20],
    ['uses/3', 20],
  ]);
});

test('inside of a block, uses of other blocks unfold too', () => {
  const nested = textOf({ x: vector, big: { type: 'twice', from: 'x' } }, blocks);
  const analysis = analyze(nested);
  const block = analysis.spec.blocks.get('twice')!;
  const view = viewNetwork(nested, 1, analysis, undefined, { block, prefix: 'big/' });
  const { all } = drawingOf(view, new Set(['big/b']));
  expect(all.map(({ layer }) => layer.name)).toEqual(['x', 'a', 'b', 'b/d', 'b/r', 'out', 'side']);
});

test('a frame has the ports of its block at the sides of its head; a frame in a frame has none', () => {
  const { nodes } = flowOf(withBlock);
  const frames = nodes.filter(({ frame }) => frame);
  expect(frames.map(({ id }) => id)).toEqual(['uses', 'uses/1', 'uses/2']);
  for (const direction of ['down', 'right'] as const) {
    const [outer, ...inner] = frames.map((frame) => handlesOf(frame, direction));
    expect(outer.map(({ id, x }) => [id, x])).toEqual([
      ['in:0', 0],
      ['out', frames[0].width],
    ]);
    expect(outer.every(({ y }) => y > 0 && y < card.full)).toBe(true);
    expect(inner.flat()).toEqual([]);
  }
});

test('a use of a block has the parameters that its block has in a later text', () => {
  const before = viewOf(withBlock);
  const text = withBlock.replace('"in": {', '"width": { "type": "blockParameter", "default": 2 }, "in": {');
  const after = viewNetwork(text, 2, analyze(text), before);
  const attributesOf = (view: NetworkView) => Object.keys(view.byName.get('uses')!.definition!.attributes);
  expect(attributesOf(before)).not.toContain('width');
  expect(attributesOf(after)).toContain('width');
});

/** Points along a path of lines and curves. */
function pointsOf(path: string): Point[] {
  const points: Point[] = [];
  for (const [, command, numbers] of path.matchAll(/([MLQC])([^MLQC]*)/g)) {
    const [x, ...given] = numbers.trim().split(/[ ,]+/).map(Number);
    const ends = [x, ...given].flatMap((at, index, all): Point[] =>
      index % 2 ? [[all[index - 1], at]] : [],
    );
    const control = command === 'M' ? ends : [points.at(-1)!, ...ends];
    for (let share = 0; share <= 1; share += 0.02) {
      let left = control;
      while (left.length > 1)
        left = left
          .slice(1)
          .map(
            ([toX, toY], index): Point => [
              left[index][0] + (toX - left[index][0]) * share,
              left[index][1] + (toY - left[index][1]) * share,
            ],
          );
      points.push(left[0]);
    }
  }
  return points;
}

test('the connection out of an unfolded block passes behind no card, in any number of columns', () => {
  for (const direction of ['down', 'right'] as const)
    for (const type of ['tiny', 'skip', 'twice'])
      for (const repeat of [1, 2, 3, 4, 6]) {
        const uses = { use: { type, from: 'x', repeat }, end: { type: 'dense', from: 'use', units: 4 } };
        const { nodes, edges } = flowOf(textOf({ x: vector, ...uses }, blocks), undefined, direction);
        const out = edges.filter(({ end }) => end.to === 'end');
        const points = connectionsOf({ nodes, edges: out }, direction).flatMap(({ path }) => pointsOf(path));
        const covered = nodes.filter((node) => {
          const { x, right, y, bottom } = box(node);
          const isInside = ([left, top]: Point) =>
            left > x + 1 && left < right - 1 && top > y + 1 && top < bottom - 1;
          return !node.frame && points.some(isInside);
        });
        expect(points.length).toBeGreaterThan(0);
        expect(
          covered.map(({ id }) => id),
          `${repeat} × ${type}, ${direction}`,
        ).toEqual([]);
      }
});
