/**
 * Single layers computed by Keras in float32: output, and the gradients of twice the output's sum, of inputs and weights.
 */

import type { Backend } from '../kernels/backend.ts';
import type { Json } from '../schema/attributes.ts';
import { kerasAttributes, kerasName, kerasTensor, kerasWeight } from './kerasWords.ts';
import { type LayerCase, runLayerCase } from './layerCase.ts';
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

type Mapping = (kerasCase: KerasCase) => LayerCase | undefined;

const has = ({ weights }: KerasCase, weight: string): boolean => weights.some(({ name }) => name === weight);

/** Keras' gates lie as ours do. */
const recurrent =
  (type: string): Mapping =>
  (kerasCase) => {
    const { config } = kerasCase;
    const gated = type !== 'simpleRnn';
    if (gated && (config.activation !== 'tanh' || config.recurrent_activation !== 'sigmoid'))
      return undefined;
    const names = { kernel: 'kernel', recurrentKernel: 'recurrent_kernel' };
    const offsets: { readonly [ours: string]: string } = has(kerasCase, 'bias_hh')
      ? { bias: 'bias_ih', recurrentBias: 'bias_hh' }
      : has(kerasCase, 'bias')
        ? { bias: 'bias' }
        : {};
    return {
      type,
      attributes: {
        hiddenSize: config.units,
        returnSequences: config.return_sequences,
        useBias: Object.keys(offsets).length > 0,
        ...(gated ? {} : { activation: config.activation }),
        ...(type === 'gru' ? { resetAfter: config.reset_after } : {}),
      },
      inputs: [{ tensor: kerasCase.inputs[0].name }],
      parameters: Object.fromEntries(
        Object.entries({ ...names, ...offsets }).map(([ours, tensor]) => [ours, { tensor }]),
      ),
      output: {},
    };
  };

const recurrentMappings: { readonly [layer: string]: Mapping } = {
  gru: recurrent('gru'),
  lstm: recurrent('lstm'),
  rnn: recurrent('simpleRnn'),
  simple_rnn: recurrent('simpleRnn'),
};

export function runKerasCase(
  { layer, ...stored }: KerasCase,
  precision: Precision,
  backend?: Backend,
): readonly Comparison[] | Unsupported {
  const ofLayer = (tensor: OracleTensor): OracleTensor => kerasTensor(layer, tensor);
  const ofWeight = (tensor: OracleTensor): OracleTensor => kerasWeight(layer, tensor);
  const kerasCase: KerasCase = {
    ...stored,
    layer,
    inputs: stored.inputs.map(ofLayer),
    weights: stored.weights.map(ofWeight),
    outputs: stored.outputs.map(ofLayer),
    weight_grads: stored.weight_grads.map(ofWeight),
    input_grads: stored.input_grads.map(ofLayer),
  };
  const { config, inputs, weights, outputs } = kerasCase;
  const name = kerasName(layer, config, inputs[0].shape.length - 2);
  if (!Object.hasOwn(recurrentMappings, layer) && !knowsOperator('keras', name))
    return { unsupported: `${layer}: no such layer` };
  const layerCase = Object.hasOwn(recurrentMappings, layer)
    ? recurrentMappings[layer](kerasCase)
    : layerCasesOf({
        framework: 'keras',
        name,
        attributes: kerasAttributes(
          config,
          weights.map((weight) => weight.name),
        ),
        inputs,
        tensors: Object.fromEntries(weights.map((weight) => [weight.name, weight])),
        output: outputs[0],
      })[0];
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
