/** Random gestures on random networks: each is one edit, as small as it can be, and nothing that it does not concern changes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { layers as registry } from '../../engine/layers/registry.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { specEdit } from '../../engine/spec/specEdit.ts';
import { bypassLayers, freezeLayers, replaceLayers } from '../../webview/model/changingLayers.ts';
import {
  addLayer,
  connect,
  copyText,
  disconnect,
  duplicate,
  type Gesture,
  paste,
  removeLayers,
  renameLayer,
} from '../../webview/model/gestures.ts';
import type { NetworkView } from '../../webview/model/network.ts';
import { runs, seed } from '../hostile/effort.ts';
import { viewOf } from './network.ts';

const text = `{
  // A network with notes.
  "format": 1,
  "layers": {
    "image": { "type": "input", "shape": [12, 12, 3] },
    // What follows is read twice.
    "stem": { "type": "conv2d", "from": "image", "filters": 4, "kernelSize": 3, "padding": "same" }, // stem
    "left": { "type": "conv2d", "from": "stem", "filters": 4, "kernelSize": 3, "padding": "same" },
    "relu1": { "type": "relu", "from": "left" }, /* half of it */
    "right": { "from": "stem", "type": "conv2d", "filters": 4,   "kernelSize": 1 },
    "sum": { "type": "add", "from": ["relu1", "right", "stem"] },
    "flat": { "type": "flatten", "from": "sum" },
    "out": { "type": "dense", "from": "flat", "units": 4 } // four classes
  },
  "training": { "data": "shapes", "loss": { "type": "softmaxCrossEntropy", "from": "out" }, "optimizer": "sgd" },
  "layout": { "right": [300, 80] }
}
`;

interface Draws {
  readonly a: number;
  readonly b: number;
  readonly kind: number;
}

const pick = <T>(items: readonly T[], draw: number): T => items[draw % items.length];

type Make = (view: NetworkView, draws: Draws) => Gesture | undefined;

const nameOf = ({ layers }: NetworkView, draw: number): string => pick(layers, draw).name;

const makers: readonly Make[] = [
  (view, { a, kind }) =>
    addLayer(view, pick(registry.types, kind), { place: 'after', layers: [nameOf(view, a)] }),
  (view, { a, kind }) => addLayer(view, pick(registry.types, kind), { place: 'point', position: [a, kind] }),
  (view, { a, kind }) => {
    const edges = view.layers.flatMap(({ name, from }) => from.map((_, index) => ({ to: name, index })));
    return edges.length === 0
      ? undefined
      : addLayer(view, pick(registry.types, kind), { place: 'edge', edge: pick(edges, a) });
  },
  (view, { a, b }) => removeLayers([...new Set([nameOf(view, a), nameOf(view, b)])], a % 2 === 0),
  (view, { a, kind }) => replaceLayers(view, [nameOf(view, a)], pick(registry.types, kind)),
  (view, { a, b }) => bypassLayers(view, [nameOf(view, a), nameOf(view, b)]),
  (view, { a, b }) => freezeLayers(view, [nameOf(view, a), nameOf(view, b)]),
  (view, { a, b }) => duplicate(view, [nameOf(view, a), nameOf(view, b)]),
  (view, { a, b }) => paste(view, copyText(view, [nameOf(view, a), nameOf(view, b)])),
  (view, { a, b }) => connect({ layer: nameOf(view, a) }, { to: nameOf(view, b), index: 0 }),
  (view, { a }) => {
    const { name, from } = pick(view.layers, a);
    return from.length === 0 ? undefined : disconnect([{ to: name, index: a % from.length }]);
  },
  (view, { a, b }) => renameLayer(nameOf(view, a), `renamed${b}`),
  (view, { a, b }) => ({
    edit: { kind: 'setNote', layer: nameOf(view, a), text: b % 3 === 0 ? '' : `note ${b}` },
  }),
];

const draws = fc.record({
  maker: fc.nat(makers.length - 1),
  a: fc.nat(1000),
  b: fc.nat(1000),
  kind: fc.nat(1000),
});

const linesOf = (of: string): ReadonlyMap<string, string> => {
  const { layerRanges } = analyze(of);
  return new Map([...layerRanges].map(([name, { whole }]) => [name, of.slice(whole.start, whole.end)]));
};

describe('random gestures', () => {
  test('are each one edit that the link takes, and change the text of no layer that they do not concern', () => {
    fc.assert(
      fc.property(fc.array(draws, { minLength: 1, maxLength: 8 }), (steps) => {
        let now = text;
        for (const { maker, ...drawn } of steps) {
          const view = viewOf(now);
          if (view.layers.length === 0) return;
          const gesture = makers[maker](view, drawn);
          if (!gesture) continue;
          expect(specEdit(JSON.parse(JSON.stringify(gesture.edit)))).toBeDefined();
          const outcome = applyEdit(now, gesture.edit);
          if ('problem' in outcome) continue;
          const after = applyChanges(now, outcome.changes);
          const analysis = analyze(after);
          expect(analysis.readable, after).toBe(true);
          for (const name of gesture.select ?? []) expect(analysis.layerRanges.has(name), name).toBe(true);
          const concerned = JSON.stringify(gesture.edit);
          const [before, then] = [linesOf(now), linesOf(after)];
          for (const [name, line] of before) {
            const reads = view.byName
              .get(name)!
              .from.some(({ layer }) => concerned.includes(JSON.stringify(layer)));
            if (!concerned.includes(JSON.stringify(name)) && !reads) expect(then.get(name)).toBe(line);
          }
          // Outside of the layers and places, nothing changes, except for the loss that read a layer.
          expect(after.startsWith('{\n  // A network with notes.\n  "format": 1,')).toBe(true);
          now = after;
        }
      }),
      { seed, numRuns: runs(200) },
    );
  });

  test('that change nothing do not change the text', () => {
    const view = viewOf(text);
    const untouched: readonly Gesture[] = [
      { edit: { kind: 'setNote', layer: 'out', text: 'four classes' } },
      { edit: { kind: 'renameLayer', name: 'out', newName: 'out' } },
      { edit: { kind: 'connect', from: { layer: 'flat' }, to: 'out', index: 0 } },
      { edit: { kind: 'moveLayers', positions: { right: [300, 80] } } },
    ];
    for (const { edit } of untouched) expect(applyEdit(text, edit)).toEqual({ changes: [] });
    expect(replaceLayers(view, ['out'], 'dense')).toBeUndefined();
    expect(freezeLayers(view, ['flat'])).toBeUndefined();
    expect(bypassLayers(view, ['image'])).toBeUndefined();
  });

  test('on several layers copy their inner connections and what they share', () => {
    const shared = text.replace('"kernelSize": 1 }', '"kernelSize": 1, "shares": "left" }');
    const view = viewOf(shared);
    const outcome = applyEdit(shared, duplicate(view, ['left', 'relu1', 'right'])!.edit);
    if ('problem' in outcome) throw new Error(outcome.problem);
    const after = viewOf(applyChanges(shared, outcome.changes));
    expect(after.byName.get('relu2')?.from).toEqual([{ layer: 'left2' }]);
    expect(after.byName.get('right2')?.given.shares).toBe('left2');
  });
});
