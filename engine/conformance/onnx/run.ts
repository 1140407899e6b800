/** Runs any node test of ONNX: on a layer, or on what computes operators that are no layers. */
import type { Backend } from '../../kernels/backend.ts';
import type { Comparison, Precision, Unsupported } from '../oracle.ts';
import { type OnnxCase, runOnnxCase } from './case.ts';
import { onnxMappings } from './mappings.ts';

export function runOnnxNode(
  onnxCase: OnnxCase,
  precision: Precision,
  backend?: Backend,
): readonly Comparison[] | Unsupported {
  return runOnnxCase(onnxCase, onnxMappings, precision, backend);
}
