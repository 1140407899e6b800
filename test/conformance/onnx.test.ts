/** Operators against the ONNX project's own node tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { OnnxCase } from '../../engine/conformance/onnx/case.ts';
import { runOnnxNode } from '../../engine/conformance/onnx/run.ts';
import { compare } from '../../engine/conformance/oracle.ts';

/** What nothing of ours does, by the file's name. */
const unsupported = new Set([
  // Three spatial axes.
  'averagepool_3d_dilations_small',
  'convtranspose_3d',
  'maxpool_3d_dilations',
  'maxpool_3d_dilations_use_ref_impl',
  // Integers.
  'convinteger_with_padding',
  'convinteger_without_padding',
  // No such layer.
  'lppool_1d_default',
  'lppool_2d_dilations',
  'lrn_default',
  // Draws of ONNX's generator, without their mask.
  'training_dropout',
  'training_dropout_default',
  // Its numbers were made with another epsilon than it states.
  'adam_multiple',
]);

const folder = new URL('../fixtures/vectors/onnx-node/', import.meta.url);

it.each(readdirSync(folder).map((file) => file.replace('.json', '')))('%s', (name) => {
  const onnxCase = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as OnnxCase;
  const comparisons = runOnnxNode(onnxCase, 'float64');
  expect('unsupported' in comparisons).toBe(unsupported.has(name));
  if ('unsupported' in comparisons) return;
  expect(comparisons.length).toBeGreaterThan(0);
  const wrong = comparisons
    .map((comparison) => compare(comparison, 'onnx'))
    .filter(({ agrees }) => !agrees)
    .map(({ detail }) => detail);
  expect(wrong).toEqual([]);
});
