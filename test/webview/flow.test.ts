/** Where cards are placed, and which nodes and edges React Flow is given. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edgeId, toFlow } from '../../webview/model/flow.ts';
import { addLayer } from '../../webview/model/gestures.ts';
import {
  card,
  type Direction,
  layoutNetwork,
  type Placeable,
  type Point,
} from '../../webview/model/layout.ts';
import { branches, chain, textAfter, viewOf } from './network.ts';

const directions: readonly Direction[] = ['down', 'right'];

const overlap = ([x, y]: Point, [otherX, otherY]: Point): boolean =>
  Math.abs(x - otherX) < card.width && Math.abs(y - otherY) < card.height + card.statisticsHeight;

/** Acyclic networks: each layer may read any before it. */
const networks: fc.Arbitrary<Placeable[]> = fc
  .array(fc.uniqueArray(fc.nat(30), { maxLength: 3 }), { minLength: 1, maxLength: 14 })
  .map((inputs) =>
    inputs.map((sources, index) => ({
      name: `layer${index}`,
      from:
        index === 0
          ? []
          : [...new Set(sources.map((source) => source % index))].map((at) => ({ layer: `layer${at}` })),
    })),
  );

describe('layout', () => {
  test('no card covers another, in either direction', () => {
    fc.assert(
      fc.property(networks, fc.constantFrom(...directions), (layers, direction) => {
        const places = [...layoutNetwork(layers, new Map(), direction).positions.values()];
        expect(places.some((place, at) => places.slice(at + 1).some((other) => overlap(place, other)))).toBe(
          false,
        );
      }),
      { numRuns: 60 },
    );
  });

  const reads = (from: readonly number[]) => from.map((index) => ({ layer: `l${index}` }));
  const upTo = (end: number) => Array.from({ length: end }, (_, index) => index);

  test.each([
    ['a chain of five thousand layers', upTo(5000).map((i) => reads(i > 0 ? [i - 1] : []))],
    ['two hundred layers that read all before them', upTo(200).map((i) => reads(upTo(i)))],
    ['three thousand layers in a ring', upTo(3000).map((i) => reads([(i + 1) % 3000]))],
  ])('%s are laid out in rows, where dagre would take minutes or fail', (_title, from) => {
    const layers = from.map((sources, index) => ({ name: `l${index}`, from: sources }));
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

  test('places in the spec rule, and a new layer finds a free one beside its neighbour', () => {
    const layers = viewOf(chain).layers;
    const saved = new Map<string, Point>(layers.map(({ name }, index) => [name, [300, 90 * index]]));
    saved.delete('relu1');
    const { positions } = layoutNetwork(layers, saved, 'down');
    for (const [name, place] of saved) expect(positions.get(name)).toEqual(place);
    expect([...saved.values()].some((place) => overlap(place, positions.get('relu1')!))).toBe(false);
  });

  test('one layer placed by hand leaves the others where they were', () => {
    const layers = viewOf(branches).layers;
    const free = layoutNetwork(layers, new Map(), 'down').positions;
    const { positions } = layoutNetwork(layers, new Map([['right', [900, 40]]]), 'down');
    for (const { name } of layers)
      expect(positions.get(name)).toEqual(name === 'right' ? [900, 40] : free.get(name));
  });

  test('references to layers that do not exist, to itself and in a circle do no harm', () => {
    const layers = [
      { name: 'a', from: [{ layer: 'b' }, { layer: 'nobody' }] },
      { name: 'b', from: [{ layer: 'a' }, { layer: 'b' }] },
    ];
    expect(layoutNetwork(layers, new Map(), 'down').positions.size).toBe(2);
  });
});

describe('flow', () => {
  test('every input is an edge with the shape it carries', () => {
    const { edges } = toFlow(viewOf(branches), 'down');
    expect(edges.map(({ end }) => edgeId(end))).toEqual(
      expect.arrayContaining(['stem:0', 'left:0', 'leftRelu:0', 'right:0', 'sum:0', 'sum:1', 'sum:2']),
    );
    expect(edges.every(({ shape }) => shape !== undefined)).toBe(true);
    expect(edges.find(({ end }) => end.to === 'sum')?.ariaLabel).toContain('32×32×16');
  });

  test('cards say what a reader of the screen needs', () => {
    const label = (text: string, name: string) =>
      toFlow(viewOf(text), 'down').nodes.find(({ id }) => id === name)?.ariaLabel;
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

  test('a connection past other layers goes around their cards', () => {
    const { nodes, edges } = toFlow(viewOf(branches), 'down');
    const skip = edges.find(({ from, end }) => from.layer === 'stem' && end.to === 'sum');
    expect(skip?.route).toBeDefined();
    for (const [x, y] of skip!.route!.between)
      for (const { position } of nodes)
        expect(
          x > position[0] && x < position[0] + card.width && y > position[1] && y < position[1] + card.height,
        ).toBe(false);
  });
});
