/**
 * Single layers computed by Keras in float32: the output, and the gradients of inputs and weights for a loss of twice the sum of
 * the output.
 */

import type { Backend } from '../kernels/backend.ts';
import type { Json } from '../schema/attributes.ts';
import { kerasAttributes, kerasName, kerasTensor, kerasWeights } from './kerasWords.ts';
import { runLayerCase } from './layerCase.ts';
import { knowsOperator, layerCasesOf } from './operators.ts';
import type { Comparison, OracleTensor, Precision, Unsupported } from './oracle.ts';

export interface KerasCase {
  readonly name: string;
  readonly layer: string;
  readonly config: { readonly [name: string]: Json };
  readonly inputs: readonly OracleTensor[];
  readonly weights: readonly OracleTensor[];
  readonly outputs: readonly OracleTensor[];
  readonly output_grad_constant: number;
  readonly weight_grads: readonly OracleTensor[];
  readonly input_grads: readonly OracleTensor[];
}

/** Runs one case on the layer that is Keras' layer, forward and backward. `backend`: the reference by default. */
export function runKerasCase(
  { layer, ...stored }: KerasCase,
  precision: Precision,
  backend?: Backend,
): readonly Comparison[] | Unsupported {
  const ofLayer = (tensor: OracleTensor): OracleTensor => kerasTensor(layer, tensor);
  const kerasCase: KerasCase = {
    ...stored,
    layer,
    inputs: stored.inputs.map(ofLayer),
    weights: kerasWeights(layer, stored.weights),
    outputs: stored.outputs.map(ofLayer),
    weight_grads: kerasWeights(layer, stored.weight_grads),
    input_grads: stored.input_grads.map(ofLayer),
  };
  const { config, inputs, weights, outputs } = kerasCase;
  const name = kerasName(layer, config, inputs[0].shape.length - 2);
  if (!knowsOperator('keras', name)) return { unsupported: `${layer}: no such layer` };
  const [layerCase] = layerCasesOf({
    framework: 'keras',
    name,
    attributes: kerasAttributes(
      config,
      weights.map((weight) => weight.name),
    ),
    inputs,
    tensors: Object.fromEntries(weights.map((weight) => [weight.name, weight])),
    output: outputs[0],
  });
  if (!layerCase)
    return { unsupported: `${layer}: no layer has the configuration ${JSON.stringify(config)}` };
  const gradient = (output: OracleTensor): OracleTensor => ({
    ...output,
    data: output.data.map(() => kerasCase.output_grad_constant),
  });
  return runLayerCase(
    {
      id: kerasCase.name,
      op: layer,
      config,
      inputs,
      params: weights,
      outputs,
      output_grads: outputs.map(gradient),
      input_grads: kerasCase.input_grads,
      param_grads: kerasCase.weight_grads,
    },
    { ...layerCase, ...(typeof config.training === 'boolean' ? { training: config.training } : {}) },
    precision,
    backend,
  );
}
