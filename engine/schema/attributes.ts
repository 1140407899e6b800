/**
 * Attributes: what a person may set on a layer, loss, optimizer, dataset or initializer.
 * One value is the single source of the TypeScript type, the reader with its error message,
 * the JSON schema, the form control and the documentation.
 */
import * as l10n from '@vscode/l10n';
import { type Bounds, isReadable, isWithin, limitedText, numberText } from './numberText.ts';
import type { OnCard } from './onCard.ts';
import {
  type AttributeProblem,
  fail,
  type Json,
  longestList,
  mostProblems,
  type Path,
  problemAt,
  quote,
  type Reading,
  readEach,
  tooLong,
} from './reading.ts';

export type { AttributeProblem, Json, Path, Reading };
export { fail, quote };

/** JSON Schema, draft 7, as VS Code's JSON service reads it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** How a form edits an attribute. The webview has one component for each. */
export type Control =
  | { readonly kind: 'number'; readonly integer: boolean; readonly min?: number; readonly max?: number }
  | { readonly kind: 'toggle' }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  /** A choice with attributes of its own, e.g. an initializer. */
  | {
      readonly kind: 'kind';
      readonly registry: KindSet;
      /** Attributes that each of these kinds has in addition to its own. */
      readonly common?: AttributeTable;
    }
  /** An object with attributes of its own. */
  | { readonly kind: 'record'; readonly table: AttributeTable }
  | { readonly kind: 'text' }
  | { readonly kind: 'json' };

/** What is chosen by `"type": "…"` in a spec. */
export interface Kind {
  /** The value of "type" in a spec. */
  readonly type: string;
  readonly label: string;
  /** Markdown: what it does, its formula, when to use it, its source. */
  readonly doc: string;
  readonly attributes: AttributeTable;
}

/** The kinds that a `"type"` may name, in the form that forms need: a registry, see `kind.ts`. */
export interface KindSet<K extends Kind = Kind> extends Iterable<K> {
  /** The word for a kind of this set in messages: "layer", "loss", … */
  readonly noun: string;
  readonly types: readonly string[];
  find(type: string): K | undefined;
  /** For a type that was read from a checked spec. */
  get(type: string): K;
}

export interface Attribute<T> {
  readonly doc: string;
  /** The value when the key is absent. An attribute without a default is required, unless it is optional. */
  readonly default?: T;
  /** It may be absent, which means "not set": the value is then undefined. */
  readonly optional?: true;
  /** The value that a form enters for a required attribute of a new layer. */
  readonly start?: Json;
  readonly onCard?: OnCard;
  /** Whether it says where data is, not what it is, and may change between training and evaluation. */
  readonly location?: true;
  /** The path of a file, relative to the network. */
  readonly file?: true;
  /** Names a column, or each of its entries does, of the table whose path this attribute beside it has. */
  readonly columnOf?: string;
  /** Names a layer, or one of its outputs ("lstm1", "lstm1.state"). */
  readonly names?: 'layer' | 'output';
  /** How each entry is read where the value is a list, or may be one. */
  readonly item?: Attribute<unknown>;
  readonly control: Control;
  readonly schema: JsonSchema;
  read(value: Json): Reading<T>;
}

// biome-ignore lint/suspicious/noExplicitAny: the one erased type; `Values` gives each attribute its own back.
export type AttributeTable = { readonly [name: string]: Attribute<any> };

export type Values<A extends AttributeTable> = {
  readonly [K in keyof A]: A[K] extends Attribute<infer T> ? T : never;
};

interface Options<T> extends Pick<Attribute<T>, 'start' | 'onCard'> {
  readonly doc: string;
  readonly default?: T;
}

function attribute<T>(
  options: Options<T>,
  control: Control,
  schema: JsonSchema,
  read: (value: Json) => Reading<T>,
): Attribute<T> {
  return {
    doc: options.doc,
    ...(options.default === undefined ? {} : { default: options.default }),
    ...(options.start === undefined ? {} : { start: options.start }),
    ...(options.onCard === undefined ? {} : { onCard: options.onCard }),
    control,
    schema: {
      ...schema,
      description: options.doc,
      ...(options.default === undefined ? {} : { default: options.default }),
    },
    read,
  };
}

function numeric(integer: boolean, options: Options<number> & Bounds): Attribute<number> {
  const expected = () => numberText(integer, options);
  const { min, max, above, below } = options;
  return attribute(
    options,
    {
      kind: 'number',
      integer,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    },
    {
      type: integer ? 'integer' : 'number',
      ...(min === undefined ? {} : { minimum: min }),
      ...(max === undefined ? {} : { maximum: max }),
      ...(above === undefined ? {} : { exclusiveMinimum: above }),
      ...(below === undefined ? {} : { exclusiveMaximum: below }),
    },
    (value) =>
      typeof value === 'number' &&
      Number.isFinite(value) &&
      (!integer || Number.isSafeInteger(value)) &&
      isWithin(value, options)
        ? isReadable(value, integer, options)
          ? { value }
          : fail(() => limitedText(integer, options), value)
        : fail(expected, value),
  );
}

/** Whether a value would be read if it were smaller. */
const isTooLarge = (value: Json | undefined, bounds: Bounds): boolean =>
  typeof value === 'number' && !isReadable(value, true, bounds);

/** An integer within bounds; by default, at most 2³¹ − 1. */
export const integer = (options: Options<number> & Bounds): Attribute<number> => numeric(true, options);

/** A number within bounds; by default, at most the largest of float32. */
export const number = (options: Options<number> & Bounds): Attribute<number> => numeric(false, options);

export const boolean = (options: Options<boolean>): Attribute<boolean> =>
  attribute(options, { kind: 'toggle' }, { type: 'boolean' }, (value) =>
    typeof value === 'boolean' ? { value } : fail(() => l10n.t('true or false'), value),
  );

export const text = (options: Options<string>): Attribute<string> =>
  attribute(options, { kind: 'text' }, { type: 'string' }, (value) =>
    typeof value === 'string' ? { value } : fail(() => l10n.t('a string in quotes'), value),
  );

/** The path of a data file, relative to the network. */
export const dataFile = (options: Options<string>): Attribute<string> => ({
  ...text(options),
  location: true,
  file: true,
});

/** The name of a column of the table that the attribute "file" names, or its number. */
export const column = (options: Options<string>): Attribute<string> => ({
  ...text(options),
  columnOf: 'file',
});

/** One of several words. */
export function choice<const T extends string>(
  choices: readonly T[],
  options: Options<NoInfer<T>>,
): Attribute<T> {
  const expected = () => l10n.t('one of {0}', choices.map((name) => `"${name}"`).join(', '));
  return attribute<T>(options, { kind: 'choice', options: choices }, { enum: choices }, (value) =>
    typeof value === 'string' && (choices as readonly string[]).includes(value)
      ? { value: value as T }
      : fail(expected, value),
  );
}

/** A list of integers, e.g. a shape. `length` fixes how many. */
export function integers(
  options: Options<readonly number[]> &
    Bounds & { readonly length?: number; readonly minLength?: number; readonly maxLength?: number },
): Attribute<readonly number[]> {
  const item = integer({ ...options, default: 0 });
  const { length, minLength = 0, maxLength = longestList } = options;
  const textOf = (items: string) => {
    const least = minLength === 1 ? l10n.t('one or more') : l10n.t('at least {0}', minLength);
    const count = length ?? (minLength > 0 ? least : '');
    return l10n.t('a list of {0}', [count, items].filter((part) => part !== '').join(' '));
  };
  const expected = () => textOf(numberText(true, options, 'several'));
  return attribute<readonly number[]>(
    options,
    { kind: 'json' },
    {
      type: 'array',
      items: item.schema,
      ...(length === undefined
        ? { minItems: minLength, maxItems: maxLength }
        : { minItems: length, maxItems: length }),
    },
    (value) => {
      if (
        !Array.isArray(value) ||
        (length !== undefined ? value.length !== length : value.length < minLength)
      )
        return fail(expected, value);
      if (length === undefined && value.length > maxLength) return tooLong(maxLength, value);
      const bad = value.findIndex((entry) => 'problems' in item.read(entry));
      return bad < 0
        ? { value: value as number[] }
        : fail(
            isTooLarge(value[bad], options) ? () => textOf(limitedText(true, options, 'several')) : expected,
            value[bad],
            [bad],
          );
    },
  );
}

/** One for each class or output: embeddings may have as many as words. */
const mostNumbers = 100_000;

/** A list of numbers, e.g. one weight for each class. May be empty when that is the default. */
export function numbers(options: Options<readonly number[]> & Bounds): Attribute<readonly number[]> {
  const item = number({ ...options, default: 0 });
  const expected = () => l10n.t('a list of {0}', numberText(false, options, 'several'));
  return attribute<readonly number[]>(
    options,
    { kind: 'json' },
    { type: 'array', items: item.schema },
    (value) => {
      if (!Array.isArray(value)) return fail(expected, value);
      if (value.length > mostNumbers) return tooLong(mostNumbers, value);
      const bad = value.findIndex((entry) => 'problems' in item.read(entry));
      return bad < 0 ? { value: value as number[] } : fail(expected, value[bad], [bad]);
    },
  );
}

/** A size along height and width: one number for both, or a pair [height, width]. Read as a pair. */
export function size2d(
  options: Omit<Options<never>, 'default'> & Bounds & { readonly default?: number },
): Attribute<readonly [number, number]> {
  const one = integer({ doc: options.doc, ...(options.min === undefined ? {} : { min: options.min }) });
  const textOf = (one: string) => l10n.t('{0}, or a pair [height, width] of these', one);
  const expected = () => textOf(numberText(true, options));
  const { default: preset, ...rest } = options;
  return attribute<readonly [number, number]>(
    preset === undefined ? rest : { ...rest, default: [preset, preset] },
    { kind: 'json' },
    {
      anyOf: [one.schema, { type: 'array', items: one.schema, minItems: 2, maxItems: 2 }],
    },
    (value) => {
      const pair = Array.isArray(value) ? value : [value, value];
      const bad = pair.findIndex((entry) => 'problems' in one.read(entry));
      if (pair.length === 2 && bad < 0) return { value: [pair[0] as number, pair[1] as number] };
      return fail(
        isTooLarge(pair[bad], options) ? () => textOf(limitedText(true, options)) : expected,
        value,
      );
    },
  );
}

/** An attribute that may stay unset. */
export function optional<T>(inner: Attribute<T>): Attribute<T | undefined> {
  const { default: _, ...rest } = inner;
  return { ...rest, optional: true };
}

/** A list whose items are all read by `item`. */
export function list<T>(item: Attribute<T>, options: Options<readonly T[]>): Attribute<readonly T[]> {
  const reading = attribute<readonly T[]>(
    options,
    { kind: 'json' },
    { type: 'array', items: item.schema },
    (value) => {
      if (!Array.isArray(value)) return fail(() => l10n.t('a list in square brackets'), value);
      return readEach(value, (entry) => item.read(entry));
    },
  );
  return { ...reading, item };
}

/** An object with attributes of its own. */
export function record<A extends AttributeTable>(
  table: A,
  options: Options<Values<A>>,
): Attribute<Values<A>> {
  return attribute<Values<A>>(options, { kind: 'record', table }, tableSchema(table), (value) =>
    value === null || typeof value !== 'object' || Array.isArray(value)
      ? fail(() => l10n.t('an object with {0}', Object.keys(table).join(', ')), value)
      : readTable(
          table,
          value,
          (name) => () => l10n.t('has no "{0}". It takes {1}.', name, Object.keys(table).join(', ')),
        ),
  );
}

/** The JSON schema of an object with these attributes and no others. */
export function tableSchema(table: AttributeTable): JsonSchema {
  const entries = Object.entries(table);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, attr]) => [name, attr.schema])),
    required: entries.filter(([, attr]) => isRequired(attr)).map(([name]) => name),
    additionalProperties: false,
  };
}

/**
 * Reads every attribute of a table from an object. `unknown` returns the problem of a key that the table does not have, on demand;
 * undefined if the key belongs to the caller.
 */
export function readTable<A extends AttributeTable>(
  table: A,
  given: { readonly [name: string]: Json },
  unknown: (name: string) => (() => string) | undefined,
): Reading<Values<A>> {
  const values: Record<string, unknown> = {};
  const problems: AttributeProblem[] = [];
  for (const name in table) {
    const attr = table[name];
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined && !isRequired(attr)) {
      values[name] = attr.default;
      continue;
    }
    const reading = readAttribute<unknown>(attr, value);
    if ('value' in reading) values[name] = reading.value;
    else
      for (const problem of reading.problems)
        problems.push(problemAt([name, ...problem.path], () => `${name} ${problem.message}`));
  }
  for (const name in given) {
    if (problems.length >= mostProblems) break;
    const message = Object.hasOwn(table, name) ? undefined : unknown(name);
    if (message !== undefined) problems.push(problemAt([name], message));
  }
  return problems.length > 0 ? { problems } : { value: values as Values<A> };
}

/** Whether a text must state the attribute: it has no default and cannot stay unset. */
export const isRequired = (attr: Attribute<unknown>): boolean =>
  attr.default === undefined && attr.optional !== true;

/** Reads one attribute of an object, or returns the default if the key is absent. */
export function readAttribute<T>(attr: Attribute<T>, value: Json | undefined): Reading<T> {
  if (value !== undefined) return attr.read(value);
  return isRequired(attr)
    ? { problems: [problemAt([], () => l10n.t('is required'))] }
    : { value: attr.default as T };
}
