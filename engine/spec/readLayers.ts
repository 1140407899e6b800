/** The layers of a section of the text: those of the network, or those of one of its blocks. */
import * as l10n from '@vscode/l10n';
import type { LayerDefinition } from '../layers/define.ts';
import { layers as layerTypes } from '../layers/registry.ts';
import {
  type AttributeProblem,
  fail,
  type Json,
  type Path,
  type Reading,
  readAttribute,
  readTable,
} from '../schema/attributes.ts';
import { nearest } from '../schema/nearest.ts';
import type { ProblemCode } from '../schema/problemCodes.ts';
import { problemAt } from '../schema/reading.ts';
import { blockInput, blockParameter, blockPorts, type LayerKinds } from './blockKinds.ts';
import { canBeOpen, type Defaults, parameterIn, writtenParameter } from './blockParameters.ts';
import type { LayerSpec } from './document.ts';
import { commonLayerAttributes, fromAttribute } from './layerAttributes.ts';
import { insideName, isName, nameProblem } from './reference.ts';
import { error, inBlock, isObject, type JsonObject, type Report, sentence } from './reporting.ts';
import { nameNode } from './reread.ts';
import type { Issue, Source } from './source.ts';

/** Keys of a layer that are not attributes of its type. */
export const reservedLayerKeys: readonly string[] = ['from', ...Object.keys(commonLayerAttributes)];

/**
 * The most work that the layers of one text may take: roughly the microseconds that a slow machine needs to read, order and infer
 * all of them, as much as for 3,100 dense layers or 2,000 convolutions. Reading stops at the layer that reaches it.
 */
export const layerBudget = 71_300;
const workOfLayer = 5;
const workOfAttribute = 6;
const workOfProblem = 16;

/**
 * The keys of the object at a path, in the order of the text. The keys of a JavaScript object have another order if they look
 * like numbers.
 */
export function namesAt(source: Source, path: Path): string[] {
  const section = source.node(path);
  const properties = section?.type === 'object' ? section.children! : [];
  return [...new Set(properties.map((property) => nameNode(property).value as string))];
}

/** Reads the layers of a text, section by section, within one budget of work. */
export class LayerReader {
  readonly #source: Source;
  readonly #report: Report;
  #work = 0;
  #isOver = false;

  constructor(source: Source, report: Report) {
    this.#source = source;
    this.#report = (issue) => {
      this.#work += workOfProblem;
      report(issue);
    };
  }

  /** The text is too large: the rest was not read, so nothing is reported about it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The layers in the object `section` at `path`. */
  read(section: JsonObject, path: Path, kinds: LayerKinds, parameters?: Parameters): LayerSpec[] {
    const names = namesAt(this.#source, path).filter((name) => Object.hasOwn(section, name));
    const layers: LayerSpec[] = [];
    for (const name of names) {
      if (this.#work >= layerBudget) {
        this.#stop(path, layers.length, names.length);
        break;
      }
      const layer =
        layerKnown(name, section[name], kinds, path) ??
        readLayer(name, section[name], kinds, path, this.#report, parameters);
      layers.push(layer);
      this.#work += workOfLayer + workOfAttribute * (2 + Object.keys(layer.given).length);
    }
    return layers;
  }

  #stop(path: Path, read: number, count: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const whole = l10n.t(
      'the network is too large to be read whole: only the first {0} of its {1} layers were checked. Divide it into smaller networks.',
      read,
      count,
    );
    const inside = l10n.t(
      'the network is too large to be read whole: from the block {0} on nothing was checked. Use fewer or smaller blocks.',
      String(path[1]),
    );
    const message = path[0] === 'blocks' ? inside : whole;
    this.#report(error('spec/too-large', path, message, 'key'));
  }
}

/** Layers without a mistake, by their value in the text, which is the same object as long as nothing in it changes. */
const known = new WeakMap<JsonObject, LayerSpec>();

/** The layer that was read from the same object before. Only for the network: a layer of a block has the block's name in its path. */
function layerKnown(name: string, value: Json, kinds: LayerKinds, at: Path): LayerSpec | undefined {
  const layer = isObject(value) && at.length === 1 ? known.get(value) : undefined;
  // Blocks are kinds of their own in each text.
  return layer?.name === name && layer.kind === kinds.find(layer.type) ? layer : undefined;
}

/** The parameters of the block that is being read, with their default values. */
interface Parameters {
  readonly block: string;
  readonly values: Defaults;
}

function readLayer(
  name: string,
  value: Json,
  kinds: LayerKinds,
  at: Path,
  report: Report,
  parameters: Parameters | undefined,
): LayerSpec {
  const place = [...at, name];
  const block = at[0] === 'blocks' ? String(at[1]) : undefined;
  const written: JsonObject = isObject(value) ? value : {};
  const open = parameters ? openIn(written) : noneOpen;
  const given = parameters ? filled(written, open, parameters.values) : written;
  let valid = true;
  let attributes: LayerSpec['attributes'] | undefined;
  const wrong = (code: ProblemCode, problem: AttributeProblem, on: Issue['on'] = 'value') => {
    valid = false;
    const attribute = problem.path[0];
    // A mistake in a default value of the block is reported at that value.
    const parameter =
      typeof attribute === 'string' && Object.hasOwn(open, attribute) ? open[attribute] : undefined;
    const isDefault = parameter !== undefined && parameters?.values.has(parameter);
    const path = isDefault ? [...at, parameter, 'default'] : [...place, ...problem.path];
    report({
      code,
      severity: 'error',
      get message() {
        const message = `${name}: ${sentence(problem.message)}`;
        return block === undefined ? message : inBlock(block, message);
      },
      path,
      on,
      layer: block === undefined ? name : insideName(block, name),
      ...(typeof attribute === 'string' ? { attribute } : {}),
    });
  };
  /** Whether its parameter is not declared or has no default value, which is reported there. */
  const isUnset = (attribute: string | number | undefined): boolean =>
    typeof attribute === 'string' &&
    Object.hasOwn(open, attribute) &&
    parameters?.values.get(open[attribute]) === undefined;
  if (!isName(name))
    wrong(
      'spec/name',
      problemAt([], () => nameProblem(name)!),
      'key',
    );
  const kind = typeof given.type === 'string' ? kinds.find(given.type) : undefined;
  if (!isObject(value)) {
    const reading = fail(() => l10n.t('an object such as { "type": "…", "from": "…" }'), value);
    if ('problems' in reading) for (const problem of reading.problems) wrong('spec/layer', problem);
  } else if (kind === undefined && isMisplaced(given.type)) {
    wrong(
      'block/misplaced',
      problemAt(['type'], () => misplacedProblem(`${given.type}`)),
    );
  } else {
    const reading = kinds.read(given, reservedLayerKeys);
    if ('value' in reading) attributes = reading.value.attributes;
    else
      for (const problem of withoutEchoes(reading.problems, written, kind))
        if (!isUnset(problem.path[0]))
          wrong(codeOf(problem, given, kind), problem, isUnknownAttribute(problem, kind) ? 'key' : 'value');
  }
  const from = readAttribute(fromAttribute, given.from);
  if ('problems' in from)
    for (const problem of from.problems)
      wrong(
        'spec/from',
        problemAt(['from', ...problem.path], () => `from ${problem.message}`),
      );
  const common = readCommon(given);
  if ('problems' in common) for (const problem of common.problems) wrong('spec/attribute', problem);
  for (const [attribute, parameter] of Object.entries(open))
    if (!parameters?.values.has(parameter))
      wrong(
        'block/parameter',
        problemAt([attribute], () => parameterProblem(attribute, parameter, parameters!)),
      );
  const layer: LayerSpec = {
    name,
    kind,
    path: place,
    ...(open === noneOpen ? {} : { open }),
    type: typeof given.type === 'string' ? given.type : '',
    attributes: attributes ?? readableAttributes(kind, given),
    from: 'value' in from ? from.value : [],
    common: 'value' in common ? common.value : commonDefaults,
    given: withoutTypeAndFrom(written),
    valid: valid && !Object.keys(open).some(isUnset),
  };
  if (valid && at.length === 1) known.set(given, layer);
  return layer;
}

const noneOpen: { readonly [attribute: string]: string } = {};

/** The attributes for which a layer of a block names a parameter. */
function openIn(given: JsonObject): { readonly [attribute: string]: string } {
  let open: { [attribute: string]: string } | undefined;
  for (const name in given) {
    const parameter = parameterIn(given[name]);
    if (parameter === undefined || !canBeOpen(name)) continue;
    open ??= {};
    open[name] = parameter;
  }
  return open ?? noneOpen;
}

/** The attributes with the values of parameters instead of their names, without those whose parameter does not exist. */
function filled(
  given: JsonObject,
  open: LayerSpec['open'] & object,
  values: Parameters['values'],
): JsonObject {
  if (open === noneOpen) return given;
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, Json][] => {
      const parameter = Object.hasOwn(open, name) ? open[name] : undefined;
      if (parameter === undefined) return [[name, value]];
      const preset = values.get(parameter);
      return preset === undefined ? [] : [[name, preset]];
    }),
  );
}

function parameterProblem(attribute: string, parameter: string, { block, values }: Parameters): string {
  const near = nearest(parameter, values.keys());
  return near
    ? l10n.t(
        '{0}: the block {1} has no parameter "{2}". Did you mean "{3}"?',
        attribute,
        block,
        parameter,
        writtenParameter(near),
      )
    : l10n.t(
        '{0}: the block {1} has no parameter "{2}". Add {3} to it.',
        attribute,
        block,
        parameter,
        `"${parameter}": { "type": "${blockParameter.type}", "default": … }`,
      );
}

/** Whether a type is known, but not allowed in this place. */
const isMisplaced = (type: Json | undefined): boolean =>
  typeof type === 'string' &&
  (blockPorts.some((port) => port.type === type) || layerTypes.find(type) !== undefined);

const misplacedProblem = (type: string): string =>
  layerTypes.find(type)
    ? l10n.t('"{0}" belongs in the network itself, not in a block. Use "{1}" here.', type, blockInput.type)
    : l10n.t('"{0}" belongs in a block, under "blocks".', type);

const commonDefaults: LayerSpec['common'] = {
  bypass: false,
  trainable: true,
  l1: 0,
  l2: 0,
  shares: undefined,
};

/** The attributes that every layer may have. Most layers have none of them, and share one object. */
function readCommon(given: JsonObject): Reading<LayerSpec['common']> {
  for (const name in commonLayerAttributes)
    if (given[name] !== undefined) return readTable(commonLayerAttributes, given, () => undefined);
  return { value: commonDefaults };
}

function withoutTypeAndFrom(given: JsonObject): JsonObject {
  const rest: { [name: string]: Json } = {};
  for (const name in given) if (name !== 'type' && name !== 'from') rest[name] = given[name];
  return rest;
}

/** The attributes that can be read, though others may be wrong. */
function readableAttributes(kind: KnownKind, given: JsonObject): { [name: string]: unknown } {
  const values: { [name: string]: unknown } = {};
  for (const [name, attribute] of Object.entries(kind?.attributes ?? {})) {
    const reading = readAttribute(attribute, given[name]);
    if ('value' in reading) values[name] = reading.value;
  }
  return values;
}

type KnownKind = LayerDefinition | undefined;

function isUnknownAttribute({ path }: AttributeProblem, kind: KnownKind): boolean {
  return kind !== undefined && path.length === 1 && !Object.hasOwn(kind.attributes, path[0]);
}

/** A required attribute with a misspelt name is not reported as missing too. */
function withoutEchoes(
  problems: readonly AttributeProblem[],
  given: JsonObject,
  kind: KnownKind,
): readonly AttributeProblem[] {
  const unknown = problems
    .filter((problem) => isUnknownAttribute(problem, kind))
    .map(({ path }) => `${path[0]}`);
  return problems.filter(({ path: [name] }) => {
    const isMissing = typeof name === 'string' && given[name] === undefined;
    return !isMissing || !unknown.some((typed) => nearest(typed, [name]) === name);
  });
}

function codeOf(problem: AttributeProblem, given: JsonObject, kind: KnownKind): ProblemCode {
  const name = problem.path[0];
  if (name === 'type') return 'spec/unknown-type';
  if (isUnknownAttribute(problem, kind)) return 'spec/unknown-attribute';
  return typeof name === 'string' && given[name] === undefined ? 'spec/missing-attribute' : 'spec/attribute';
}
