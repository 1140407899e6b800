/** Statistics as kinds: the log keeps the value of every statistic, and every view can show it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pictures } from '../../engine/layers/pictures.ts';
import { layers } from '../../engine/layers/registry.ts';
import { readEvent, writeEvent } from '../../engine/protocol/eventText.ts';
import type { LayerStats, Shape, ShapeValues } from '../../engine/stats/define.ts';
import { statsBadges } from '../../engine/stats/format.ts';
import { shownStatistics, statistics } from '../../engine/stats/registry.ts';

const number = fc.double({ noDefaultInfinity: false }).map((value) => value + 0);
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const values: { readonly [S in Shape]: fc.Arbitrary<ShapeValues[S]> } = {
  number,
  share: fc.option(number),
  series: fc.array(number),
  shares: fc.dictionary(fc.constantFrom('input', 'output'), fc.record({ shut: number, open: number })),
  numbers: fc.dictionary(fc.constantFrom('kernel', 'bias'), number),
  channels: fc.array(number),
  tracks: fc.dictionary(fc.constantFrom('input', 'output'), fc.record({ mean: fc.array(number) })),
  histogram: fc.record({
    scale: fc.constantFrom('linear', 'log'),
    low: finite,
    high: finite,
    counts: fc.array(fc.nat()),
    zeros: fc.nat(),
    notFinite: fc.nat(),
  }),
  pictures: fc.dictionary(
    fc.constantFrom('kernel', 'maps'),
    fc.array(number, { minLength: 1 }).map((row) => pictures(1, row.length, row)),
  ),
};

const layer = fc.record(Object.fromEntries(statistics.map(({ key, shape }) => [key, values[shape]])), {
  requiredKeys: [],
}) as fc.Arbitrary<LayerStats>;

const eventOf = (layers: { readonly [name: string]: LayerStats }) =>
  ({ event: 'stats', step: 1, layers }) as const;

/** Without the prototype that a generated record may lack. */
const plain = (stats: LayerStats): LayerStats => ({ ...stats });

describe('statistics', () => {
  it('of any layer come back from the log as they were written', () => {
    fc.assert(
      fc.property(layer, (stats) => {
        const event = eventOf({ a: plain(stats) });
        const line = writeEvent(event);
        expect(readEvent(line)).toEqual(event);
        expect(writeEvent(readEvent(line)!)).toBe(line);
      }),
      { seed: 10 },
    );
  });

  it('are grouped in the log by what they measure', () => {
    const line = writeEvent(
      eventOf({ a: { gradNorm: 2, mean: 1, gates: { forget: { shut: 0, open: 1 } } } }),
    );
    expect(JSON.parse(line).layers).toEqual({
      a: { activation: { mean: 1 }, gradient: { gradNorm: 2 }, gates: { forget: { shut: 0, open: 1 } } },
    });
  });

  it('that this version does not have are skipped, and those of an older log may be absent', () => {
    const layers = {
      a: { activation: { mean: 1, entropy: 3 }, portrait: [1], spectrum: { top: 2 } },
      b: {},
    };
    expect(readEvent(JSON.stringify(eventOf(layers as never)))).toEqual(eventOf({ a: { mean: 1 }, b: {} }));
  });

  it.each([
    { activation: 1 },
    { activation: null },
    { activation: { mean: '**0**' } },
    { gates: { f: 1 } },
    7,
  ])('of a wrong form are no statistics: %j', (stats) => {
    expect(readEvent(JSON.stringify({ event: 'stats', step: 1, layers: { a: stats } }))).toBeUndefined();
  });

  it('have a sentence for every measurement', () => {
    fc.assert(
      fc.property(layer, (stats) => {
        for (const { value } of statsBadges(plain(stats))) expect(value.trim()).not.toBe('');
        for (const { statistic } of shownStatistics(plain(stats)))
          expect(statistic.words!().meaning).toMatch(/\.$/);
      }),
      { seed: 11 },
    );
  });

  it('have one file and one line in the registry each', () => {
    const folder = 'engine/stats';
    const registry = readFileSync(join(folder, 'registry.ts'), 'utf8');
    const defined = readdirSync(folder).flatMap((file) => {
      const [, name, key] =
        /^export const (\w+) = (?:defineStatistic|detailStatistic)\(\{\s+key: '(\w+)'/m.exec(
          readFileSync(join(folder, file), 'utf8'),
        ) ?? [];
      return name ? [{ file, name, key }] : [];
    });
    for (const { file, name, key } of defined) {
      expect([file, key]).toEqual([`${name}.ts`, name]);
      expect(registry).toMatch(new RegExp(`^  ${name},$`, 'm'));
    }
    const ofLayers = layers.types.flatMap((type) => {
      const { statistics = [], details = [] } = layers.get(type);
      return [...statistics, ...details];
    });
    const keys = [...defined, ...ofLayers].map(({ key }) => key);
    expect(statistics.map(({ key }) => key).sort()).toEqual([...new Set(keys)].sort());
    // A statistic of a layer never hides one that every layer has, and means the same in all its layers.
    for (const { key, label, name } of ofLayers.map(({ key, words }) => ({ key, ...words!() }))) {
      expect(defined.map((one) => one.key)).not.toContain(key);
      const shown = statistics.find((one) => one.key === key)!.words!();
      expect([label, name]).toEqual([shown.label, shown.name]);
    }
  });

  it('are named by no view: views show values by their shape', () => {
    const keys = statistics.map(({ key }) => key).filter((key) => /[A-Z]/.test(key));
    const named = new RegExp(`\\b(?:${keys.join('|')})\\b`);
    const offences = ['webview', 'extension'].flatMap((room) =>
      readdirSync(room, { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.tsx?$/.test(file))
        .filter((file) => named.test(readFileSync(join(room, file), 'utf8')))
        .map((file) => `${room}/${file}`),
    );
    expect(offences).toEqual([]);
  });
});
