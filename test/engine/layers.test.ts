/** Every layer type on each of its samples. */
import { describe, expect, it } from 'vitest';
import { layers } from '../../engine/layers/registry.ts';
import { readAttributes } from '../../engine/layers/standalone.ts';
import { properties } from './layerHarness.ts';

for (const definition of layers)
  describe(definition.type, () => {
    // A layer that reads nothing has nothing to compute: the plan writes its output.
    const computed = definition.inputs?.length === 0 ? [] : definition.samples;
    for (const sample of computed)
      describe(sample.name, () => {
        for (const [sentence, check] of Object.entries(properties))
          it(sentence, () => check(definition, sample));
      });

    for (const { name, inputs, attributes, code } of definition.errorSamples)
      it(`refuses ${name} with ${code}`, () => {
        const inferred = definition.infer(readAttributes(definition, attributes), inputs);
        expect(inferred).toHaveProperty('problem.code', code);
      });

    it('has samples and a documentation', () => {
      expect(definition.samples.length).toBeGreaterThan(0);
      expect(definition.doc.length).toBeGreaterThan(40);
    });
  });
