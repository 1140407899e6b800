/**
 * A plain layout in time proportional to the network: each layer stands one row behind the last it reads. For networks on
 * which dagre would take seconds or run out of stack: deep ones, and those in which everything reads everything.
 */
export type Direction = 'down' | 'right';
export type Point = readonly [x: number, y: number];

export interface Placeable {
  readonly name: string;
  readonly from: readonly { readonly layer: string }[];
}

/** Rows by longest path. Layers on a cycle, which only a faulty text has, come after all others. */
export function rowsOf(layers: readonly Placeable[]): ReadonlyMap<string, number> {
  const known = new Set(layers.map(({ name }) => name));
  const sources = new Map(
    layers.map(({ name, from }) => [
      name,
      new Set(from.map(({ layer }) => layer).filter((layer) => layer !== name && known.has(layer))),
    ]),
  );
  const readers = new Map<string, string[]>(layers.map(({ name }) => [name, []]));
  for (const [name, read] of sources) for (const source of read) readers.get(source)!.push(name);
  const waiting = new Map([...sources].map(([name, read]) => [name, read.size]));
  const ready = layers.filter(({ name }) => waiting.get(name) === 0).map(({ name }) => name);
  const rows = new Map(ready.map((name) => [name, 0]));
  let last = 0;
  for (const name of ready)
    for (const reader of readers.get(name)!) {
      const row = Math.max(rows.get(reader) ?? 0, rows.get(name)! + 1);
      rows.set(reader, row);
      last = Math.max(last, row);
      const left = waiting.get(reader)! - 1;
      waiting.set(reader, left);
      if (left === 0) ready.push(reader);
    }
  for (const { name } of layers) if (waiting.get(name)! > 0) rows.set(name, last + 1);
  return rows;
}

/** How many cards dagre would lay out, those it adds on the way of long connections included. */
export function effortOf(layers: readonly Placeable[]): number {
  const rows = rowsOf(layers);
  let effort = layers.length;
  for (const { name, from } of layers)
    for (const { layer } of from) {
      const row = rows.get(layer);
      if (row !== undefined) effort += Math.max(1, Math.abs(rows.get(name)! - row));
    }
  return effort;
}

/** Upper left corners, rows one under another (or side by side) and each centred on the first. `step` is from corner to corner. */
export function placeInRows(
  layers: readonly Placeable[],
  along: Direction,
  step: { readonly row: number; readonly beside: number },
): ReadonlyMap<string, Point> {
  const byRow = new Map<number, string[]>();
  for (const [name, row] of rowsOf(layers)) {
    const there = byRow.get(row);
    if (there) there.push(name);
    else byRow.set(row, [name]);
  }
  const positions = new Map<string, Point>();
  for (const [row, names] of byRow)
    for (const [index, name] of names.entries()) {
      const beside = (index - (names.length - 1) / 2) * step.beside;
      positions.set(name, along === 'down' ? [beside, row * step.row] : [row * step.row, beside]);
    }
  return positions;
}
