/** Operators against the ONNX project's own node tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type OnnxCase, runOnnxCase } from '../../engine/conformance/onnx/case.ts';
import { onnxMappings } from '../../engine/conformance/onnx/mappings.ts';
import { compare } from '../../engine/conformance/oracle.ts';

/** What no layer of ours does, by the file's name. */
const unsupported = new Set([
  // Three spatial axes.
  'averagepool_3d_dilations_small',
  'convtranspose_3d',
  'maxpool_3d_dilations',
  'maxpool_3d_dilations_use_ref_impl',
  // An offset of each element, and products of two tensors that both have a batch.
  'gemm_default_matrix_bias',
  'matmul_3d',
  'matmul_4d',
  // A slope of each element.
  'prelu_example',
  // SELU with constants of one's own.
  'selu',
  'selu_example',
  // Draws of ONNX's generator.
  'training_dropout',
  'training_dropout_default',
  'training_dropout_default_mask',
  'training_dropout_mask',
]);

const folder = new URL('../fixtures/vectors/onnx-node/', import.meta.url);

it.each(readdirSync(folder).map((file) => file.replace('.json', '')))('%s', (name) => {
  const onnxCase = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as OnnxCase;
  const comparisons = runOnnxCase(onnxCase, onnxMappings, 'float64');
  expect('unsupported' in comparisons).toBe(unsupported.has(name));
  if ('unsupported' in comparisons) return;
  expect(comparisons.length).toBeGreaterThan(0);
  const wrong = comparisons
    .map((comparison) => compare(comparison, 'onnx'))
    .filter(({ agrees }) => !agrees)
    .map(({ detail }) => detail);
  expect(wrong).toEqual([]);
});
