/** The layers of a section of the text: those of the network, or those of one of its blocks. */
import * as l10n from '@vscode/l10n';
import type { LayerDefinition } from '../layers/define.ts';
import { layers as layerTypes } from '../layers/registry.ts';
import {
  type AttributeProblem,
  fail,
  type Json,
  type Path,
  readAttribute,
  readTable,
} from '../schema/attributes.ts';
import { nearest } from '../schema/nearest.ts';
import { TextObject } from '../schema/objects.ts';
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

const commonNames = Object.keys(commonLayerAttributes);

/** Keys of a layer that are not attributes of its type. */
const reservedLayerKeys: readonly string[] = ['from', ...commonNames];

/**
 * The most work that the layers of one text may take: roughly the microseconds that a slow machine needs to read, order and infer
 * all of them, as much as for 3,100 dense layers or 2,000 convolutions. Reading stops at the layer that reaches it.
 */
const layerBudget = 71_300;
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
  const written: JsonObject = isObject(value) ? value : {};
  const open = parameters ? openIn(written) : noneOpen;
  const given = parameters ? filled(written, open, parameters.values) : written;
  const mistakes = new Mistakes(name, at, open, parameters, report);
  if (!isName(name))
    mistakes.add(
      'spec/name',
      problemAt([], () => nameProblem(name)!),
      'key',
    );
  const kind = typeof given.type === 'string' ? kinds.find(given.type) : undefined;
  const attributes = isObject(value)
    ? readAttributes(written, given, kinds, kind, mistakes)
    : noLayer(value, mistakes);
  const from = readFrom(given, mistakes);
  const common = readCommon(given, mistakes);
  mistakes.addUndeclared();
  const valid = !mistakes.any;
  const layer: LayerSpec = {
    name,
    kind,
    path: mistakes.place,
    ...(open === noneOpen ? {} : { open }),
    type: typeof given.type === 'string' ? given.type : '',
    attributes: attributes ?? readableAttributes(kind, given),
    from,
    common,
    given: withoutTypeAndFrom(written),
    valid: valid && !Object.keys(open).some((attribute) => mistakes.isUnset(attribute)),
  };
  if (valid && at.length === 1) known.set(given, layer);
  return layer;
}

/** Reports the mistakes in the text of one layer. */
class Mistakes {
  readonly place: Path;
  any = false;
  /** The block that the layer belongs to. */
  readonly #block: string | undefined;

  constructor(
    readonly name: string,
    readonly at: Path,
    readonly open: LayerSpec['open'] & object,
    readonly parameters: Parameters | undefined,
    readonly report: Report,
  ) {
    this.place = [...at, name];
    this.#block = at[0] === 'blocks' ? String(at[1]) : undefined;
  }

  add(code: ProblemCode, problem: AttributeProblem, on: Issue['on'] = 'value'): void {
    this.any = true;
    const { name } = this;
    const block = this.#block;
    const attribute = problem.path[0];
    this.report({
      code,
      severity: 'error',
      get message() {
        const message = `${name}: ${sentence(problem.message)}`;
        return block === undefined ? message : inBlock(block, message);
      },
      path: this.#pathOf(problem),
      on,
      layer: block === undefined ? name : insideName(block, name),
      ...(typeof attribute === 'string' ? { attribute } : {}),
    });
  }

  /** A mistake in a default value of the block is reported at that value. */
  #pathOf({ path }: AttributeProblem): Path {
    const parameter = this.#parameterOf(path[0]);
    const isDefault = parameter !== undefined && this.parameters?.values.has(parameter);
    return isDefault ? [...this.at, parameter, 'default'] : [...this.place, ...path];
  }

  #parameterOf(attribute: string | number | undefined): string | undefined {
    return typeof attribute === 'string' && Object.hasOwn(this.open, attribute)
      ? this.open[attribute]
      : undefined;
  }

  /** Whether its parameter is not declared or has no default value, which is reported there. */
  isUnset(attribute: string | number | undefined): boolean {
    const parameter = this.#parameterOf(attribute);
    return parameter !== undefined && this.parameters?.values.get(parameter) === undefined;
  }

  /** Attributes that name a parameter which the block does not have. */
  addUndeclared(): void {
    for (const [attribute, parameter] of Object.entries(this.open))
      if (!this.parameters?.values.has(parameter))
        this.add(
          'block/parameter',
          problemAt([attribute], () => parameterProblem(attribute, parameter, this.parameters!)),
        );
  }
}

/** The value of a layer is not an object. */
function noLayer(value: Json, mistakes: Mistakes): undefined {
  const reading = fail(() => l10n.t('an object such as { "type": "…", "from": "…" }'), value);
  if ('problems' in reading) for (const problem of reading.problems) mistakes.add('spec/layer', problem);
}

/** The type and its attributes; undefined if there is a mistake in them. */
function readAttributes(
  written: JsonObject,
  given: JsonObject,
  kinds: LayerKinds,
  kind: KnownKind,
  mistakes: Mistakes,
): LayerSpec['attributes'] | undefined {
  if (kind === undefined && isMisplaced(given.type)) {
    mistakes.add(
      'block/misplaced',
      problemAt(['type'], () => misplacedProblem(`${given.type}`)),
    );
    return undefined;
  }
  const reading = kinds.read(given, reservedLayerKeys);
  if ('value' in reading) return reading.value.attributes;
  for (const problem of withoutEchoes(reading.problems, written, kind))
    if (!mistakes.isUnset(problem.path[0]))
      mistakes.add(
        codeOf(problem, given, kind),
        problem,
        isUnknownAttribute(problem, kind) ? 'key' : 'value',
      );
  return undefined;
}

function readFrom(given: JsonObject, mistakes: Mistakes): LayerSpec['from'] {
  const from = readAttribute(fromAttribute, given.from);
  if ('value' in from) return from.value;
  for (const problem of from.problems)
    mistakes.add(
      'spec/from',
      problemAt(['from', ...problem.path], () => `from ${problem.message}`),
    );
  return [];
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
  const all = new TextObject<Json>();
  for (const name in given) {
    const value = Object.hasOwn(open, name) ? values.get(open[name]) : given[name];
    if (value !== undefined) all[name] = value;
  }
  return all;
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
function readCommon(given: JsonObject, mistakes: Mistakes): LayerSpec['common'] {
  if (!commonNames.some((name) => given[name] !== undefined)) return commonDefaults;
  const common = readTable(commonLayerAttributes, given, () => undefined);
  if ('value' in common) return common.value;
  for (const problem of common.problems) mistakes.add('spec/attribute', problem);
  return commonDefaults;
}

function withoutTypeAndFrom(given: JsonObject): JsonObject {
  const rest = new TextObject<Json>();
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
