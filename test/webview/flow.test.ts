/** The positions of cards, and the nodes and edges that React Flow gets. */
import fc from 'fast-check';
import { Position } from 'reactflow';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { nodeOf } from '../../webview/canvas/nodes.ts';
import { edgePath } from '../../webview/canvas/path.ts';
import { canFollow, card, cardHeight } from '../../webview/model/cardSizes.ts';
import { describeEdge, describeLayer, edgeId, type FlowNode, toFlow } from '../../webview/model/flow.ts';
import type { Direction, Point } from '../../webview/model/geometry.ts';
import { addLayer } from '../../webview/model/gestures.ts';
import { type Layout, layoutNetwork } from '../../webview/model/layout.ts';
import { type LayerView, type NetworkView, viewNetwork } from '../../webview/model/network.ts';
import type { Placeable } from '../../webview/model/placeable.ts';
import { branches, chain, textAfter, viewOf } from './network.ts';

const directions: readonly Direction[] = ['down', 'right'];

const overlap = ([x, y]: Point, [otherX, otherY]: Point, height: number, otherHeight: number): boolean =>
  Math.abs(x - otherX) < card.width && y < otherY + otherHeight && otherY < y + height;

/** Pairs of layers whose cards cover one another. */
function overlaps(layers: readonly Placeable[], { positions }: Layout): string[] {
  return layers.flatMap(({ name, height }, index) =>
    layers
      .slice(index + 1)
      .filter((other) => overlap(positions.get(name)!, positions.get(other.name)!, height, other.height))
      .map((other) => `${name} and ${other.name}`),
  );
}

const placeables = (layers: readonly LayerView[]): Placeable[] =>
  layers.map(({ name, from, definition }) => ({
    name,
    from,
    height: cardHeight(definition),
    follows: canFollow(definition),
    takesInput: from.length > 0,
  }));

/** Acyclic networks of cards and rows: each layer may read any layer before it, and many read the previous one. */
const networks: fc.Arbitrary<Placeable[]> = fc
  .array(
    fc.record({
      sources: fc.uniqueArray(fc.nat(30), { maxLength: 3 }),
      chained: fc.boolean(),
      follows: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((layers) =>
    layers.map(({ sources, chained, follows }, index) => {
      const read = chained ? [index - 1] : sources.map((source) => source % index);
      return {
        name: `layer${index}`,
        from: index === 0 ? [] : [...new Set(read)].map((at) => ({ layer: `layer${at}` })),
        height: follows ? card.row : card.full,
        follows,
        takesInput: true,
      };
    }),
  );

describe('layout', () => {
  test('no card covers another, in either direction', () => {
    fc.assert(
      fc.property(networks, fc.constantFrom(...directions), (layers, direction) => {
        expect(overlaps(layers, layoutNetwork(layers, new Map(), direction))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('each layer that is read comes before its readers, in the same column or an earlier one', () => {
    fc.assert(
      fc.property(networks, (layers) => {
        const { positions } = layoutNetwork(layers, new Map(), 'down');
        for (const { name, from } of layers)
          for (const { layer } of from) {
            const [[x, y], [readX, readY]] = [positions.get(name)!, positions.get(layer)!];
            expect(readY < y || readX < x, `${name} reads ${layer}`).toBe(true);
          }
      }),
      { numRuns: 100 },
    );
  });

  const reads = (from: readonly number[]) => from.map((index) => ({ layer: `l${index}` }));
  const upTo = (end: number) => Array.from({ length: end }, (_, index) => index);

  test.each([
    ['a chain of five thousand layers', upTo(5000).map((i) => reads(i > 0 ? [i - 1] : []))],
    ['a hundred layers that read all before them', upTo(100).map((i) => reads(upTo(i)))],
    ['three thousand layers in a ring', upTo(3000).map((i) => reads([(i + 1) % 3000]))],
  ])('%s are laid out, with every card at its own place', (_title, from) => {
    const layers = from.map((sources, index) => ({ name: `l${index}`, from: sources, height: card.row }));
    for (const direction of directions) {
      const { positions } = layoutNetwork(layers, new Map([['l0', [100, 50]]]), direction);
      expect(positions.get('l0')).toEqual([100, 50]);
      expect(new Set([...positions.values()].map(String)).size).toBe(layers.length);
    }
  });

  test('the same network is laid out the same way', () => {
    fc.assert(
      fc.property(networks, (layers) => {
        expect(layoutNetwork(layers, new Map(), 'down')).toEqual(layoutNetwork(layers, new Map(), 'down'));
      }),
      { numRuns: 20 },
    );
  });

  test('a layer put into a chain moves only what follows it, and only down', () => {
    const before = toFlow(viewOf(chain), 'down').nodes;
    const gesture = addLayer(viewOf(chain), 'tanh', { place: 'after', layers: ['relu1'] });
    const after = new Map(
      toFlow(viewOf(textAfter(chain, gesture)), 'down').nodes.map(({ id, position }) => [id, position]),
    );
    const follows = ['flat', 'logits'];
    for (const { id, position } of before) {
      const [x, y] = after.get(id)!;
      expect(x).toBe(position[0]);
      if (follows.includes(id)) expect(y).toBeGreaterThan(position[1]);
      else expect(y).toBe(position[1]);
    }
  });

  test('positions in the spec take precedence, and a new layer gets a free place beside its neighbour', () => {
    const layers = placeables(viewOf(branches).layers);
    const saved = new Map<string, Point>(layers.map(({ name }, index) => [name, [300, 90 * index]]));
    saved.delete('right');
    const layout = layoutNetwork(layers, saved, 'down');
    for (const [name, place] of saved) expect(layout.positions.get(name)).toEqual(place);
    expect(overlaps(layers, layout)).toEqual([]);
  });

  test('one layer placed by hand leaves the others where they were', () => {
    const layers = placeables(viewOf(branches).layers);
    const free = layoutNetwork(layers, new Map(), 'down').positions;
    const { positions } = layoutNetwork(layers, new Map([['right', [900, 40]]]), 'down');
    for (const { name } of layers)
      expect(positions.get(name)).toEqual(name === 'right' ? [900, 40] : free.get(name));
  });

  test('a layer that lost its input stays where it was', () => {
    const before = layoutNetwork(placeables(viewOf(branches).layers), new Map(), 'down').positions;
    const cut = branches.replace('"conv2d", "from": "image"', '"conv2d"');
    const layers = viewOf(cut).layers.map((layer) => ({ ...placeables([layer])[0], takesInput: true }));
    const after = layoutNetwork(layers, new Map(), 'down').positions;
    for (const [name, place] of before) expect(after.get(name)).toEqual(place);
  });

  test('references to missing layers, to itself and in a cycle do no harm', () => {
    const layers = [
      { name: 'a', from: [{ layer: 'b' }, { layer: 'nobody' }], height: card.row },
      { name: 'b', from: [{ layer: 'a' }, { layer: 'b' }], height: card.row },
    ];
    expect(layoutNetwork(layers, new Map(), 'down').positions.size).toBe(2);
    const ring = ['a', 'b', 'c'].map((name, index) => ({
      name,
      from: [{ layer: 'abc'[(index + 2) % 3] }],
      height: card.row,
      follows: true,
    }));
    expect(layoutNetwork(ring, new Map(), 'down').positions.size).toBe(3);
  });
});

describe('stacks', () => {
  const stackOf = (text: string) => {
    const { nodes } = toFlow(viewOf(text), 'down');
    return Object.fromEntries(nodes.map(({ id, head }) => [id, head]));
  };

  test('a layer with parameters carries the rows that follow it, edge to edge', () => {
    const { nodes, edges } = toFlow(viewOf(chain), 'down');
    const [, conv, relu, flat] = nodes;
    expect(relu.position).toEqual([conv.position[0], conv.position[1] + conv.height]);
    expect(flat.position).toEqual([relu.position[0], relu.position[1] + relu.height]);
    expect(nodes.filter(({ first }) => first).map(({ id }) => id)).toEqual(['image', 'conv1', 'logits']);
    expect(edges.filter(({ seam }) => seam).map(({ id }) => id)).toEqual(['relu1:0', 'flat:0']);
  });

  test('a row with another reader, or with a position, starts a new stack', () => {
    expect(stackOf(branches)).toMatchObject({ leftRelu: 'left', sum: 'sum' });
    const read = chain.replace('"from": "relu1"', '"from": "conv1"');
    expect(stackOf(read)).toMatchObject({ relu1: 'relu1', flat: 'flat' });
    const placed = chain.replace('"format"', '"layout": { "relu1": [500, 80] }, "format"');
    expect(stackOf(placed)).toMatchObject({ relu1: 'relu1', flat: 'relu1' });
  });

  test('one place moves the whole stack', () => {
    const placed = chain.replace('"format"', '"layout": { "conv1": [500, 80] }, "format"');
    const { nodes } = toFlow(viewOf(placed), 'down');
    const [image, conv, relu, flat] = nodes.map(({ position }) => position);
    expect([conv, relu, flat]).toEqual([
      [500, 80],
      [500, 80 + card.full],
      [500, 80 + card.full + card.row],
    ]);
    expect(image).toEqual([0, 0]);
  });
});

test('stages of branches with different lengths are in one line, and skip connections pull nothing aside', () => {
  const entries: [string, object][] = [['image', { type: 'input', shape: [8, 8, 3] }]];
  const conv = (name: string, from: string) =>
    entries.push([name, { type: 'conv2d', from, filters: 3, kernelSize: 3, padding: 'same' }]);
  let last = 'image';
  for (const stage of [1, 2, 3]) {
    for (const branch of ['short', 'a', 'b']) conv(`${branch}${stage}`, last);
    for (const branch of ['a', 'b']) conv(`${branch}${stage}long`, `${branch}${stage}`);
    const from = [`short${stage}`, `a${stage}long`, `b${stage}long`, last];
    entries.push([`join${stage}`, { type: 'add', from }]);
    last = `join${stage}`;
  }
  const { nodes } = toFlow(viewOf(JSON.stringify({ layers: Object.fromEntries(entries) })), 'down');
  const at = (name: string) => nodes.find(({ id }) => id === name)!.position[0];
  for (const stage of [1, 2, 3]) expect(at(`join${stage}`)).toBeCloseTo(at('image'));
});

describe('long networks', () => {
  const chainOf = (count: number) => {
    const lines = Array.from(
      { length: count },
      (_, index) => `"l${index + 1}": { "type": "dense", "from": "l${index}", "units": 8 }`,
    );
    return `{ "layers": { "l0": { "type": "input", "shape": [8] }, ${lines.join(', ')} } }`;
  };

  test.each(directions)('are divided into columns that fill a page, %s', (direction) => {
    for (const count of [11, 60, 500]) {
      const { nodes } = toFlow(viewOf(chainOf(count)), direction);
      const extent = (axis: 0 | 1) => {
        const places = nodes.map(({ position }) => position[axis]);
        return Math.max(...places) - Math.min(...places) + (axis === 0 ? card.width : card.full);
      };
      expect(extent(0) / extent(1), `${count} layers`).toBeGreaterThan(0.6);
      expect(extent(0) / extent(1), `${count} layers`).toBeLessThan(3);
    }
  });

  test('stay in one line as long as columns would make them hardly larger', () => {
    const columns = (count: number) =>
      new Set(toFlow(viewOf(chainOf(count)), 'down').nodes.map(({ position: [x] }) => x)).size;
    // Six cards take 578 pixels, a fifth more than the page is high.
    expect([4, 6, 12].map(columns)).toEqual([1, 1, 2]);
  });

  test('have connections from column to column that go around the cards', () => {
    const { nodes, edges } = toFlow(viewOf(chainOf(11)), 'down');
    const long = edges.filter(({ route }) => route);
    expect(long.length).toBeGreaterThan(0);
    for (const { route } of long)
      for (const { to } of route!.legs)
        expect(
          nodes.filter(
            ({ position: [x, y], height }) =>
              to[0] > x && to[0] < x + card.width && to[1] > y && to[1] < y + height,
          ),
        ).toEqual([]);
  });

  test('redraw only the edited layer', () => {
    const text = chainOf(100);
    const before = viewOf(text);
    const now = text.replace('"from": "l49", "units": 8', '"from": "l49", "units": 9');
    const after = viewNetwork(now, 2, analyze(now), before);
    const first = toFlow(before, 'down');
    const second = toFlow(after, 'down');
    const changed = second.nodes.filter((node, index) => node !== first.nodes[index]);
    expect(changed.map(({ id }) => id)).toEqual(['l50', 'l51']);
    expect(second.edges.filter((edge, index) => edge !== first.edges[index]).length).toBeLessThanOrEqual(2);
  });
});

/** Dense layers, each with a card, in more than one column. */
const longChain = `{ "layers": { "x": { "type": "input", "shape": [8] }, ${Array.from(
  { length: 12 },
  (_, index) =>
    `"l${index}": { "type": "dense", "from": "${index > 0 ? `l${index - 1}` : 'x'}", "units": ${index + 1} }`,
).join(', ')} } }`;

describe('a connection that leads upward', () => {
  test.each([132, 700])('goes around the cards that it joins (target at %i)', (targetX) => {
    const [path] = edgePath(
      {
        ...{ sourceX: 132, sourceY: 400, targetX, targetY: 100 },
        ...{ sourcePosition: Position.Bottom, targetPosition: Position.Top },
      },
      undefined,
    );
    const points = [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    // Cards reach 132 pixels to either side of their handles.
    const beside = points.filter(([x]) => Math.abs(x - 132) > 132 && Math.abs(x - targetX) > 132);
    expect(beside.some(([, y]) => y > 400)).toBe(true);
    expect(beside.some(([, y]) => y < 100)).toBe(true);
  });
});

describe('flow', () => {
  test('that are kept after an edit are those that the text alone would give', () => {
    const edits = [
      (name: string) => ({ kind: 'removeLayers', names: [name], heal: true }) as const,
      (name: string) => ({ kind: 'removeLayers', names: [name], heal: false }) as const,
      (layer: string) => ({ kind: 'setAttribute', layer, attribute: 'filters', value: 3 }) as const,
      (layer: string) => ({ kind: 'setAttribute', layer, attribute: 'type', value: 'tanh' }) as const,
      (name: string) => ({ kind: 'moveLayers', positions: { [name]: [400, 50] } }) as const,
      (to: string) => ({ kind: 'connect', from: { layer: 'image' }, to, index: 0 }) as const,
      (name: string) => ({ kind: 'renameLayer', name, newName: `${name}x` }) as const,
    ];
    const step = fc.tuple(fc.constantFrom(...edits), fc.nat(9), fc.constantFrom(...directions));
    fc.assert(
      fc.property(
        fc.constantFrom(chain, branches, longChain),
        fc.array(step, { maxLength: 6 }),
        (start, steps) => {
          let view = viewOf(start);
          for (const [make, which, direction] of steps) {
            const edit = make(view.layers[which % view.layers.length]?.name ?? 'none');
            const outcome = applyEdit(view.text, edit);
            if ('problem' in outcome) continue;
            const text = applyChanges(view.text, outcome.changes);
            view = viewNetwork(text, 1, analyze(text), view);
            const drawn = (view: NetworkView) => {
              const { nodes, edges } = toFlow(view, direction);
              const cards = nodes.map((node) => ({ ...nodeOf(node, direction, false), data: undefined }));
              return { nodes: nodes.map(({ layer: _, ...node }) => node), cards, edges };
            };
            const kept = drawn(view);
            // Layers of a new view are other objects, for which nothing is known.
            expect(kept).toEqual(drawn(viewOf(text)));
          }
        },
      ),
      { seed: 6, numRuns: 50 },
    );
  });

  test('every input is an edge with the shape it carries', () => {
    const { edges } = toFlow(viewOf(branches), 'down');
    expect(edges.map(({ end }) => edgeId(end))).toEqual(
      expect.arrayContaining(['stem:0', 'left:0', 'leftRelu:0', 'right:0', 'sum:0', 'sum:1', 'sum:2']),
    );
    expect(edges.every(({ shape }) => shape !== undefined)).toBe(true);
    expect(describeEdge(edges.find(({ end }) => end.to === 'sum')!)).toContain('32×32×16');
  });

  test('cards have texts for screen readers', () => {
    const label = (text: string, name: string) => describeLayer(viewOf(text).byName.get(name)!);
    expect(label(chain, 'conv1')).toMatch(/^conv1, .+, output 28×28×8$/);
    expect(label(chain.replace('"kernelSize": 3, "padding": "same"', '"kernelSize": 64'), 'conv1')).toContain(
      'has an error',
    );
  });

  test('layers of unknown type, without input or with a faulty attribute are still there', () => {
    const text = chain.replace('"type": "relu"', '"type": "rellu"').replace('"units": 10', '"units": "ten"');
    const { nodes, edges } = toFlow(viewOf(text), 'down');
    expect(nodes.map(({ id }) => id)).toEqual(['image', 'conv1', 'relu1', 'flat', 'logits']);
    expect(edges.length).toBe(4);
  });

  test('a connection from one column to the next has its label where it runs across, not at a corner', () => {
    const { nodes, edges } = toFlow(viewOf(longChain), 'down');
    const wrapped = edges.find(({ route }) => (route?.legs.length ?? 0) > 1)!;
    const at = (name: string) => nodes.find(({ id }) => id === name)!;
    const [source, target] = [at(wrapped.from.layer), at(wrapped.end.to)];
    const [, x, y] = edgePath(
      {
        ...{ sourceX: source.position[0] + card.width / 2, sourceY: source.position[1] + source.height + 5 },
        ...{ targetX: target.position[0] + card.width / 2, targetY: target.position[1] - 5 },
        ...{ sourcePosition: Position.Bottom, targetPosition: Position.Top },
      },
      wrapped.route,
    );
    const corners = wrapped.route!.legs.map(({ to }) => to);
    expect(Math.min(...corners.map((corner) => Math.hypot(corner[0] - x, corner[1] - y)))).toBeGreaterThan(
      30,
    );
    const covers = ({ position: [left, top], width, height }: FlowNode) =>
      x > left && x < left + width && y > top && y < top + height;
    expect(nodes.filter(covers)).toEqual([]);
  });

  test('a connection past other layers goes around their cards', () => {
    const { nodes, edges } = toFlow(viewOf(branches), 'down');
    const skip = edges.find(({ from, end }) => from.layer === 'stem' && end.to === 'sum');
    expect(skip?.route?.legs.length).toBeGreaterThan(1);
    for (const { to } of skip!.route!.legs)
      for (const { position, height } of nodes)
        expect(
          to[0] > position[0] &&
            to[0] < position[0] + card.width &&
            to[1] > position[1] &&
            to[1] < position[1] + height,
        ).toBe(false);
  });
});
