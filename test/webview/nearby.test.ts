/** The part of a large network that React Flow gets: everything that the view may show, and otherwise only what must exist. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Area, areaAround, areaOf, nearby } from '../../webview/canvas/nearby.ts';
import { whenAtRest } from '../../webview/canvas/useDistant.ts';
import { card } from '../../webview/model/cardSizes.ts';
import { type Flow, type FlowNode, toFlow } from '../../webview/model/flow.ts';
import { viewOf } from './network.ts';

/** Each layer reads some earlier ones. The layout or a person determines its position. */
const networks = fc
  .array(
    fc.record({
      reads: fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }),
      at: fc.option(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }))),
    }),
    { minLength: 3, maxLength: 30 },
  )
  .map((layers) => {
    const entries = layers.map(({ reads }, index) => {
      const from = [...new Set(reads.map((back) => (back > index ? 'x' : `l${index - back}`)))];
      return [`l${index}`, { type: 'add', from: from.filter((name) => name !== `l${index}`).concat('x') }];
    });
    const layout = layers.flatMap(({ at }, index) => (at ? [[`l${index}`, [at[0] * 400, at[1] * 200]]] : []));
    return JSON.stringify({
      format: 1,
      layers: { x: { type: 'input', shape: [4] }, ...Object.fromEntries(entries) },
      layout: Object.fromEntries(layout),
    });
  });

const drawn = (text: string): Flow => toFlow(viewOf(text), 'down');

const areas = fc
  .record({
    left: fc.integer({ min: -4000, max: 4000 }),
    top: fc.integer({ min: -2000, max: 4000 }),
    width: fc.integer({ min: 1, max: 3000 }),
    height: fc.integer({ min: 1, max: 2000 }),
  })
  .map(({ left, top, width, height }): Area => ({ left, top, right: left + width, bottom: top + height }));

const isIn = ({ left, top, right, bottom }: Area, [x, y]: readonly [number, number]): boolean =>
  x >= left && x <= right && y >= top && y <= bottom;

const centre = ({ position: [x, y], height }: FlowNode): [number, number] => [
  x + card.width / 2,
  y + height / 2,
];

describe('what is near the view', () => {
  test('has every card in it, every line with a point in it, and both ends of each line', () => {
    fc.assert(
      fc.property(networks, areas, (text, area) => {
        const all = drawn(text);
        const byId = new Map(all.nodes.map((node) => [node.id, node]));
        const { nodes, edges } = nearby(all, area);
        const [given, lines] = [new Set(nodes), new Set(edges)];
        for (const node of all.nodes) if (isIn(area, centre(node))) expect(given.has(node)).toBe(true);
        for (const { from, end } of edges)
          expect([given.has(byId.get(from.layer)!), given.has(byId.get(end.to)!)]).toEqual([true, true]);
        for (const edge of all.edges) {
          const ends = [edge.from.layer, edge.end.to].map((id) => centre(byId.get(id)!));
          const [[x1, y1], [x2, y2]] = ends;
          const corners = edge.route?.legs.map(({ to }) => to) ?? [];
          const points = [...ends, [(x1 + x2) / 2, (y1 + y2) / 2] as const, ...corners];
          if (points.some((point) => isIn(area, point))) expect(lines.has(edge)).toBe(true);
        }
      }),
      { numRuns: 200, seed: 21 },
    );
  });

  test('has the order of the whole, and includes the selection', () => {
    const whole = drawn(
      `{ "layers": { "x": { "type": "input", "shape": [4] }, ${Array.from(
        { length: 40 },
        (_, index) =>
          `"l${index}": { "type": "dense", "from": "${index ? `l${index - 1}` : 'x'}", "units": 4 }`,
      ).join(
        ', ',
      )} }, "layout": { ${Array.from({ length: 40 }, (_, index) => `"l${index}": [0, ${index * 1000}]`).join(', ')} } }`,
    );
    const area: Area = { left: 0, top: 20_000, right: 300, bottom: 20_500 };
    const named = ({ nodes }: Flow) => nodes.map(({ id }) => id);
    const near = named(nearby(whole, area));
    expect(near.length).toBeLessThan(8);
    expect(near).toContain('l20');
    const more = nearby(whole, area, new Set(['l3', 'l35']), new Set(['l38:0']));
    expect(named(more)).toEqual(
      named(whole).filter((id) => ['l3', 'l35', 'l37', 'l38', ...near].includes(id)),
    );
    expect(more.edges.map(({ id }) => id)).toContain('l38:0');
  });
});

test('the area around a view has a margin on each side, and is no larger than an edit can afford', () => {
  const views = fc.record({
    x: fc.integer({ min: -9000, max: 9000 }),
    y: fc.integer({ min: -9000, max: 9000 }),
    zoom: fc.double({ min: 0.05, max: 2, noNaN: true }),
    width: fc.integer({ min: 200, max: 3000 }),
    height: fc.integer({ min: 200, max: 2000 }),
  });
  fc.assert(
    fc.property(views, ({ x, y, zoom, width, height }) => {
      const area = areaOf(areaAround({ transform: [x, y, zoom], width, height }));
      const longer = Math.max(width, height) / zoom;
      const margins = [
        -x / zoom - area.left,
        -y / zoom - area.top,
        area.right - (width - x) / zoom,
        area.bottom - (height - y) / zoom,
      ];
      expect(Math.min(...margins)).toBeGreaterThan(longer / 6);
      expect(Math.max(...margins)).toBeLessThan((3 * longer) / 4);
    }),
    { seed: 21 },
  );
});

describe('a view at rest', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  type Place = { readonly transform: [x: number, y: number, zoom: number] };

  function watched() {
    const listeners = new Set<(now: Place, before: Place) => void>();
    let place: Place = { transform: [0, 0, 1] };
    let rests = 0;
    const cancel = whenAtRest(
      { subscribe: (listener) => listeners.add(listener) && (() => void listeners.delete(listener)) },
      () => rests++,
    );
    return {
      cancel,
      rests: () => rests,
      change(next: Place) {
        const before = place;
        place = next;
        for (const listener of listeners) listener(next, before);
      },
      moved() {
        this.change({ transform: [...place.transform] });
      },
      unchanged() {
        this.change({ transform: place.transform });
      },
    };
  }

  test('is one that has not moved for a while, however long it moved before', () => {
    const view = watched();
    for (let step = 0; step < 10; step++) {
      vi.advanceTimersByTime(100);
      view.moved();
    }
    expect(view.rests()).toBe(0);
    vi.advanceTimersByTime(100);
    // Something else changes in the store.
    view.unchanged();
    vi.advanceTimersByTime(100);
    expect(view.rests()).toBe(1);
    view.moved();
    vi.advanceTimersByTime(1000);
    expect(view.rests()).toBe(1);
  });

  test('is not awaited after it was cancelled', () => {
    const view = watched();
    view.moved();
    view.cancel();
    vi.advanceTimersByTime(1000);
    view.moved();
    vi.advanceTimersByTime(1000);
    expect(view.rests()).toBe(0);
  });
});
