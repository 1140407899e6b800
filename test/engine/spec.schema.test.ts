/** The JSON schema accepts what the parser accepts, and describes every attribute. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { datasets } from '../../engine/data/registry.ts';
import { layers } from '../../engine/layers/registry.ts';
import { losses } from '../../engine/losses/registry.ts';
import { optimizers } from '../../engine/optimizers/registry.ts';
import type { JsonSchema } from '../../engine/schema/attributes.ts';
import { networkSchema } from '../../engine/spec/jsonSchema.ts';
import { parse } from '../../engine/spec/parse.ts';

// A fixed seed, so that a failure is the same for everybody. A failing example prints how to replay it.
fc.configureGlobal({ seed: 20261123 });

const schema = networkSchema();

type Rule = (rule: never, value: unknown, schema: JsonSchema) => boolean;

const isObject = (value: unknown): value is { [key: string]: unknown } =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

let definitions: Record<string, JsonSchema>;
const use = ({ definitions: own }: JsonSchema) => {
  definitions = own as Record<string, JsonSchema>;
};

const types: { readonly [name: string]: (value: unknown) => boolean } = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
};

/** The keywords of draft 7 that the schema uses, each as the standard defines it. */
const rules: { readonly [keyword: string]: Rule } = {
  $ref: (ref: string, value) => accepts(definitions[ref.split('/')[2]], value),
  type: (type: string, value) => types[type](value),
  enum: (options: unknown[], value) => options.some((option) => Object.is(option, value)),
  const: (constant: unknown, value) => Object.is(constant, value),
  minimum: (bound: number, value) => typeof value !== 'number' || value >= bound,
  maximum: (bound: number, value) => typeof value !== 'number' || value <= bound,
  exclusiveMinimum: (bound: number, value) => typeof value !== 'number' || value > bound,
  exclusiveMaximum: (bound: number, value) => typeof value !== 'number' || value < bound,
  minItems: (count: number, value) => !Array.isArray(value) || value.length >= count,
  maxItems: (count: number, value) => !Array.isArray(value) || value.length <= count,
  minLength: (count: number, value) => typeof value !== 'string' || value.length >= count,
  maxLength: (count: number, value) => typeof value !== 'string' || value.length <= count,
  pattern: (pattern: string, value) => typeof value !== 'string' || new RegExp(pattern, 'u').test(value),
  items: (item: JsonSchema, value) => !Array.isArray(value) || value.every((entry) => accepts(item, entry)),
  required: (keys: string[], value) => !isObject(value) || keys.every((key) => Object.hasOwn(value, key)),
  properties: (properties: Record<string, JsonSchema>, value) =>
    !isObject(value) ||
    Object.entries(properties).every(
      ([key, inner]) => !Object.hasOwn(value, key) || accepts(inner, value[key]),
    ),
  additionalProperties: (rest: false | JsonSchema, value, { properties = {} }) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([key, entry]) => Object.hasOwn(properties as object, key) || (rest !== false && accepts(rest, entry)),
    ),
  propertyNames: (rule: JsonSchema, value) =>
    !isObject(value) || Object.keys(value).every((key) => accepts(rule, key)),
  allOf: (all: JsonSchema[], value) => all.every((inner) => accepts(inner, value)),
  anyOf: (any: JsonSchema[], value) => any.some((inner) => accepts(inner, value)),
  if: (condition: JsonSchema, value, { then = {}, else: otherwise = {} }) =>
    accepts((accepts(condition, value) ? then : otherwise) as JsonSchema, value),
};

const annotations = new Set([
  'description',
  'default',
  'title',
  '$schema',
  'definitions',
  'then',
  'else',
  'allowComments',
  'allowTrailingCommas',
  'markdownDescription',
  'markdownEnumDescriptions',
]);

function accepts(rule: JsonSchema, value: unknown): boolean {
  return Object.entries(rule).every(([keyword, argument]) => {
    if (annotations.has(keyword)) return true;
    const check = rules[keyword];
    if (!check) throw new Error(`the test does not know the keyword ${keyword}`);
    return check(argument as never, value, rule);
  });
}

/** Expects that schema and parser agree whether a network is valid. */
function check(network: unknown, isAccepted: boolean): void {
  const text = JSON.stringify(network);
  const problems = parse(text).diagnostics.filter(({ severity }) => severity === 'error');
  expect({ parser: problems.length === 0, schema: accepts(schema, network) }, text).toEqual({
    parser: isAccepted,
    schema: isAccepted,
  });
}

const samples = [...layers].flatMap(({ type, samples }) =>
  samples.map(({ attributes = {} }) => ({ type, ...attributes })),
);

describe('the schema', () => {
  beforeAll(() => use(schema));

  test('knows every layer type and documents it', () => {
    const text = JSON.stringify(schema);
    for (const { type, doc } of layers) {
      expect(text).toContain(JSON.stringify(type));
      expect(text).toContain(JSON.stringify(doc));
    }
  });

  test.each(samples)('accepts the layer %j as the parser does', (layer) => {
    check({ layers: { a: { ...layer, from: 'b', trainable: false } } }, true);
    check({ layers: { a: { ...layer, noSuchAttribute: 1 } } }, false);
    check({ layers: { a: { ...layer, type: 'noSuchType' } } }, false);
  });

  test.each([...layers].map(({ type }) => type))('refuses what the parser refuses in %s', (type) => {
    const odd = fc.constantFrom<unknown>(-1, 0.5, 1e12, 'x', true, [], {}, [1, 2, 3, 4, 5], ['x']);
    const own = samples.filter((sample) => sample.type === type);
    if (own.length === 0 || Object.keys(layers.get(type).attributes).length === 0) return;
    const attribute = fc.constantFrom(...Object.keys(layers.get(type).attributes));
    fc.assert(
      fc.property(fc.constantFrom(...own), attribute, odd, (layer, name, value) => {
        const network = { layers: { a: { ...layer, [name]: value } } };
        const isAccepted = accepts(schema, network);
        // The parser may refuse more than a schema can express, but never less.
        if (!isAccepted) check(network, false);
      }),
      { numRuns: 40 },
    );
  });

  test('accepts and refuses training sections as the parser does', () => {
    const [data, loss, optimizer] = [datasets, losses, optimizers].map((registry) =>
      [...registry].find(({ attributes }) =>
        Object.values(attributes).every((one) => one.default !== undefined || one.optional),
      ),
    );
    if (!data || !loss || !optimizer) throw new Error('no kind without required attributes to try');
    const network = (settings: object) => ({
      layers: { a: { type: 'input', shape: [1] } },
      training: {
        data: data.type,
        loss: { type: loss.type, from: 'a' },
        optimizer: optimizer.type,
        ...settings,
      },
    });
    check(network({}), true);
    check(network({ epochs: 3, clipNorm: 1, earlyStopping: { patience: 2 }, metrics: [] }), true);
    check(network({ loss: [{ type: loss.type, from: 'a', weight: 0.5 }] }), true);
    for (const wrong of [
      { epochs: 0 },
      { clipNorm: 0 },
      { earlyStopping: { patiences: 2 } },
      { loss: loss.type },
      { loss: [] },
      { loss: { type: loss.type } },
      { speed: 9 },
      { optimizer: 'none' },
    ])
      check(network(wrong), false);
  });

  test('accepts and refuses documents as the parser does', () => {
    check({ format: 1, layers: {}, layout: {} }, true);
    check({ format: 2, layers: {} }, false);
    check({ layers: [] }, false);
    check({ layers: { 'a.b': { type: 'input', shape: [1] } } }, false);
    check({ layers: {}, layer: {} }, false);
    check({ layers: { a: { type: 'input', shape: [1] } }, layout: { a: [1] } }, false);
  });
});
