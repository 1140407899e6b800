/** The documentation and flags of activations agree with what they compute. */
import { describe, expect, it } from 'vitest';
import { normalCdf } from '../../engine/kernels/normalCdf.ts';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import type { LayerDefinition } from '../../engine/layers/define.ts';
import { layers } from '../../engine/layers/registry.ts';
import { StandaloneLayer } from '../../engine/layers/standalone.ts';

/** Activations that compute each element separately and have no parameters: not the softmaxes, and not pRelu. */
const elementwise = [...layers].filter(
  ({ type, category }) => category === 'activation' && !['softmax', 'logSoftmax', 'pRelu'].includes(type),
);

interface Curve {
  readonly y: Float64Array;
  readonly slope: Float64Array;
}

function curve(definition: LayerDefinition, x: readonly number[]): Curve {
  const layer = new StandaloneLayer({
    definition,
    inputs: [[x.length]],
    batch: 1,
    float: 'float64',
    kernels: referenceKernels,
  });
  layer.pass.input.data.set(x);
  layer.pass.gradOutput.data.fill(1);
  layer.forward(false);
  layer.backward();
  return { y: layer.pass.output.data as Float64Array, slope: layer.pass.gradInput?.data as Float64Array };
}

const defaultsOf = ({ attributes }: LayerDefinition) =>
  Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, attribute.default]));

const grid = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 100);

describe.each(elementwise.map((definition) => [definition.type, definition] as const))(
  '%s',
  (_type, definition) => {
    const { y, slope } = curve(definition, grid);

    it('stays finite far from zero', () => {
      const far = curve(definition, [-1e30, -1e4, -800, 800, 1e4, 1e30]);
      expect([...far.y, ...far.slope].filter((value) => !Number.isFinite(value))).toEqual([]);
    });

    it('passes NaN on, so that it is detected', () => {
      expect(curve(definition, [Number.NaN]).y[0]).toBeNaN();
    });

    it('declares that it is max(0, x) exactly if it is, also for infinity', () => {
      const all = [Number.NEGATIVE_INFINITY, ...grid, Number.POSITIVE_INFINITY];
      const found = curve(definition, all).y;
      expect(definition.isPositivePart ?? false).toBe(all.every((x, i) => found[i] === Math.max(0, x)));
    });

    it('declares that it can die exactly if it learns nothing at outputs that are not above zero', () => {
      const silent = grid.map((_, i) => i).filter((i) => y[i] <= 0);
      const dies = silent.length > 0 && silent.every((i) => slope[i] === 0);
      expect(definition.canDie ?? false).toBe(dies);
    });

    it('reaches the whole declared range, and nothing beyond it', () => {
      const { least, most } = definition.reach?.(defaultsOf(definition) as never) ?? {};
      const [lowest, highest] = [Math.min(...y), Math.max(...y)];
      if (least === undefined) expect(lowest).toBeLessThan(-0.1);
      else expect(Math.abs(lowest - least)).toBeLessThan(0.06);
      if (most === undefined) expect(highest).toBeGreaterThan(15);
      else expect(Math.abs(highest - most)).toBeLessThan(0.06);
    });

    it('has saturation bounds within its range, and hardly learns beyond them', () => {
      const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } =
        definition.saturationBounds?.(defaultsOf(definition) as never) ?? {};
      const beyond = grid.map((_, i) => i).filter((i) => y[i] < low || y[i] > high);
      expect(beyond.length > 0).toBe(definition.saturationBounds !== undefined);
      for (const i of beyond) expect(slope[i]).toBeLessThan(0.06);
    });
  },
);

describe('the documentation', () => {
  const of = (type: string): Curve => curve(layers.get(type), grid);

  it('is right that tanh(x) = 2·sigmoid(2x) − 1', () => {
    const doubled = curve(
      layers.get('sigmoid'),
      grid.map((x) => 2 * x),
    ).y;
    of('tanh').y.forEach((value, i) => {
      expect(Math.abs(value - (2 * doubled[i] - 1))).toBeLessThan(1e-15);
    });
  });

  it('is right that the slope of sigmoid is at most 1/4, of tanh and softsign at most 1, all at 0', () => {
    const steepest = (type: string): [number, number] => {
      const { slope } = of(type);
      const most = Math.max(...slope);
      return [grid[slope.indexOf(most)], most];
    };
    expect(steepest('sigmoid')).toEqual([0, 0.25]);
    expect(steepest('tanh')).toEqual([0, 1]);
    expect(steepest('softsign')).toEqual([0, 1]);
  });

  it.each([
    ['gelu', -0.17, -0.13, 1.13],
    ['silu', -0.28, -0.1, 1.1],
    ['mish', -0.31, -0.12, 1.09],
    ['hardSwish', -0.375, -0.5, 1.5],
  ])('is right about the lowest output and the slopes of %s', (type, lowest, flattest, steepest) => {
    const { y, slope } = of(type);
    expect(Math.min(...y)).toBeCloseTo(lowest, 2);
    expect(Math.min(...slope)).toBeGreaterThanOrEqual(flattest);
    expect(Math.max(...slope)).toBeLessThanOrEqual(steepest);
  });

  it('is right that the two forms of gelu differ by less than 0.0005', () => {
    const gelu = layers.get('gelu');
    const layer = new StandaloneLayer({
      definition: gelu,
      attributes: { approximation: 'tanh' },
      inputs: [[grid.length]],
      batch: 1,
      float: 'float64',
      kernels: referenceKernels,
    });
    layer.pass.input.data.set(grid);
    layer.forward();
    const exact = of('gelu').y;
    const gaps = [...layer.pass.output.data].map((value, i) => Math.abs(value - exact[i]));
    expect(Math.max(...gaps)).toBeLessThan(0.0005);
    expect(Math.max(...gaps)).toBeGreaterThan(0.0001);
  });
});

it('the normal distribution function is that of the tables', () => {
  // Computed with 40 digits.
  const table: [number, number][] = [
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1, 0.15865525393145705],
    [-2.5, 0.006209665325776135],
    [-6, 9.86587645037698e-10],
    [-15, 3.670966199312751e-51],
  ];
  for (const [x, expected] of table) expect(Math.abs(normalCdf(x) / expected - 1)).toBeLessThan(2e-13);
});
