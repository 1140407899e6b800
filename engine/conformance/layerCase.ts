/**
 * Runs one oracle case on one layer. A mapping names the layer, and says where each of its tensors is in the tensors of the case.
 * Values and their gradients have the same layout, so both are compared in Netloom's layout.
 */
import type { Backend } from '../kernels/backend.ts';
import type { Random } from '../kernels/random.ts';
import { referenceBackend } from '../kernels/reference/backend.ts';
import type { FloatArray, Shape, Tensor } from '../layers/define.ts';
import { type ForeignTensor, readTensor } from '../layers/frameworks/tensors.ts';
import type { StandaloneLayer } from '../layers/standalone.ts';
import type { Json } from '../schema/attributes.ts';
import { mapValues } from '../schema/objects.ts';
import { openLayer, type Tensors } from './layerUse.ts';
import {
  type CaseRunner,
  type Comparison,
  named,
  numbersOf,
  type OracleCase,
  type OracleTensor,
  type Precision,
} from './oracle.ts';

/** Where one of Netloom's tensors comes from, and its layout there. */
export interface Placement extends Omit<ForeignTensor, 'name'> {
  /** Its name among the inputs or parameters of the case. An output is identified by its position. */
  readonly tensor: string;
  /** The shape in which the data of the file is read. Default: the shape in the file. */
  readonly shape?: Shape;
  /** A factor on the data of the file. Default: 1. */
  readonly factor?: number;
}

type View = Omit<Placement, 'tensor' | 'factor'>;

export interface LayerCase {
  readonly type: string;
  readonly attributes?: { readonly [name: string]: Json };
  /** Default: true. */
  readonly training?: boolean;
  /** Inputs in the order of the layer's ports. The first axis is the batch. */
  readonly inputs: readonly Placement[];
  /**
   * Parameters by Netloom's name, each the sum of its tensors, which may also be inputs of the case. A single number is used for
   * a whole parameter.
   */
  readonly parameters?: { readonly [name: string]: readonly Placement[] };
  /** Persistent buffers by Netloom's name, before the pass. */
  readonly state?: { readonly [name: string]: Placement };
  /** Persistent buffers after the pass, by the name of the case's output. */
  readonly stateAfter?: { readonly [name: string]: string };
  /** The main output. The first axis is the batch. */
  readonly output: View;
  /** Random numbers that the case prescribes. */
  readonly random?: Random;
}

/** Runs the cases of the operations in the table. A mapping returns undefined for a configuration that no layer covers. */
export const runnerOf =
  (mappings: { readonly [op: string]: (oracleCase: OracleCase) => LayerCase | undefined }): CaseRunner =>
  (oracleCase, precision, backend) => {
    const mapping = Object.hasOwn(mappings, oracleCase.op) ? mappings[oracleCase.op](oracleCase) : undefined;
    return mapping
      ? runLayerCase(oracleCase, mapping, precision, backend)
      : { unsupported: missingLayer(mappings, oracleCase) };
  };

const missingLayer = (mappings: object, { op, config }: OracleCase): string =>
  Object.hasOwn(mappings, op)
    ? `${op}: no layer has the configuration ${JSON.stringify(config)}`
    : `${op}: no such layer`;

/** A tensor of a case in Netloom's layout, as numbers. */
export const place = (tensor: OracleTensor, { shape = tensor.shape, ...where }: View): Tensor =>
  readTensor(where, { shape, data: numbersOf(tensor) });

/** The layer of a case with its inputs, parameters and state, which are among the `given` tensors, before its first pass. */
export function layerOf(
  { inputs, parameters = {}, state = {}, ...layerCase }: LayerCase,
  given: readonly OracleTensor[],
  precision: Precision,
  backend: Backend,
): StandaloneLayer {
  const valuesOf = (placement: Placement): Tensor => {
    const { shape, data } = place(named(given, placement.tensor), placement);
    return { shape, data: scaled(data, placement) };
  };
  return openLayer(
    {
      ...layerCase,
      inputs: inputs.map(valuesOf),
      parameters: mapValues(parameters, (sources) => sources.map((source) => valuesOf(source).data)),
      state: mapValues(state, (placement) => valuesOf(placement).data),
    },
    precision,
    backend,
  );
}

/** Computes the case forward and, if it has gradients, backward. */
export function runLayerCase(
  oracleCase: OracleCase,
  mapping: LayerCase,
  precision: Precision,
  backend: Backend = referenceBackend,
): readonly Comparison[] {
  const layer = layerOf(mapping, [...oracleCase.inputs, ...oracleCase.params], precision, backend);
  const { pass } = layer;
  layer.forward(mapping.training);
  if (oracleCase.output_grads.length > 0) {
    pass.gradOutput.data.set(place(oracleCase.output_grads[0], mapping.output).data);
    layer.backward();
  }

  const gradients = [...oracleCase.input_grads, ...oracleCase.param_grads];
  const gradient = (placement: Placement, found: Tensor | undefined): Comparison[] => {
    const expected = gradients.find(({ name }) => name === placement.tensor);
    if (!expected || !found) return [];
    return [
      {
        name: `gradient of ${placement.tensor}`,
        found: scaled(found.data, placement),
        expected: place(expected, placement).data,
      },
    ];
  };
  return [
    { name: 'output', found: pass.output.data, expected: place(oracleCase.outputs[0], mapping.output).data },
    ...Object.entries(mapping.stateAfter ?? {}).map(([name, tensor]) => ({
      name: tensor,
      found: (pass.state as Tensors)[name].data,
      expected: place(named(oracleCase.outputs, tensor), {}).data,
    })),
    ...mapping.inputs.flatMap((placement, index) => gradient(placement, pass.gradInputs[index])),
    ...Object.entries(mapping.parameters ?? {}).flatMap(([name, sources]) =>
      sources.flatMap((placement) => gradient(placement, (pass.gradParameters as Tensors)[name])),
    ),
  ];
}

const scaled = (values: FloatArray, { factor = 1 }: Placement): FloatArray =>
  values.map((value: number) => value * factor);
