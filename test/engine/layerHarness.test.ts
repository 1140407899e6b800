/** The harness must detect each kind of mistake for which it has a property. */
import { describe, expect, it } from 'vitest';
import type { BackwardPass, LayerDefinition, Pass } from '../../engine/layers/define.ts';
import { dense } from '../../engine/layers/dense.ts';
import { checkLayer } from './layerHarness.ts';

const correct: LayerDefinition = dense;
const sample = dense.samples[0];

const mistakes: { readonly [name: string]: Partial<LayerDefinition> } = {
  'a gradient that is 0.1 % too large': {
    backward(pass: BackwardPass) {
      const before = pass.gradParameters.kernel.data.slice();
      correct.backward(pass);
      pass.gradParameters.kernel.data.forEach((value, i, all) => {
        all[i] = before[i] + 1.001 * (value - before[i]);
      });
    },
  },
  'a gradient that is missing': {
    backward(pass: BackwardPass) {
      correct.backward({ ...pass, gradInput: undefined });
    },
  },
  'a gradient that overwrites': {
    backward(pass: BackwardPass) {
      pass.gradInput?.data.fill(0);
      correct.backward(pass);
    },
  },
  'an input that changes': {
    forward(pass: Pass) {
      correct.forward(pass);
      pass.input.data[0] = 0;
    },
  },
  'an output that is not written whole': {
    forward(pass: Pass) {
      const kept = pass.output.data[0];
      correct.forward(pass);
      pass.output.data[0] = kept;
    },
  },
  'rows written beyond the batch': {
    forward(pass: Pass) {
      correct.forward({ ...pass, batch: pass.output.shape[0] });
    },
  },
  'an output that depends on other rows': {
    forward(pass: Pass) {
      correct.forward(pass);
      if (pass.batch > 1) pass.output.data[0] += 1;
    },
  },
  'an input gradient that is taken for granted': {
    backward(pass: BackwardPass) {
      correct.backward(pass);
      pass.gradParameters.kernel.data[0] += pass.gradInput ? 0 : 1;
    },
  },
};

describe('the layer harness', () => {
  it('accepts a correct layer', () => {
    checkLayer(correct, sample);
  });

  it.each(Object.entries(mistakes))('catches %s', (_, mistake) => {
    expect(() => checkLayer({ ...correct, ...mistake }, sample)).toThrow('not true that');
  });
});
