/**
 * Kinds: everything that is chosen by `"type": "…"` in a spec (layers, losses, optimizers, datasets,
 * schedules, initializers, metrics). A registry is the only place that lists its kinds.
 */
import * as l10n from '@vscode/l10n';
import {
  type Attribute,
  type AttributeProblem,
  fail,
  isRequired,
  type Json,
  type JsonSchema,
  type Kind,
  type KindSet,
  type Reading,
  readTable,
} from './attributes.ts';
import { nearest } from './nearest.ts';
import { problemAt } from './reading.ts';

/** A kind with its attributes read, checked and completed by defaults. */
export interface Described {
  readonly type: string;
  readonly attributes: { readonly [name: string]: unknown };
}

/** The kinds of one set, by type, in the order in which views list them. */
export class Registry<K extends Kind> implements KindSet<K> {
  readonly #kinds: ReadonlyMap<string, K>;

  /** `noun` names the registry in messages: "layer", "loss", … */
  constructor(
    readonly noun: string,
    kinds: readonly K[],
  ) {
    this.#kinds = new Map(kinds.map((kind) => [kind.type, kind]));
  }

  find(type: string): K | undefined {
    return this.#kinds.get(type);
  }

  /** For a type that was read from a checked spec. */
  get(type: string): K {
    const kind = this.#kinds.get(type);
    if (!kind) throw new Error(`internal error: unknown ${this.noun} type "${type}" after parsing`);
    return kind;
  }

  get types(): string[] {
    return [...this.#kinds.keys()];
  }

  [Symbol.iterator](): Iterator<K> {
    return this.#kinds.values();
  }

  /** Reads `{ "type": …, attribute: … }`. Keys in `reserved` belong to the caller and are skipped. */
  read(value: Json, reserved: readonly string[] = []): Reading<Described> {
    const given = typeof value === 'string' ? { type: value } : value;
    if (given === null || typeof given !== 'object' || Array.isArray(given))
      return fail(() => l10n.t('an object with a "type" (a {0})', this.noun), value);
    const { type } = given as { type?: Json };
    const kind = typeof type === 'string' ? this.find(type) : undefined;
    if (!kind) return { problems: [this.#unknownType(type)] };
    const reading = readTable(kind.attributes, given, (name) =>
      name === 'type' || reserved.includes(name)
        ? undefined
        : () => this.#unknownAttribute(kind, name, reserved),
    );
    return 'problems' in reading ? reading : { value: { type: kind.type, attributes: reading.value } };
  }

  #unknownType(type: Json | undefined): AttributeProblem {
    return problemAt(['type'], () => {
      const known = this.types.map((name) => `"${name}"`).join(', ');
      if (typeof type !== 'string') return l10n.t('needs a "type". Known {0} types: {1}.', this.noun, known);
      const near = nearest(type, this.types);
      return near
        ? l10n.t('has the unknown {0} type "{1}". Did you mean "{2}"?', this.noun, type, near)
        : l10n.t('has the unknown {0} type "{1}". Known types: {2}.', this.noun, type, known);
    });
  }

  #unknownAttribute(kind: Kind, name: string, reserved: readonly string[]): string {
    const names = Object.keys(kind.attributes);
    const near = nearest(name, [...names, ...reserved]);
    if (near) return l10n.t('{0} has no attribute "{1}". Did you mean "{2}"?', kind.type, name, near);
    if (names.length === 0) return l10n.t('{0} has no attribute "{1}"; it takes none.', kind.type, name);
    return l10n.t('{0} has no attribute "{1}". It takes {2}.', kind.type, name, names.join(', '));
  }
}

/** An attribute whose value is itself a kind, given as `"type"` or `{ "type": …, … }`. */
export function kindOf<K extends Kind>(
  registry: Registry<K>,
  options: { readonly doc: string; readonly default?: string },
): Attribute<Described> {
  const preset = options.default === undefined ? undefined : registry.read(options.default);
  let schema: JsonSchema | undefined;
  if (preset && 'problems' in preset)
    throw new Error(`internal error: default ${registry.noun} is not valid`);
  return {
    doc: options.doc,
    ...(preset ? { default: preset.value } : {}),
    control: { kind: 'kind', registry },
    // Made on demand, because it holds those of all kinds.
    get schema() {
      schema ??= {
        description: options.doc,
        ...(options.default === undefined ? {} : { default: options.default }),
        anyOf: [
          { enum: registry.types.filter((type) => !needsAttributes(registry.get(type))) },
          kindSchema(registry),
        ],
      };
      return schema;
    },
    read: (value) => registry.read(value),
  };
}

function needsAttributes(kind: Kind): boolean {
  return Object.values(kind.attributes).some(isRequired);
}

/**
 * The schema of `{ "type": …, … }`. Branches hang on `type` by if/then, because VS Code completes and reports far better from those
 * than from a wide `oneOf`. With `open`, other types are allowed too, and `orElse` is what is allowed instead of an attribute's
 * value.
 */
export function kindSchema(
  registry: Registry<Kind>,
  common: { readonly [name: string]: JsonSchema } = {},
  required: readonly string[] = [],
  { open = false, orElse }: { readonly open?: boolean; readonly orElse?: JsonSchema } = {},
): JsonSchema {
  const orParameter = (schema: JsonSchema): JsonSchema => (orElse ? { anyOf: [schema, orElse] } : schema);
  const kinds = [...registry];
  const known = {
    enum: kinds.map((kind) => kind.type),
    markdownEnumDescriptions: kinds.map((kind) => kind.doc),
  };
  return {
    type: 'object',
    required: ['type', ...required],
    properties: {
      type: open ? { anyOf: [known, { type: 'string' }] } : known,
      ...common,
    },
    allOf: kinds.map((kind) => ({
      if: { properties: { type: { const: kind.type } }, required: ['type'] },
      // biome-ignore lint/suspicious/noThenProperty: the JSON Schema keyword.
      then: {
        properties: {
          type: {},
          ...Object.fromEntries(Object.keys(common).map((name) => [name, {}])),
          ...Object.fromEntries(
            Object.entries(kind.attributes).map(([name, attr]) => [name, orParameter(attr.schema)]),
          ),
        },
        required: Object.entries(kind.attributes)
          .filter(([, attr]) => isRequired(attr))
          .map(([name]) => name),
        additionalProperties: false,
      },
    })),
  };
}
