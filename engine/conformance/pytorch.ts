/** The oracle's cases of single PyTorch operators, on the layers that declare them as counterparts. */
import type { ForeignAttributes } from '../schema/frameworks.ts';
import { MaskedRandom } from './draws.ts';
import { type LayerCase, runLayerCase } from './layerCase.ts';
import { asImage, knowsOperator, layerCasesOf, type Operator } from './operators.ts';
import type { CaseRunner, OracleCase } from './oracle.ts';

/** What a name in the oracle means in PyTorch. */
interface Wording {
  /** PyTorch's function. */
  readonly name: string;
  readonly attributes?: ForeignAttributes;
  /** Changes the operator before layers are searched. */
  readonly prepare?: (operator: Operator) => Operator;
  readonly change?: (layerCase: LayerCase, oracleCase: OracleCase) => LayerCase;
}

const wordings: { readonly [op: string]: Wording } = {
  conv_transpose1d: { name: 'conv_transpose2d', prepare: asImage },
  dropout_given_mask: {
    name: 'dropout',
    change: (layerCase, { inputs: [, mask] }) => ({
      ...layerCase,
      random: new MaskedRandom(mask.data.map(Number)),
    }),
  },
  ...Object.fromEntries(
    ['avg', 'max'].flatMap((kind) =>
      ['pool1d', 'pool2d'].map((pool) => [
        `global_${kind}_${pool}`,
        { name: `adaptive_${kind}_${pool}`, attributes: { output_size: 1 } },
      ]),
    ),
  ),
  gelu_tanh: { name: 'gelu' },
  rrelu_eval: { name: 'rrelu', change: (layerCase) => ({ ...layerCase, training: false }) },
  /** softmin(x) = softmax(−x). */
  softmin: {
    name: 'softmax',
    change: (layerCase) => ({
      ...layerCase,
      inputs: layerCase.inputs.map((placement) => ({ ...placement, factor: -1 })),
    }),
  },
};

/** The oracle says "kernel" for the kernel size. Whether there are scale and offset follows from the tensors. */
export function pytorchAttributes({ config, params }: OracleCase): ForeignAttributes {
  const { kernel, ...others } = config;
  const affine = params.length > 0;
  return {
    ...(kernel === undefined ? {} : { kernel_size: kernel }),
    ...others,
    affine,
    elementwise_affine: affine,
  };
}

export const runPytorchCase: CaseRunner = (oracleCase, precision, backend) => {
  const { op, config, inputs, params, outputs } = oracleCase;
  const {
    name,
    attributes,
    prepare = (same) => same,
    change = (same) => same,
  }: Wording = Object.hasOwn(wordings, op) ? wordings[op] : { name: op };
  if (!knowsOperator('pytorch', name)) return { unsupported: `${op}: no such layer` };
  const layerCases = layerCasesOf(
    prepare({
      framework: 'pytorch',
      name,
      attributes: { ...pytorchAttributes(oracleCase), ...attributes },
      inputs: inputs.slice(0, 1),
      tensors: Object.fromEntries(params.map((tensor) => [tensor.name, tensor])),
      output: outputs[0],
    }),
  );
  return layerCases.length === 0
    ? { unsupported: `${op}: no layer has the configuration ${JSON.stringify(config)}` }
    : layerCases.flatMap((layerCase) =>
        runLayerCase(oracleCase, change(layerCase, oracleCase), precision, backend),
      );
};
