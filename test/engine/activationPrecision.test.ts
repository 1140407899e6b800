/** Activations against values with 60 digits, for inputs from ±6e-8 to ±100 and for extreme attributes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import { layers } from '../../engine/layers/registry.ts';
import { StandaloneLayer, type StandaloneSettings } from '../../engine/layers/standalone.ts';
import { load } from './wasmHarness.ts';

/** Computed with mpmath from the formulas. A name is the type of a layer, followed by "@" and its attribute. */
const exact = JSON.parse(readFileSync('test/fixtures/activations.json', 'utf8')) as {
  readonly x: readonly number[];
  readonly functions: {
    readonly [name: string]: {
      readonly attributes: { readonly [name: string]: number };
      readonly y: readonly number[];
      readonly slope: readonly number[];
    };
  };
};

const wasm = load('relaxed');
const settings: readonly (readonly [name: string, Partial<StandaloneSettings>, tolerance: number])[] = [
  ['float64', { float: 'float64', kernels: referenceKernels }, 1e-12],
  ['float32', { float: 'float32', kernels: referenceKernels }, 1e-6],
  ['the wasm backend', { float: 'float32', kernels: wasm.kernels, allocate: wasm.allocate }, 1e-6],
];

/** Their slope is computed from the output, so its absolute error is that of numbers near 1, however small it is. */
const slopesFromOutput = ['sigmoid', 'tanh'];

describe.each(settings)('in %s', (_, setting, tolerance) => {
  it.each(Object.entries(exact.functions))(
    '%s has the digits of its formula',
    (name, { attributes, y, slope }) => {
      const layer = new StandaloneLayer({
        definition: layers.get(name.split('@')[0]),
        attributes,
        inputs: [[exact.x.length]],
        batch: 1,
        float: 'float64',
        kernels: referenceKernels,
        ...setting,
      });
      const { input, output, gradInput, gradOutput } = layer.pass;
      input.data.set(exact.x);
      gradOutput.data.fill(1);
      layer.forward();
      layer.backward();
      exact.x.forEach((x, i) => {
        const show = `at ${x}: ${output.data[i]} for ${y[i]}, slope ${gradInput?.data[i]} for ${slope[i]}`;
        // Numbers below 1e-30 may become 0.
        expect(Math.abs(output.data[i] - y[i]), show).toBeLessThanOrEqual(tolerance * Math.abs(y[i]) + 1e-30);
        const scale = slopesFromOutput.includes(name) ? 1 : Math.abs(slope[i]);
        const error = Math.abs((gradInput?.data[i] ?? Number.NaN) - slope[i]);
        expect(error, show).toBeLessThanOrEqual(tolerance * scale + 1e-30);
      });
    },
  );
});
