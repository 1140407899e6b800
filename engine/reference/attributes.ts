/** Attribute tables as Markdown tables: name, allowed values, default, meaning. */
import { type Attribute, type AttributeTable, isRequired, type JsonSchema } from '../schema/attributes.ts';
import type { Described } from '../schema/kind.ts';

/** Where the kinds of a registry are described, by the registry's noun. */
export const pageOf: { readonly [noun: string]: string } = {
  layer: 'layers.md',
  loss: 'losses.md',
  optimizer: 'optimizers.md',
  schedule: 'schedules.md',
  initializer: 'initializers.md',
  metric: 'metrics.md',
  dataset: 'datasets.md',
};

const code = (value: unknown): string => `\`${JSON.stringify(value)}\``;

/** A number without the noise of binary fractions: 1/6 reads 0.166667. */
const tidy = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(6)) : value;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

interface Bounded {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Bounded): string {
  const parts = [
    minimum === undefined ? '' : `≥ ${minimum}`,
    exclusiveMinimum === undefined ? '' : `> ${exclusiveMinimum}`,
    maximum === undefined ? '' : `≤ ${maximum}`,
    exclusiveMaximum === undefined ? '' : `< ${exclusiveMaximum}`,
  ].filter(Boolean);
  return parts.length > 0 ? ` ${parts.join(' and ')}` : '';
}

type Words = (schema: JsonSchema, several: string) => string;

/** What a JSON schema of a type admits. */
const words: { readonly [type: string]: Words } = {
  integer: (schema, several) => `integer${several}${bounds(schema)}`,
  number: (schema, several) => `number${several}${bounds(schema)}`,
  boolean: () => '`true` or `false`',
  string: (_, several) => `text${several}`,
  array: ({ items, minItems, maxItems }, several) =>
    `${minItems === 2 && maxItems === 2 ? 'pair' : 'list'}${several} of ${admitted(items as JsonSchema, 's')}`,
  object: () => 'object',
};

/** What a JSON schema of an attribute's value admits, in words; several of them after "list of" and "pair of". */
export function admitted(schema: JsonSchema, several = ''): string {
  if (Array.isArray(schema.anyOf)) return schema.anyOf.map((branch) => admitted(branch)).join(', or ');
  if (Array.isArray(schema.enum)) return schema.enum.map(code).join(', ');
  return (words[String(schema.type)] ?? words.object)(schema, several);
}

function values({ control, schema }: Attribute<unknown>): string {
  if (control.kind !== 'kind') return admitted(schema);
  const { noun } = control.registry;
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} [${noun}](${pageOf[noun]})`;
}

function preset(attribute: Attribute<unknown>): string {
  if (isRequired(attribute)) return '**required**';
  const { control } = attribute;
  if (attribute.default === undefined) return '';
  if (control.kind === 'kind') {
    const { type } = attribute.default as Described;
    return `[${type}](${pageOf[control.registry.noun]}#${type.toLowerCase()})`;
  }
  return `\`${JSON.stringify(attribute.default, tidy).replaceAll(',', ', ')}\``;
}

type Row = readonly [name: string, attribute: Attribute<unknown>];

/** The attributes of an object are below it, as `object.attribute`. */
function rowsOf(table: AttributeTable, prefix = ''): Row[] {
  return Object.entries(table).flatMap(([name, attribute]): Row[] => {
    const { control } = attribute;
    const own: Row = [prefix + name, attribute];
    return control.kind === 'record' ? [own, ...rowsOf(control.table, `${prefix}${name}.`)] : [own];
  });
}

/** Empty for an empty table. `wording` describes attributes whose schema is too general. */
export function attributeTable(
  table: AttributeTable,
  wording: { readonly [name: string]: string } = {},
): string {
  const rows = rowsOf(table).map(([name, attribute]) =>
    [`\`${name}\``, wording[name] ?? values(attribute), preset(attribute), attribute.doc]
      .map(cell)
      .join(' | '),
  );
  if (rows.length === 0) return '';
  return ['attribute | values | default | meaning', '--- | --- | --- | ---', ...rows]
    .map((row) => `| ${row} |`)
    .join('\n');
}
