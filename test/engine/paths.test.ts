/** Whether two layers are on one path, asked for many pairs. */
import { expect, it } from 'vitest';
import { behind } from '../../engine/diagnose/network.ts';
import { Paths } from '../../engine/diagnose/paths.ts';
import { analyze } from '../../engine/graph/analyze.ts';

it('two layers are on one path if one of them depends on the other one, in a graph of more than 32 layers', () => {
  const layers: { [name: string]: object } = { data: { type: 'input', shape: [2] } };
  for (const branch of ['a', 'b'])
    for (let depth = 0; depth < 20; depth++)
      layers[`${branch}${depth}`] = { type: 'relu', from: depth === 0 ? 'data' : `${branch}${depth - 1}` };
  layers.both = { type: 'add', from: ['a19', 'b10'] };
  const { graph } = analyze(JSON.stringify({ layers }));
  const paths = new Paths(graph);
  const names = graph.layers.map(({ name }) => name);
  const reaches = (from: string, to: string) => behind(graph, from).some(({ name }) => name === to);
  for (const one of names)
    for (const other of names)
      expect(paths.areJoined(one, other)).toBe(one === other || reaches(one, other) || reaches(other, one));
  expect(paths.areJoined('a3', 'b3')).toBe(false);
  expect(paths.areJoined('b11', 'both')).toBe(false);
  expect(paths.areJoined(undefined, 'a3')).toBe(true);
});
