/**
 * Parameters of blocks: values that a block leaves open, so that one block can have different widths. A block declares one as a
 * layer of the type "blockParameter", its layers name it instead of a value ("$filters"), and a use gives it as an attribute.
 */
import * as l10n from '@vscode/l10n';
import { layers as layerTypes } from '../layers/registry.ts';
import {
  type Attribute,
  type AttributeTable,
  type Json,
  readTable,
  type Values,
} from '../schema/attributes.ts';
import { TextObject } from '../schema/objects.ts';
import { inWords } from '../schema/onCard.ts';
import type { AttributeProblem } from '../schema/reading.ts';
import { anyValue, blockParameter, useAttributes } from './blockKinds.ts';
import type { BlockSpec, LayerSpec } from './document.ts';
import { commonLayerAttributes } from './layerAttributes.ts';
import { isObject, type JsonObject } from './reporting.ts';

/** Attributes that determine how layers are connected and computed are the same in every use. */
const fixed: ReadonlySet<string> = new Set([
  'type',
  'from',
  'bypass',
  'shares',
  ...Object.keys(useAttributes),
]);

/** Whether a layer in a block may name a parameter instead of a value for this attribute. */
export const canBeOpen = (attribute: string): boolean => !fixed.has(attribute);

/** The parameter that a value names: "filters" for "$filters". */
export const parameterIn = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value.length > 1 && value.startsWith('$') ? value.slice(1) : undefined;

/** The value with which a layer names a parameter of its block: "$filters". */
export const writtenParameter = (name: string): string => `$${name}`;

/** The parameters of a block, as values are written that name them. */
export const parametersOf = ({ layers }: Pick<BlockSpec, 'layers'>): readonly string[] =>
  layers.filter(({ kind }) => kind === blockParameter).map(({ name }) => writtenParameter(name));

const own = (object: Json | undefined, name: string): Json | undefined =>
  isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;

/** The default values of the parameters that a block declares; undefined for one that lacks it. */
export type Defaults = ReadonlyMap<string, Json | undefined>;

/** The parameters that a block, as written, declares, with their defaults. */
export function defaultsOf(body: Json | undefined): Defaults {
  if (!isObject(body)) return new Map();
  return new Map(
    Object.keys(body).flatMap((name): [string, Json | undefined][] => {
      const layer = own(body, name);
      return own(layer, 'type') === blockParameter.type ? [[name, own(layer, 'default')]] : [];
    }),
  );
}

/** The attributes that the uses of a block may have for its parameters: each is read as where the block names it first. */
export function parameterAttributes(blocks: JsonObject, block: string): AttributeTable {
  const body = own(blocks, block);
  return Object.fromEntries(
    [...defaultsOf(body)].map(([name, preset]) =>
      [name, attributeFor(blocks, block, name, new Set()) ?? anyValue].map((one, index) =>
        index === 0 ? one : withDefault(name, one as Attribute<unknown>, preset),
      ),
    ),
  );
}

/** The attribute for a parameter with this default value: a use may omit it. A card writes the name that the block gave it. */
function withDefault(
  name: string,
  { optional: _, default: __, ...inner }: Attribute<unknown>,
  preset: Json | undefined,
): Attribute<unknown> {
  const attribute = { ...inner, onCard: inWords((shown) => `${name} ${shown}`) };
  const reading = preset === undefined ? undefined : attribute.read(preset);
  const doc = l10n.t('A parameter of the block. {0}', attribute.doc);
  return reading && 'value' in reading
    ? {
        ...attribute,
        doc,
        default: reading.value,
        schema: { ...attribute.schema, description: doc, default: preset },
      }
    : { ...attribute, doc, optional: true };
}

/** The first attribute that names the parameter. If that is a parameter of another block, it is followed there. */
function attributeFor(
  blocks: JsonObject,
  block: string,
  parameter: string,
  within: Set<string>,
): Attribute<unknown> | undefined {
  const body = own(blocks, block);
  if (!isObject(body) || within.has(block)) return undefined;
  within.add(block);
  for (const layer of Object.values(body)) {
    if (!isObject(layer)) continue;
    const { type } = layer;
    for (const [name, value] of Object.entries(layer)) {
      if (parameterIn(value) !== parameter || !canBeOpen(name) || typeof type !== 'string') continue;
      const table: AttributeTable = { ...commonLayerAttributes, ...layerTypes.find(type)?.attributes };
      const found = Object.hasOwn(table, name) ? table[name] : attributeFor(blocks, type, name, within);
      if (found) return found;
    }
  }
  return undefined;
}

/** A layer of a block as one use has it, with the values of the parameters; or what is wrong with these values. */
export function withValues(
  layer: LayerSpec,
  values: ReadonlyMap<string, Json>,
): { readonly layer: LayerSpec } | { readonly problem: AttributeProblem } {
  const open = Object.entries(layer.open ?? {});
  if (open.length === 0) return { layer };
  const given: JsonObject = Object.assign(
    new TextObject<Json>(),
    layer.given,
    Object.fromEntries(open.map(([name, parameter]) => [name, values.get(parameter)!])),
  );
  const attributes = readTable(layer.kind?.attributes ?? {}, given, () => undefined);
  if ('problems' in attributes) return { problem: attributes.problems[0] };
  const common = readTable(commonLayerAttributes, given, () => undefined);
  if ('problems' in common) return { problem: common.problems[0] };
  return {
    layer: {
      ...layer,
      given,
      attributes: attributes.value,
      common: common.value as Values<typeof commonLayerAttributes>,
    },
  };
}
