/** Causal convolutions with a dilation as large as the sequence, against numbers of PyTorch 1.13 (F.conv1d over F.pad). */
import { describe, expect, it } from 'vitest';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import { layers } from '../../engine/layers/registry.ts';
import { StandaloneLayer } from '../../engine/layers/standalone.ts';
import { load } from './wasmHarness.ts';

const wasm = load('relaxed');
const cases = [
  { dilation: 3, y: [2.25, 4.25, 6.25, 7.25], dKernel: [0, 14.5, 117], dx: [-5.5, 17, 25, 29] },
  { dilation: 4, y: [2.25, 4.25, 6.25, 8.25], dKernel: [0, 0, 125], dx: [9, 17, 25, 33] },
  { dilation: 6, y: [2.25, 4.25, 6.25, 8.25], dKernel: [0, 0, 125], dx: [9, 17, 25, 33] },
];

describe.each([
  { backend: 'reference', float: 'float64', kernels: referenceKernels } as const,
  { backend: 'wasm', float: 'float32', kernels: wasm.kernels, allocate: wasm.allocate } as const,
])('on $backend', ({ backend: _, ...on }) => {
  it.each(cases)('a causal window of dilation $dilation over 4 steps', ({ dilation, y, dKernel, dx }) => {
    const layer = new StandaloneLayer({
      definition: layers.get('conv1d'),
      attributes: { filters: 1, kernelSize: 3, padding: 'causal', dilation },
      inputs: [[4, 1]],
      batch: 1,
      ...on,
    });
    const { input, parameters, output, gradOutput, gradInput, gradParameters } = layer.pass;
    const { kernel, bias } = parameters as { kernel: typeof input; bias: typeof input };
    input.data.set([1, 2, 3, 4]);
    kernel.data.set([0.5, -1, 2]);
    bias.data.set([0.25]);
    layer.forward();
    expect([...output.data]).toEqual(y);
    // The gradient of the loss Σ y².
    gradOutput.data.set(y.map((value) => 2 * value));
    layer.backward();
    expect([...(gradParameters as { kernel: typeof input }).kernel.data]).toEqual(dKernel);
    expect([...(gradInput?.data ?? [])]).toEqual(dx);
  });
});
