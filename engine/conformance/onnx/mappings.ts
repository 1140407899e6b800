/** Which of our layers computes which ONNX operator. */
import type { OnnxMapping } from './case.ts';
import { elementwiseMappings } from './elementwise.ts';
import { normalizationMappings } from './normalization.ts';
import { windowMappings } from './windows.ts';

export const onnxMappings: { readonly [op: string]: OnnxMapping } = {
  ...elementwiseMappings,
  ...normalizationMappings,
  ...windowMappings,
};
