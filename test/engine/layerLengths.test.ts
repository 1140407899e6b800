/** Every layer, on each of its samples and with each axis as time: padding has no influence, or the layer refuses it. */
import { describe, expect, it } from 'vitest';
import { conv1d } from '../../engine/layers/conv1d.ts';
import type { LayerDefinition, Pass } from '../../engine/layers/define.ts';
import { flatten } from '../../engine/layers/flatten.ts';
import { layers } from '../../engine/layers/registry.ts';
import { checkPadding, flowOf, type Setting, timeCases } from './lengthsHarness.ts';
import { load } from './wasmHarness.ts';

const settings: readonly (readonly [name: string, Setting])[] = [
  ['the reference kernels', { float: 'float64' }],
  ['the wasm backend', { float: 'float32', backend: load('relaxed') }],
];

describe.each(settings)('on %s', (_, setting) => {
  for (const definition of layers) {
    if (definition.inputs?.length === 0) continue;
    const cases = definition.samples.flatMap((sample) => timeCases(definition, sample));
    it.each(cases.map((one) => [one.sample.name, one.axis + 1, one.axes.length, one] as const))(
      `${definition.type} leaves padding out, or refuses it: %s, time as axis %i of %i`,
      (_name, _axis, _count, one) => {
        const flow = flowOf(one);
        if (typeof flow === 'string') {
          expect(flow).toMatch(/sequences of the data differ in length/);
          return;
        }
        const { length } = one;
        checkPadding(one, setting, [length, Math.ceil(length / 2), 1]);
        checkPadding(one, setting, [1, 0, length - 1]);
      },
    );
  }
});

describe('a false claim', () => {
  const keeps = { time: () => ({ axis: 0 }) };
  const blind = (definition: LayerDefinition): LayerDefinition => ({
    ...definition,
    forward: (pass: Pass) => definition.forward({ ...pass, lengths: undefined }),
  });
  const wrong: readonly (readonly [name: string, LayerDefinition])[] = [
    ['that a convolution leaves padding out', blind(conv1d)],
    ['that a flattened sequence keeps its steps', { ...flatten, ...keeps }],
    ['that a strided convolution keeps the length', { ...(conv1d as LayerDefinition), ...keeps }],
    ['that a softmax over time needs no lengths', blind(layers.get('softmax'))],
  ];
  it.each(wrong)('%s is caught', (_name, definition) => {
    const cases = definition.samples.flatMap((sample) => timeCases(definition, sample));
    expect(() => {
      for (const one of cases)
        if (typeof flowOf(one) !== 'string')
          checkPadding(one, { float: 'float64' }, [one.length, Math.ceil(one.length / 2), 1]);
    }).toThrow();
  });
});
