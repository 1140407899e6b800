/** Statistics of recurrent layers: the gradient at each time step, and how far gates are open. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { gradThroughTime } from '../../engine/layers/recurrent/statistics.ts';
import { layers } from '../../engine/layers/registry.ts';
import type { StandaloneLayer } from '../../engine/layers/standalone.ts';
import type { MeasuredStatistic } from '../../engine/layers/statistic.ts';
import { OwnProbe } from '../../engine/stats/ownProbe.ts';
import { build, check, features, hiddenSize, type Named, run } from './recurrentLayers.ts';

/** The norms that `gradThroughTime` measures, also beyond the longest sample. */
function normsOf(pass: StandaloneLayer['pass'], time: number): Float64Array {
  const norms = new Float64Array(time + 1).fill(Number.NaN);
  gradThroughTime.measure(pass, norms, []);
  return norms.subarray(0, time);
}

/** The pass of a layer whose recurrent kernel halves the gradient at each step back. The gradient of each output has the norm 5. */
function halving(time: number, goBackwards: boolean, lengths: readonly number[] | undefined) {
  const batch = lengths?.length ?? 1;
  const attributes = { hiddenSize: 2, activation: 'relu', goBackwards };
  const setting = { type: 'simpleRnn', attributes, inputs: [[time, 1]], batch };
  const layer = build(lengths ? { ...setting, lengths } : setting);
  const { pass } = layer;
  const { kernel, recurrentKernel, bias } = pass.parameters as Named;
  kernel.data.fill(1);
  recurrentKernel.data.set([0.5, 0, 0, 0.5]);
  bias.data.fill(0);
  pass.input.data.fill(1);
  pass.gradOutput.data.set(Array.from({ length: batch }, () => [3, 4]).flat());
  (pass.gradExtraOutputs as Named).hidden.data.fill(0);
  run(layer);
  return pass;
}

describe('the gradient through time', () => {
  it.each([false, true])(
    'shrinks by the factor of the recurrent kernel at each step back, goBackwards: %s',
    (goBackwards) => {
      const time = 6;
      const norms = normsOf(halving(time, goBackwards, undefined), time);
      check(
        norms,
        norms.map((_, t) => 5 * 0.5 ** (time - 1 - t)),
        'norms',
      );
    },
  );

  it.each([false, true])(
    'is that of a sample of any length, at the same distance from its end, goBackwards: %s',
    (goBackwards) => {
      const time = 6;
      const norms = normsOf(halving(time, goBackwards, [2, 5, 3]), time).subarray(0, 5);
      check(
        norms,
        norms.map((_, t) => 5 * Math.sqrt(3) * 0.5 ** (4 - t)),
        'norms',
      );
    },
  );

  it.each(['simpleRnn', 'lstm', 'gru'])(
    'of %s is measured by real time, also backwards and beyond a length',
    (type) => {
      const time = 5;
      const attributes = { hiddenSize, bidirectional: true, returnSequences: true };
      const lengths = [3, 2];
      const layer = build({ type, attributes, inputs: [[time, features]], batch: 2, lengths });
      run(layer);
      const norms = normsOf(layer.pass, time);
      for (let t = 0; t < time; t++) expect(norms[t] > 0).toBe(t < 3);
    },
  );

  it('is the gradient that reaches the state before, at the first step', () => {
    const attributes = { hiddenSize, returnSequences: true };
    const whole = run(build({ type: 'gru', attributes, inputs: [[4, features]], batch: 2 }));
    const norms = normsOf(whole.pass, 4);
    // At the last step, no gradient comes back from later steps: it is the sum of those of the output and of the final state.
    let squares = 0;
    for (const b of [0, 1])
      for (let i = 0; i < hiddenSize; i++) {
        const final = (whole.pass.gradExtraOutputs as Named).hidden.data[b * hiddenSize + i];
        squares += (whole.pass.gradOutput.data[(b * 4 + 3) * hiddenSize + i] + final) ** 2;
      }
    expect(norms[3]).toBeCloseTo(Math.sqrt(squares), 12);
  });
});

describe('gate statistics', () => {
  it('report which gates are closed and which are open, over real steps only', () => {
    const attributes = { hiddenSize: 2 };
    const layer = build({ type: 'lstm', attributes, inputs: [[3, 1]], batch: 2, lengths: [3, 1] });
    const { kernel, recurrentKernel, bias } = layer.pass.parameters as Named;
    kernel.data.fill(0);
    recurrentKernel.data.fill(0);
    bias.data.set([-9, -9, 9, 9, 0, 0, 9, 0]);
    layer.forward();
    layer.backward();
    const { definition, inferred } = layer;
    const sized = { attributes, inputs: [[3, 1]], output: inferred.output };
    const probe = new OwnProbe(definition, sized, referenceBackend);
    probe.measure('backward', layer.pass, []);
    const { gates, ...norms } = probe.read(true);
    expect(gates).toEqual({
      input: { shut: 1, open: 0 },
      forget: { shut: 0, open: 1 },
      output: { shut: 0, open: 0.5 },
    });
    expect(norms.gradThroughTime).toHaveLength(3);
    expect(probe.read(false)).toEqual({});
  });

  it('name the gates of a GRU, and none of a simple RNN', () => {
    const statisticsOf = (type: string) => layers.get(type).statistics ?? [];
    const gates = statisticsOf('gru').find(({ key }) => key === 'gates') as MeasuredStatistic<'shares'>;
    expect(Object.keys(gates.value(new Float64Array(4)))).toEqual(['update', 'reset']);
    expect(statisticsOf('simpleRnn').map(({ key }) => key)).toEqual(['gradThroughTime', 'effectiveMemory']);
  });
});
