/** The statistics of every layer in one step. */
import { count, type Fields, object, type Reader, record } from '../../schema/reader.ts';
import type { LayerStats, NetworkStats, Shape, ShapeValues } from '../../stats/define.ts';
import { statistics } from '../../stats/registry.ts';
import { shapeReaders } from '../../stats/shapeReaders.ts';
import { defineEvent, type Treatment } from './define.ts';

/** Passes over statistics that this version does not know. */
const layerStats: Reader<LayerStats> = (value) => {
  const given = object(value);
  const stats: { [key: string]: ShapeValues[Shape] } = {};
  for (const { key, shape } of statistics)
    if (Object.hasOwn(given, key) && given[key] !== undefined) stats[key] = shapeReaders[shape](given[key]);
  return stats;
};

/** The fields of every event with statistics. */
export const statsFields = { step: count, layers: record(layerStats) as Reader<NetworkStats> };

export const statsTreatment: Treatment<Fields<typeof statsFields>> = {
  together: (_, event) => [event],
  line: {
    write: (event) => ({ ...event, layers: eachLayer(event.layers, grouped) }),
    read: (given) => {
      const event = object(given);
      return { ...event, layers: eachLayer(object(event.layers), ungrouped) };
    },
  },
};

export const stats = defineEvent(statsFields, statsTreatment);

const eachLayer = <T>(layers: { readonly [name: string]: T }, convert: (layer: T) => object): object =>
  Object.fromEntries(Object.entries(layers).map(([name, layer]) => [name, convert(layer)]));

/** Grouped by what is measured: `{ "activation": { "mean": … }, "gradient": … }`. */
function grouped(stats: LayerStats): object {
  const groups: { [place: string]: { [key: string]: unknown } } = {};
  const layer: { [key: string]: unknown } = groups;
  for (const { key, at } of statistics) {
    if (!Object.hasOwn(stats, key)) continue;
    if (at === 'layer') layer[key] = stats[key];
    else {
      groups[at] ??= {};
      groups[at][key] = stats[key];
    }
  }
  return layer;
}

function ungrouped(value: unknown): object {
  const layer = object(value);
  const stats: { [key: string]: unknown } = {};
  for (const { key, at } of statistics) {
    const group = at === 'layer' ? layer : layer[at];
    if (group !== undefined) stats[key] = object(group)[key];
  }
  return stats;
}
