/** ONNX's normalizations on our layers. */
import { channelsLast } from '../../export/layout.ts';
import { place } from '../layerCase.ts';
import type { OracleTensor } from '../oracle.ts';
import type { OnnxMapping } from './case.ts';

const layoutOf = ({ shape }: OracleTensor) => (shape.length > 2 ? { axes: channelsLast(shape.length) } : {});

/** Scale and offset, where the node has them. */
function affine(epsilon: unknown, scale: OracleTensor | undefined, offset: OracleTensor | undefined) {
  return {
    attributes: { epsilon: epsilon ?? 1e-5, scale: scale !== undefined, center: offset !== undefined },
    parameters: {
      ...(scale ? { gamma: { tensor: scale.name } } : {}),
      ...(offset ? { beta: { tensor: offset.name } } : {}),
    },
  };
}

const batchNormalization: OnnxMapping = ({ attributes, inputs, outputs }) => {
  const [x, scale, offset, mean, variance] = inputs;
  if (!x || !mean || !variance) return undefined;
  const training = attributes.training_mode === 1;
  const shared = affine(attributes.epsilon, scale, offset);
  return {
    type: 'batchNorm',
    attributes: { ...shared.attributes, momentum: attributes.momentum ?? 0.9, unbiased: false },
    parameters: shared.parameters,
    training,
    state: { runningMean: place(mean, {}).data, runningVariance: place(variance, {}).data },
    ...(training && outputs.length === 3
      ? { stateAfter: { runningMean: outputs[1].name, runningVariance: outputs[2].name } }
      : {}),
    inputs: [{ tensor: x.name, ...layoutOf(x) }],
    output: layoutOf(x),
  };
};

/** The whole tensor is one sample, because the axes may take in the batch. */
const layerNormalization: OnnxMapping = ({ attributes, inputs: [x, scale, offset] }) => {
  if (!x) return undefined;
  const axis = Number(attributes.axis ?? -1);
  const shared = affine(attributes.epsilon, scale, offset);
  const shape = [1, ...x.shape];
  return {
    type: 'layerNorm',
    attributes: { ...shared.attributes, axes: axis < 0 ? -axis : x.shape.length - axis },
    parameters: shared.parameters,
    inputs: [{ tensor: x.name, shape }],
    output: { shape },
  };
};

const groupNormalization =
  (groupsOf: (attributes: { readonly [name: string]: unknown }, channels: number) => unknown): OnnxMapping =>
  ({ attributes, inputs: [x, scale, offset] }) => {
    // Until opset 20 there was one scale a group, not one a channel.
    if (!x || (scale && scale.shape[0] !== x.shape[1])) return undefined;
    const shared = affine(attributes.epsilon, scale, offset);
    return {
      type: 'groupNorm',
      attributes: { ...shared.attributes, groups: groupsOf(attributes, x.shape[1]) },
      parameters: shared.parameters,
      inputs: [{ tensor: x.name, ...layoutOf(x) }],
      output: layoutOf(x),
    };
  };

export const normalizationMappings: { readonly [op: string]: OnnxMapping } = {
  BatchNormalization: batchNormalization,
  GroupNormalization: groupNormalization(({ num_groups: groups }) => groups),
  InstanceNormalization: groupNormalization((_attributes, channels) => channels),
  LayerNormalization: layerNormalization,
};
