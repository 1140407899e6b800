/** Finds the layers that compute an operator of another framework, by the counterparts that the layers declare. */
import { type LayerDefinition, type Shape, sizeOf } from '../layers/define.ts';
import type { LayerCounterpart } from '../layers/frameworks/counterpart.ts';
import { channelsLast } from '../layers/frameworks/layout.ts';
import { type ForeignSource, sourcesOf } from '../layers/frameworks/tensors.ts';
import { layers } from '../layers/registry.ts';
import { readAttributes } from '../layers/standalone.ts';
import type { AttributeTable, Json } from '../schema/attributes.ts';
import {
  counterpartsOf,
  type ForeignAttributes,
  type Framework,
  readAttributesOf,
} from '../schema/frameworks.ts';
import { type LayerCase, type Placement, place } from './layerCase.ts';
import type { OracleTensor } from './oracle.ts';

/** One operator with its attributes and tensors, in the terms of its framework. */
export interface Operator {
  readonly framework: Framework;
  /** The name of the class or of the function. */
  readonly name: string;
  readonly attributes: ForeignAttributes;
  readonly inputs: readonly OracleTensor[];
  /** Trained and other kept tensors, by the name in the framework. */
  readonly tensors?: { readonly [name: string]: OracleTensor | undefined };
  readonly output: OracleTensor;
  /** Inputs and output have their channels last, whatever the framework does. */
  readonly channelsLast?: boolean;
}

type Matched = readonly [LayerDefinition, LayerCounterpart<AttributeTable>];

const counterpartsNamed = (framework: Framework, name: string): readonly Matched[] =>
  [...layers].flatMap((layer) =>
    counterpartsOf(layer.frameworks, framework)
      .filter((counterpart) => counterpart.name === name || counterpart.functional === name)
      .map((counterpart): Matched => [layer, counterpart]),
  );

/** Whether any layer is a counterpart of this operator. */
export const knowsOperator = (framework: Framework, name: string): boolean =>
  counterpartsNamed(framework, name).length > 0;

/** Whether the operator takes any number of inputs and nothing else. */
export const takesMany = (framework: Framework, name: string): boolean =>
  counterpartsNamed(framework, name).some(([{ inputs }]) => inputs?.some(({ variadic }) => variadic));

/** The ONNX names of the inputs of an operator, in order. */
export const operandsOf = (name: string): readonly string[] =>
  counterpartsNamed('onnx', name).find(([, { operands }]) => operands)?.[1].operands ?? [];

/** Every layer that computes the operator; none if a layer cannot express its attributes. */
export const layerCasesOf = (operator: Operator): readonly LayerCase[] =>
  counterpartsNamed(operator.framework, operator.name).flatMap(([layer, counterpart]) =>
    layerCaseOf(operator, layer, counterpart),
  );

/** The placements of the tensors that a table names. A parameter without any tensor is omitted. */
function placements(
  table: { readonly [ours: string]: ForeignSource | undefined } = {},
  tensors: NonNullable<Operator['tensors']>,
): { readonly [ours: string]: readonly Placement[] } {
  return Object.fromEntries(
    Object.entries(table).flatMap(([ours, source]) => {
      const found = sourcesOf(source ?? []).flatMap(({ name, ...where }): Placement[] => {
        const tensor = tensors[name];
        return tensor ? [{ tensor: tensor.name, shape: tensor.shape, ...where }] : [];
      });
      return found.length > 0 ? [[ours, found]] : [];
    }),
  );
}

const ones = (count: number): number[] => Array.from({ length: count }, () => 1);

/**
 * The operator as a case of this layer; none if the layer cannot express it. Merging layers repeat axes of size 1, but need equal
 * ranks, so missing leading axes are added.
 */
function layerCaseOf(
  { attributes, inputs, tensors = {}, output, channelsLast: isLast = false }: Operator,
  layer: LayerDefinition,
  counterpart: LayerCounterpart<AttributeTable>,
): readonly LayerCase[] {
  const { rank, layout } = counterpart;
  if (rank !== undefined && inputs[0].shape.length !== rank) return [];
  const view = (shape: Shape): { readonly shape: Shape; readonly axes?: readonly number[] } =>
    layout === 'anyAxes'
      ? { shape: [1, ...ones(inputs.length > 1 ? output.shape.length - shape.length : 0), ...shape] }
      : {
          shape,
          ...(layout === 'channelsFirst' && !isLast && shape.length > 2
            ? { axes: channelsLast(shape.length) }
            : {}),
        };
  const placed = inputs.map(({ name, shape }) => ({ tensor: name, ...view(shape) }));
  const shapes = placed.map(({ shape, axes }) => (axes ? axes.map((axis) => shape[axis]) : shape).slice(1));
  const read = readAttributesOf(counterpart, attributes, {
    inputs: shapes,
    tensors: Object.fromEntries(
      Object.entries(tensors).flatMap(([name, tensor]) => (tensor ? [[name, tensor.shape]] : [])),
    ),
    ...(layout === 'anyAxes' ? { wholeTensor: true } : {}),
  });
  if (!read) return [];
  const inferred = layer.infer(readAttributes(layer, read), shapes);
  if ('problem' in inferred) throw new Error(`${layer.type}: ${inferred.problem.message}`);
  const wanted = inferred.parameters ?? {};
  const parameters = Object.entries(placements(counterpart.parameters, tensors)).filter(
    ([ours]) => wanted[ours],
  );
  for (const ours of Object.keys(wanted))
    if (!parameters.some(([name]) => name === ours)) {
      const names = sourcesOf(counterpart.parameters?.[ours] ?? ours).map(({ name }) => `"${name}"`);
      throw new Error(
        `the case has no tensor ${names.join(' or ')}; it has ${Object.keys(tensors).join(', ')}`,
      );
    }
  // A single number is used for a whole parameter.
  const given = Object.values(tensors).filter((tensor) => tensor !== undefined);
  const fits = parameters.every(([ours, sources]) =>
    sources.every(({ tensor: name, ...where }) => {
      const tensor = given.find((one) => one.name === name);
      return tensor && [1, sizeOf(wanted[ours].shape)].includes(place(tensor, where).data.length);
    }),
  );
  if (!fits) return [];
  return [
    {
      type: layer.type,
      attributes: read,
      inputs: placed,
      parameters: Object.fromEntries(parameters),
      state: Object.fromEntries(
        Object.entries(placements(counterpart.state, tensors)).map(([ours, [placement]]) => [
          ours,
          placement,
        ]),
      ),
      output: view(output.shape),
    },
  ];
}

/** A sequence as an image of height 1, for operators that Netloom has for images only. */
export function asImage(operator: Operator): Operator {
  const tall = (tensor: OracleTensor): OracleTensor => {
    const [first, second, ...rest] = tensor.shape;
    return { ...tensor, shape: rest.length === 1 ? [first, second, 1, ...rest] : tensor.shape };
  };
  const attributes = Object.entries(operator.attributes).map(([name, value]): [string, Json] => {
    if (!Array.isArray(value)) return [name, value];
    if (name === 'pads') return [name, [0, value[0], 0, value[1]]];
    return [name, [name === 'padding' || name === 'output_padding' ? 0 : 1, ...value]];
  });
  return {
    ...operator,
    attributes: Object.fromEntries(attributes),
    inputs: operator.inputs.map(tall),
    tensors: Object.fromEntries(
      Object.entries(operator.tensors ?? {}).map(([name, tensor]) => [name, tensor && tall(tensor)]),
    ),
    output: tall(operator.output),
  };
}

/** A recurrent module of PyTorch: its function, the layer that computes it, and the order of its gates. */
interface RecurrentModule {
  readonly name: string;
  readonly type: string;
  readonly gates: readonly number[];
}

export const recurrentModules: readonly RecurrentModule[] = [...layers].flatMap(({ type, frameworks }) =>
  counterpartsOf(frameworks, 'pytorch').flatMap(({ functional, parameters }): RecurrentModule[] => {
    const [kernel] = sourcesOf(parameters?.kernel ?? []);
    return functional !== undefined && kernel?.gates ? [{ name: functional, type, gates: kernel.gates }] : [];
  }),
);
