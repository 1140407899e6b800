/**
 * Runs one oracle case on one layer. A mapping names the layer, and says where each of its tensors is in the tensors of the case.
 * Values and their gradients have the same layout, so both are compared in Netloom's layout.
 */
import type { Backend } from '../kernels/backend.ts';
import type { Random } from '../kernels/random.ts';
import { referenceBackend } from '../kernels/reference/backend.ts';
import type { FloatArray, Shape, Tensor } from '../layers/define.ts';
import { type ForeignTensor, readTensor } from '../layers/frameworks/tensors.ts';
import { layers } from '../layers/registry.ts';
import { StandaloneLayer } from '../layers/standalone.ts';
import type { Json } from '../schema/attributes.ts';
import type { CaseRunner, Comparison, OracleCase, OracleTensor, Precision } from './oracle.ts';

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
  readTensor(where, { shape, data: Float64Array.from(tensor.data, Number) });

/** Computes the case forward and, if it has gradients, backward. */
export function runLayerCase(
  oracleCase: OracleCase,
  mapping: LayerCase,
  precision: Precision,
  { kernels, allocate }: Backend = referenceBackend,
): readonly Comparison[] {
  const given = [...oracleCase.inputs, ...oracleCase.params];
  const inputs = mapping.inputs.map((placement) => place(named(given, placement.tensor), placement));
  const layer = new StandaloneLayer({
    definition: layers.get(mapping.type),
    ...(mapping.attributes ? { attributes: mapping.attributes } : {}),
    inputs: inputs.map(({ shape }) => shape.slice(1)),
    batch: inputs[0].shape[0],
    float: precision,
    kernels,
    allocate,
  });
  const pass = mapping.random ? Object.assign(layer.pass, { random: mapping.random }) : layer.pass;
  const parameters: { readonly [name: string]: Tensor } = pass.parameters;
  const gradParameters: { readonly [name: string]: Tensor } = pass.gradParameters;
  const placements = Object.entries(mapping.parameters ?? {}).flatMap(([name, sources]) =>
    sources.map((placement) => [name, placement] as const),
  );
  for (const [index, { data }] of inputs.entries())
    pass.inputs[index].data.set(scaled(data, mapping.inputs[index]));
  for (const [name, placement] of placements) {
    const values = scaled(place(named(given, placement.tensor), placement).data, placement);
    const { data } = parameters[name];
    for (let i = 0; i < data.length; i++) data[i] += values[values.length === 1 ? 0 : i];
  }
  const state: { readonly [name: string]: Tensor } = pass.state;
  for (const [name, placement] of Object.entries(mapping.state ?? {}))
    state[name].data.set(place(named(given, placement.tensor), placement).data);
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
      found: state[name].data,
      expected: place(named(oracleCase.outputs, tensor), {}).data,
    })),
    ...mapping.inputs.flatMap((placement, index) => gradient(placement, pass.gradInputs[index])),
    ...placements.flatMap(([name, placement]) => gradient(placement, gradParameters[name])),
  ];
}

const scaled = (values: FloatArray, { factor = 1 }: Placement): FloatArray =>
  values.map((value: number) => value * factor);

function named(tensors: readonly OracleTensor[], name: string): OracleTensor {
  const found = tensors.find((tensor) => tensor.name === name);
  if (!found)
    throw new Error(
      `the case has no tensor "${name}"; it has ${tensors.map((tensor) => tensor.name).join(', ')}`,
    );
  return found;
}
