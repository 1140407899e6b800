/**
 * Events as text, one JSON object a line: in the run log, from `netloom --json`, and to the graph editor. JSON has no NaN and
 * no infinity, which a run that diverges does report: they are written as "NaN", "Infinity" and "-Infinity".
 * A log comes with a folder, and so perhaps from a stranger: every field that is read is checked and copied, so that views
 * get nothing but numbers and texts where they expect them.
 */
import { specEdit } from '../spec/specEdit.ts';
import type { LayerStats, NetworkStats, Shape, ShapeValues } from '../stats/define.ts';
import { statistics } from '../stats/registry.ts';
import type { TrainingEvent } from './events.ts';

/** Without the end of the line. */
export function writeEvent(event: TrainingEvent): string {
  const written = event.event === 'stats' ? { ...event, layers: grouped(event.layers) } : event;
  return JSON.stringify(written, (_, value) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
}

/** The statistics of each layer by what they are measured of: `{ "activation": { "mean": … }, "gradient": … }`. */
const grouped = (layers: NetworkStats): object =>
  Object.fromEntries(Object.entries(layers).map(([name, stats]) => [name, groupedLayer(stats)]));

function groupedLayer(stats: LayerStats): object {
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

type Reader<T> = (value: unknown) => T;
type Fields = { readonly [name: string]: Reader<unknown> };
type Read<F extends Fields> = { readonly [K in keyof F]: ReturnType<F[K]> };

/** Thrown for a line that no run writes. */
class Malformed extends Error {}

function must<T>(good: boolean, value: unknown): T {
  if (!good) throw new Malformed();
  return value as T;
}

const notFinite: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  // Logs of version 0.1 do not tell the three apart.
  [null, Number.NaN],
]);

const number: Reader<number> = (value) => notFinite.get(value) ?? must(typeof value === 'number', value);

const numberOrNull: Reader<number | null> = (value) => (value === null ? null : number(value));

const text: Reader<string> = (value) => must(typeof value === 'string', value);

const step: Reader<string | number> = (value) =>
  must(typeof value === 'string' || typeof value === 'number', value);

const object: Reader<object> = (value) =>
  must(typeof value === 'object' && value !== null && !Array.isArray(value), value);

const list =
  <T>(item: Reader<T>): Reader<readonly T[]> =>
  (value) =>
    must<readonly unknown[]>(Array.isArray(value), value).map(item);

const record =
  <T>(item: Reader<T>): Reader<{ readonly [name: string]: T }> =>
  (value) =>
    Object.fromEntries(Object.entries(object(value)).map(([name, entry]) => [name, item(entry)]));

/** All of `needed`, and those of `optional` that are there. */
const fields =
  <N extends Fields, O extends Fields = Record<never, never>>(
    needed: N,
    optional?: O,
  ): Reader<Read<N> & Partial<Read<O>>> =>
  (value) => {
    const given = object(value) as { readonly [name: string]: unknown };
    const there = Object.entries(optional ?? {}).filter(([name]) => given[name] !== undefined);
    const read = [...Object.entries(needed), ...there].map(([name, reader]) => [name, reader(given[name])]);
    return Object.fromEntries(read) as Read<N> & Partial<Read<O>>;
  };

const oneOf =
  <const T extends string>(...values: readonly T[]): Reader<T> =>
  (value) =>
    must((values as readonly unknown[]).includes(value), value);

const scores = (value: unknown) => ({ ...record(number)(value), ...fields({ loss: number })(value) });

const point = fields({ step: number, loss: number, metrics: record(number) }, { penalty: number });

const shapes: { readonly [S in Shape]: Reader<ShapeValues[S]> } = {
  number,
  share: numberOrNull,
  series: list(number),
  shares: record(record(number)),
};

/** Statistics that this version does not know are passed over. */
const layer: Reader<LayerStats> = (value) => {
  const groups = object(value) as { readonly [place: string]: unknown };
  const stats: { [key: string]: ShapeValues[Shape] } = {};
  for (const { key, at, shape } of statistics) {
    const group = at === 'layer' ? groups : groups[at];
    const given =
      group === undefined ? undefined : (object(group) as { readonly [key: string]: unknown })[key];
    if (given !== undefined) stats[key] = shapes[shape](given);
  }
  return stats;
};

const warnings = list(fields({ code: text, message: text, path: list(step) }));

type Readers = { readonly [E in TrainingEvent['event']]: Reader<Extract<TrainingEvent, { event: E }>> };

const readers: Readers = {
  plan: fields(
    {
      event: oneOf('plan'),
      parameters: number,
      memoryBytes: number,
      backend: text,
      trainSamples: number,
      testSamples: number,
      batchSize: number,
      stepsPerEpoch: number,
      epochs: number,
    },
    {
      warnings,
      memory: fields({
        network: number,
        kernels: number,
        data: number,
        weights: number,
        bookkeeping: number,
      }),
    },
  ),
  step: fields(
    {
      event: oneOf('step'),
      step: number,
      epoch: number,
      loss: number,
      metrics: record(number),
      samplesPerSecond: number,
      points: list(point),
    },
    { penalty: number },
  ),
  stats: fields({ event: oneOf('stats'), step: number, layers: record(layer) }),
  epoch: fields(
    { event: oneOf('epoch'), epoch: number, step: number, train: scores, seconds: number },
    { test: scores, penalty: number },
  ),
  evaluation: fields(
    { event: oneOf('evaluation'), test: scores, samples: number, seconds: number },
    { split: oneOf('test', 'train'), warnings },
  ),
  finding: fields(
    {
      event: oneOf('finding'),
      code: text,
      severity: oneOf('error', 'warning', 'info'),
      step: number,
      evidence: fields({ value: number, limit: number }),
      message: text,
      path: list(step),
    },
    { layer: text, fix: fields({ title: text, edit: specEdit }) },
  ),
  warning: fields({ event: oneOf('warning'), step: number, code: text, message: text }),
  end: fields(
    { event: oneOf('end'), reason: oneOf('finished', 'stopped', 'failed'), step: number },
    { restoredEpoch: number, message: text, code: text, path: list(step), folder: text },
  ),
};

/** Nothing for a line that was cut off or that no run writes. */
export function readEvent(line: string): TrainingEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const { event } = fields({ event: text })(value);
    return Object.hasOwn(readers, event) ? readers[event as TrainingEvent['event']](value) : undefined;
  } catch {
    return undefined;
  }
}
