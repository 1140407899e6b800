/**
 * Runs one oracle case on one layer. A mapping says which layer, and how each tensor of the case lies in ours;
 * values and their gradients lie alike, so both sides are compared in our layout.
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

/** Where one of our tensors comes from, and how it lies there. */
export interface Placement extends Omit<ForeignTensor, 'name'> {
  /** Its name among the case's inputs or parameters; an output is known by its place. */
  readonly tensor: string;
  /** The shape in which the file's data are seen first. Default: the file's own. */
  readonly shape?: Shape;
  /** What the file's data are multiplied by. Default: 1. */
  readonly factor?: number;
}

type View = Omit<Placement, 'tensor' | 'factor'>;

export interface LayerCase {
  readonly type: string;
  readonly attributes?: { readonly [name: string]: Json };
  /** Default: true. */
  readonly training?: boolean;
  /** Inputs in the order of the layer's ports, the first axis the batch. */
  readonly inputs: readonly Placement[];
  /**
   * Parameters by our name, each the sum of its tensors; they may come from the case's inputs too. A single number serves
   * a whole parameter.
   */
  readonly parameters?: { readonly [name: string]: readonly Placement[] };
  /** Persistent buffers by our name, as they are before. */
  readonly state?: { readonly [name: string]: Placement };
  /** Persistent buffers that the case gives too, by the name of its output. */
  readonly stateAfter?: { readonly [name: string]: string };
  /** The main output, the first axis the batch; `tensor` is not used. */
  readonly output: View;
  /** Draws that the case fixes. */
  readonly random?: Random;
}

/** Runs the cases of the ops in the table; a mapping gives `undefined` for a configuration no layer covers. */
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

/** A tensor of a case in our layout, as numbers. */
export const place = (tensor: OracleTensor, { shape = tensor.shape, ...where }: View): Tensor =>
  readTensor(where, { shape, data: Float64Array.from(tensor.data, Number) });

/** Computes the case forward and, where it gives gradients, backward. */
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
