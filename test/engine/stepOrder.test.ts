/** Every layer that claims to ignore the order of steps, on each of its samples: reversed steps give reversed outputs, or the same one. */
import { describe, expect, it } from 'vitest';
import type { FloatArray } from '../../engine/kernels/tensor.ts';
import { conv1d } from '../../engine/layers/conv1d.ts';
import type { LayerDefinition, Sample, Tensor } from '../../engine/layers/define.ts';
import { lastStep } from '../../engine/layers/lastStep.ts';
import { positionalEncoding } from '../../engine/layers/positionalEncoding.ts';
import { layers } from '../../engine/layers/registry.ts';
import { simpleRnn } from '../../engine/layers/simpleRnn.ts';
import { standOn } from './layerHarness.ts';

/** Samples with several steps: indices of a sequence, or values at each step. Without lengths, because padding stays at the end. */
const sequences = ({ samples }: LayerDefinition): readonly Sample[] =>
  samples.filter(({ inputs, indicesBelow, lengths }) => {
    const [first] = inputs;
    return !lengths && first && first[0] > 1 && first.length >= (indicesBelow ? 1 : 2);
  });

/** The rows of each sample in reverse. A batch has shape [N, T, …]. */
function reversed({ shape: [batch, steps], data }: Tensor): FloatArray {
  const size = data.length / batch / steps;
  const result = data.slice() as FloatArray;
  for (let n = 0; n < batch; n++)
    for (let t = 0; t < steps; t++) {
      const from = (n * steps + (steps - 1 - t)) * size;
      result.set(data.subarray(from, from + size) as FloatArray, (n * steps + t) * size);
    }
  return result;
}

function ignoresOrder(definition: LayerDefinition, sample: Sample): boolean {
  const layer = standOn(definition, sample);
  const { inputs, output } = layer.pass;
  const steps = Math.max(...inputs.map(({ shape }) => shape[1]));
  layer.forward(false);
  const keepsSteps = output.shape[1] === steps && output.shape.length > 2;
  const wanted = keepsSteps ? reversed(output) : output.data.slice();
  for (const input of inputs) if (input.shape[1] === steps) input.data.set(reversed(input));
  layer.forward(false);
  return output.data.every((value, i) => Math.abs(value - wanted[i]) <= 1e-9);
}

describe('the order of steps', () => {
  for (const definition of layers as Iterable<LayerDefinition>) {
    const claims = sequences(definition).filter(({ attributes }) => {
      const given = { ...standardOf(definition), ...attributes };
      return definition.elementwise || definition.ignoresOrder?.(given as never);
    });
    it.each(claims.map((sample) => [sample.name, sample] as const))(
      `does not matter to ${definition.type}, as it claims: %s`,
      (_, sample) => {
        expect(ignoresOrder(definition, sample)).toBe(true);
      },
    );
  }

  it.each([conv1d, simpleRnn, positionalEncoding, lastStep] as unknown as LayerDefinition[])(
    'matters to $type, and the test would notice a false claim',
    (definition) => {
      expect(sequences(definition).some((sample) => !ignoresOrder(definition, sample))).toBe(true);
    },
  );
});

/** The defaults of all attributes. */
const standardOf = ({ attributes }: LayerDefinition) =>
  Object.fromEntries(Object.entries(attributes).map(([name, { default: value }]) => [name, value]));
