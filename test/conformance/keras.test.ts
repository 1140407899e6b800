/** Single layers against numbers that Keras computed in float32. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type KerasCase, runKerasCase } from '../../engine/conformance/keras.ts';
import { compare } from '../../engine/conformance/oracle.ts';

const folder = new URL('../fixtures/vectors/nntrainer-layers/', import.meta.url);

describe.each(readdirSync(folder))('%s', (file) => {
  it('gives the reference outputs and gradients', () => {
    const kerasCase = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as KerasCase;
    const comparisons = runKerasCase(kerasCase, 'float64');
    if ('unsupported' in comparisons) throw new Error(comparisons.unsupported);
    // The output, the input's gradient and those of all trained weights.
    const trained = kerasCase.weights.filter(({ name }) => !name.startsWith('moving_'));
    expect(comparisons.length).toBe(2 + trained.length);
    const wrong = comparisons
      .map((comparison) => compare(comparison, 'keras'))
      .filter(({ agrees }) => !agrees)
      .map(({ detail }) => detail);
    expect(wrong).toEqual([]);
  });
});
