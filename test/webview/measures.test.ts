/** The position of a network in its frame, and the drawings and texts of statistics over time. */
import { describe, expect, test } from 'vitest';
import { gradThroughTime } from '../../engine/layers/recurrent/statistics.ts';
import { barHeights } from '../../engine/stats/bars.ts';
import type { LayerStats } from '../../engine/stats/define.ts';
import { badgeKeys, briefStats, shortStats } from '../../engine/stats/format.ts';
import { levelOf } from '../../webview/canvas/detail.ts';
import { fittedViewport } from '../../webview/canvas/fittedViewport.ts';
import { followed, isNewLayout } from '../../webview/canvas/following.ts';
import { toFlow } from '../../webview/model/flow.ts';
import { logarithmicPlaces, testSeries, trainSeries } from '../../webview/training/chartOptions.ts';
import { viewOf } from './network.ts';

const frame = { width: 500, height: 600 };

describe('a network in its frame', () => {
  test('is centred, whole, and never much larger than its natural size', () => {
    const { x, y, zoom } = fittedViewport({ x: 100, y: 40, width: 200, height: 100 }, frame);
    expect(zoom).toBe(1.1);
    expect(x + 200 * zoom).toBeCloseTo(250);
    expect(y + 90 * zoom).toBeCloseTo(300);
  });

  test('keeps clear of the controls at the left', () => {
    const { x, zoom } = fittedViewport({ x: 0, y: 0, width: 480, height: 100 }, frame);
    expect(x).toBeGreaterThanOrEqual(60);
    expect(x + 480 * zoom).toBeLessThanOrEqual(500);
  });

  test('shrinks until it fits', () => {
    const { y, zoom } = fittedViewport({ x: 0, y: 0, width: 264, height: 700 }, frame);
    expect(y).toBeGreaterThan(0);
    expect(y + 700 * zoom).toBeLessThan(600);
  });

  test('of sixty layers stays in view beside open panels, small but with names', () => {
    const { zoom } = fittedViewport({ x: 0, y: 0, width: 1920, height: 1150 }, { width: 520, height: 725 });
    expect(zoom).toBeCloseTo(0.225);
    expect(levelOf(zoom).detail).toBe('far');
  });

  for (const direction of ['down', 'right'] as const)
    test(`that would be too small to read has its beginning in view (${direction})`, () => {
      const long = { down: { width: 264, height: 9000 }, right: { width: 9000, height: 54 } }[direction];
      const { x, y, zoom } = fittedViewport({ x: 0, y: 0, ...long }, frame);
      expect(zoom).toBe(0.6);
      expect(direction === 'down' ? y : x).toBe(direction === 'down' ? 28 : 60);
    });
});

describe('bars over time', () => {
  test('differ little if gradients do, and span the scale if they vanish', () => {
    const steady = barHeights([1, 1.1, 0.9]);
    expect(Math.max(...steady) - Math.min(...steady)).toBeLessThan(0.05);
    const vanishing = barHeights(Array.from({ length: 50 }, (_, step) => 10 ** (step - 49)));
    expect(vanishing[0]).toBeCloseTo(0.06);
    expect(vanishing.at(-1)).toBeCloseTo(1);
  });

  test('are never more than are visible, and may have steps without a gradient', () => {
    const heights = barHeights([0, ...Array.from({ length: 5000 }, () => 1)]);
    expect(heights.length).toBeLessThanOrEqual(100);
    expect(heights.every((height) => height > 0 && height <= 1)).toBe(true);
  });
});

describe('the words for a gradient over time', () => {
  test.each([
    [[0.5, 1], 'good', /is 50\s% of/],
    [[1e-4, 1], 'warn', /0\.0100\s%.*vanishes/],
    [[0, 1], 'bad', /0\s%.*vanishes/],
    [[5000, 1], 'bad', /5000 times.*explodes/],
    [[1, 0], 'warn', /No gradient/],
  ] as const)('of %j are %s', (norms, tone, words) => {
    const reported = gradThroughTime.verdict!(norms);
    expect(reported.tone).toBe(tone);
    expect(reported.text).toMatch(words);
  });
});

/** Dense layers one after another; with `aside`, the last one reads the input, so that it lies beside the others. */
const chainOf = (count: number, aside = false) => {
  const lines = Array.from({ length: count }, (_, index) => {
    const from = aside && index === count - 1 ? 0 : index;
    return `    "l${index + 1}": { "type": "dense", "from": "l${from}", "units": 8 }`;
  });
  return `{ "layers": {\n    "l0": { "type": "input", "shape": [8] },\n${lines.join(',\n')}\n} }`;
};

describe('the view after an edit', () => {
  const frame = { width: 700, height: 520 };
  const flowOf = (...network: Parameters<typeof chainOf>) => toFlow(viewOf(chainOf(...network)), 'down');
  const at = { x: 200, y: 30, zoom: 1 };
  const follow = (before: number, after: number, view = at, selection: readonly string[] = []) =>
    followed(flowOf(before).nodes, flowOf(after).nodes, selection, view, frame);

  test('stays if everything that was in view still is, or if nothing was', () => {
    expect(follow(3, 4)).toBeUndefined();
    expect(follow(4, 3)).toBeUndefined();
    expect(follow(4, 6, { x: 5000, y: 0, zoom: 1 })).toBeUndefined();
  });

  test('is moved where that suffices, and otherwise made as small as necessary', () => {
    // Five cards take 486 pixels, with margins more than the frame.
    expect(follow(3, 4, { ...at, y: 120 })).toEqual({ x: 200, y: 520 - 28 - 394, zoom: 1 });
    const smaller = follow(4, 5)!;
    expect(smaller.zoom).toBeCloseTo((520 - 56) / 486);
    expect(smaller.y).toBeCloseTo(28);
    expect(follow(4, 5, { x: 200, y: 30, zoom: 0.5 }), 'no larger than it was').toBeUndefined();
  });

  test('keeps a new layer in view if only a part of the network was', () => {
    const low = { width: 500, height: 500 };
    const after = toFlow(viewOf(chainOf(7, true)), 'down').nodes;
    const [x, y] = after.find(({ id }) => id === 'l7')!.position;
    const before = flowOf(6).nodes;
    expect(followed(before, after, [], at, low)).toBeUndefined();
    const moved = followed(before, after, ['l7'], at, low)!;
    expect(moved.zoom).toBe(1);
    expect(x + moved.x).toBeGreaterThanOrEqual(60);
    expect(x + 264 + moved.x).toBeLessThanOrEqual(500 - 28);
    expect(y + moved.y).toBe(y + at.y);
  });

  test('stays after a card was moved by hand', () => {
    const text = chainOf(3);
    const moved = text.replace('"layers"', '"layout": { "l2": [900, 900] }, "layers"');
    const [before, after] = [text, moved].map((one) => toFlow(viewOf(one), 'down'));
    expect(after.nodes.find(({ id }) => id === 'l2')?.position).toEqual([900, 900]);
    expect(isNewLayout(before, after)).toBe(false);
    expect(isNewLayout(before, flowOf(4))).toBe(true);
    expect(isNewLayout(before, flowOf(3, true))).toBe(true);
  });
});

describe('statistics beside a line', () => {
  test('are those that a person wants, of any tone', () => {
    const stats = { mean: 1, std: 2, saturatedFraction: 0.9, gradNorm: 3 };
    const only =
      (...keys: readonly string[]) =>
      (key: string) =>
        keys.includes(key);
    expect(shortStats(stats, only('std', 'gradNorm'))).toMatch(/^σ\s*2\.00\s+∇\s*3\.00$/);
    expect(briefStats(stats, only('mean'))).toMatch(/^μ\s*1\.00\s+$/);
    expect(briefStats(stats)).toMatch(/^sat/);
    expect(badgeKeys).toEqual(expect.arrayContaining(Object.keys(stats)));
  });
});

describe('the statistics before a line', () => {
  const activation = { mean: -12.345, std: 1, min: 0, max: 1, zeroFraction: 0.5 };
  const gradient = { gradNorm: 1.2e-7, gradRms: 0 };

  test('take the same space, whatever they are', () => {
    const texts = [activation, { ...activation, ...gradient }, gradient, {}].map((stats) =>
      briefStats(stats),
    );
    expect(new Set(texts.map((text) => text.length))).toEqual(new Set([20]));
    const single = [activation, gradient, { ...activation, deadFraction: 1 }, {}].map((stats) =>
      briefStats(stats, undefined, 1),
    );
    expect(new Set(single.map((text) => text.length))).toEqual(new Set([10]));
  });

  test('are only the one that matters most where two have no room', () => {
    const brief = (stats: LayerStats) => briefStats(stats, undefined, 1);
    expect(brief({ ...activation, gradNorm: 0.3 })).toMatch(/^μ −12\.3\s*$/);
    expect(brief({ ...activation, ...gradient })).toMatch(/^∇ 1\.2e−7\s*$/);
    expect(brief({ ...activation, deadFraction: 0.5, ...gradient })).toMatch(/^dead 50\s%\s*$/);
    expect(brief({ ...activation, gradNorm: Number.NaN })).toMatch(/^∇ NaN\s*$/);
  });

  test('are the mean and the gradient, unless there is a warning', () => {
    expect(briefStats({ ...activation, ...gradient })).toMatch(/^μ −12\.3\s+∇ 1\.2e−7/);
    expect(briefStats({ ...activation, deadFraction: 0.5, ...gradient })).toMatch(/^dead 50\s%\s*∇/);
  });

  test('are separate and aligned, whatever they are', () => {
    const longest = [0, 1e-9, 0.5, 1 - 1e-9, 1].flatMap((share) => [
      { ...activation, deadFraction: share },
      { ...activation, notFiniteFraction: share },
      { ...activation, saturatedFraction: share },
    ]);
    const places = longest.map((one) => briefStats({ ...one, ...gradient }).search(/\s∇/));
    expect(new Set(places)).toEqual(new Set([10]));
  });
});

describe('a logarithmic axis', () => {
  test('has powers of ten, and values between them where there is room', () => {
    expect(logarithmicPlaces(0.5, 12)).toEqual([0.5, 1, 2, 5, 10]);
    expect(logarithmicPlaces(0.5, 120)).toEqual([1, 3, 10, 30, 100]);
    expect(logarithmicPlaces(0.02, 900)).toEqual([0.1, 1, 10, 100]);
  });

  test('has round values also within one power of ten', () => {
    expect(logarithmicPlaces(0.76, 0.84).map((place) => Number(place.toFixed(6)))).toEqual([
      0.76, 0.78, 0.8, 0.82, 0.84,
    ]);
  });

  test('has two to six places, in order and in range, whatever the range', () => {
    for (let least = 1e-12; least < 1e12; least *= 7.3)
      for (let factor = 1.01; factor < 1e30; factor *= 3.1) {
        const places = logarithmicPlaces(least, least * factor);
        expect(places.length).toBeGreaterThanOrEqual(2);
        expect(places.length).toBeLessThanOrEqual(6);
        expect([...places].sort((a, b) => a - b)).toEqual(places);
        expect(places.every((place) => place >= least * 0.999999 && place <= least * factor * 1.000001)).toBe(
          true,
        );
      }
  });
});

test('curves of training and of test data differ in more than their colour', () => {
  const [train, test] = [trainSeries('grey'), testSeries('grey')];
  expect(train.dash).toBeUndefined();
  expect(train.width).toBeLessThan(test.width!);
  // A line needs two points, so that a single one is a dot.
  const { show: dots } = train.points!;
  const isDotted = (steps: readonly number[]) =>
    typeof dots === 'function' && dots({ data: [steps] } as never, 1, 0, 1);
  expect([[1], [1, 2], [1, 2, 3]].map(isDotted)).toEqual([true, false, false]);
  expect(test.dash).toEqual([5, 3]);
  // Points, of which few are shown.
  const chart = { data: [[], [], [0.1, null, 0.2]], width: 300 } as never;
  const { show } = test.points!;
  expect(typeof show === 'function' && show(chart, 2, 0, 2)).toBe(true);
});
