/** Text → NetworkSpec, with everything that is wrong and where. Never throws; reads nothing but the text. */
import * as l10n from '@vscode/l10n';
import { layers as layerTypes } from '../layers/registry.ts';
import {
  type AttributeProblem,
  fail,
  type Json,
  quote,
  readAttribute,
  readTable,
} from '../schema/attributes.ts';
import { nearest } from '../schema/nearest.ts';
import type { ProblemCode } from '../schema/problemCodes.ts';
import { mostProblems, problemAt } from '../schema/reading.ts';
import {
  type Diagnostic,
  formatVersion,
  type LayerSpec,
  type NetworkSpec,
  type TrainingSpec,
} from './document.ts';
import { commonLayerAttributes, fromAttribute } from './layerAttributes.ts';
import { Problems } from './problems.ts';
import { isName, nameProblem } from './reference.ts';
import { type Issue, jsonOf, Source } from './source.ts';
import { readSyntax } from './syntax.ts';
import { readTraining, trainingAttributes } from './training.ts';

const sections = ['format', 'layers', 'training', 'layout', '$schema'] as const;

/** Keys of a layer that are not attributes of its type. */
export const reservedLayerKeys: readonly string[] = ['from', ...Object.keys(commonLayerAttributes)];

/**
 * Work that the layers of one text may take, in about the microseconds that it takes a slow machine to read, order and
 * shape them all: as much as 10,000 dense layers. Reading stops with the layer that reaches it.
 */
export const layerBudget = 230_000;
const workOfLayer = 5;
const workOfAttribute = 6;
const workOfProblem = 16;

export interface Parsed {
  readonly spec: NetworkSpec;
  readonly source: Source;
  /** All that is wrong; what reads on adds to it. */
  readonly problems: Problems;
  /** What is shown of the problems so far. */
  readonly diagnostics: readonly Diagnostic[];
  /** The text is well-formed and has the form of a network; its content may still be wrong. */
  readonly readable: boolean;
}

const emptySpec: NetworkSpec = { layers: [], layout: new Map() };

type JsonObject = { readonly [key: string]: Json };

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

export function parse(text: string): Parsed {
  const { root, diagnostics: syntaxErrors } = readSyntax(text);
  const source = new Source(root);
  const problems = new Problems();
  const parsed = (spec: NetworkSpec, readable: boolean): Parsed => ({
    spec,
    source,
    problems,
    get diagnostics() {
      return problems.shown;
    },
    readable,
  });
  if (!root) {
    for (const error of syntaxErrors) problems.add(error.severity, error.path, () => error);
    return parsed(emptySpec, false);
  }
  /** Where numbers stand that cannot be read; that an attribute does not take what was read instead is no news. */
  const unreadable = new Set<string>();
  const document = jsonOf(root, (code, path, range, message) => {
    if (code === 'spec/number') unreadable.add(path.join('\n'));
    problems.add('error', path, () => ({ code, severity: 'error', message: message(), path, range }));
  });
  const report = (issue: Issue) => {
    if (unreadable.size > 0 && unreadable.has(issue.path.join('\n'))) return;
    problems.add(issue.severity, issue.path, () => source.locate(issue));
  };
  if (!isObject(document)) {
    report(
      error(
        'spec/not-an-object',
        [],
        l10n.t('expected a network, { "format": 1, "layers": { … } }, found {0}.', quote(document)),
      ),
    );
    return parsed(emptySpec, false);
  }
  reportSections(document, report);
  const layers = readLayers(document.layers, layerNames(source), report);
  const training = readTrainingSection(document.training, report);
  const layout = readLayout(document.layout, new Set(layers.map(({ name }) => name)), report);
  const readable = document.layers === undefined || isObject(document.layers);
  return parsed({ layers, ...(training ? { training } : {}), layout }, readable);
}

type Report = (issue: Issue) => void;

/** The message is made only if it is shown, where that takes work. */
const error = (
  code: ProblemCode,
  path: Issue['path'],
  message: string | (() => string),
  on: Issue['on'] = 'value',
): Issue => ({
  code,
  severity: 'error',
  get message() {
    return typeof message === 'string' ? message : message();
  },
  path,
  on,
});

function reportSections(document: JsonObject, report: Report): void {
  const unknown = Object.keys(document).filter((key) => !(sections as readonly string[]).includes(key));
  for (const key of unknown.slice(0, mostProblems)) {
    const near = nearest(key, sections);
    const message = near
      ? l10n.t('there is no section "{0}". Did you mean "{1}"?', key, near)
      : l10n.t('there is no section "{0}". Known sections: {1}.', key, sections.slice(0, 4).join(', '));
    report(error('spec/unknown-section', [key], message, 'key'));
  }
  const { format = formatVersion } = document;
  if (typeof format === 'number' && format > formatVersion)
    report(
      error(
        'spec/format',
        ['format'],
        l10n.t(
          'format {0} is newer than this version of Netloom reads ({1}). Update Netloom.',
          format,
          formatVersion,
        ),
      ),
    );
  else if (format !== formatVersion)
    report(
      error(
        'spec/format',
        ['format'],
        l10n.t('format: expected {0}, found {1}.', formatVersion, quote(format)),
      ),
    );
}

/** In the order of the text, which an object's own keys are not when they look like numbers. */
function layerNames(source: Source): string[] {
  const section = source.node(['layers']);
  const properties = section?.type === 'object' ? section.children! : [];
  return [...new Set(properties.map((property) => property.children![0].value as string))];
}

function readLayers(section: Json | undefined, names: readonly string[], report: Report): LayerSpec[] {
  if (section !== undefined && !isObject(section)) {
    report(
      error(
        'spec/layers',
        ['layers'],
        l10n.t('layers: expected an object { "name": { "type": … } }, found {0}.', quote(section)),
      ),
    );
    return [];
  }
  const known = section === undefined ? [] : names.filter((name) => Object.hasOwn(section, name));
  if (known.length === 0)
    report({
      code: 'spec/no-layers',
      severity: 'warning',
      message: l10n.t('the network has no layers yet. Add one in the graph editor, or write one here.'),
      path: ['layers'],
      on: 'key',
    });
  const layers: LayerSpec[] = [];
  let work = 0;
  const counted: Report = (issue) => {
    work += workOfProblem;
    report(issue);
  };
  for (const name of known) {
    if (work >= layerBudget) {
      const message = l10n.t(
        'the network is too large to be read whole: only the first {0} of its {1} layers were checked. Divide it into smaller networks.',
        layers.length,
        known.length,
      );
      report(error('spec/too-large', ['layers'], message, 'key'));
      break;
    }
    const layer = readLayer(name, section![name], counted);
    layers.push(layer);
    work += workOfLayer + workOfAttribute * (2 + Object.keys(layer.given).length);
  }
  return layers;
}

function readLayer(name: string, value: Json, report: Report): LayerSpec {
  let valid = true;
  let attributes: LayerSpec['attributes'] | undefined;
  const wrong = (code: ProblemCode, problem: AttributeProblem, on: Issue['on'] = 'value') => {
    valid = false;
    const attribute = problem.path[0];
    const path = ['layers', name, ...problem.path];
    report({
      code,
      severity: 'error',
      get message() {
        return `${name}: ${sentence(problem.message)}`;
      },
      path,
      on,
      layer: name,
      ...(typeof attribute === 'string' ? { attribute } : {}),
    });
  };
  if (!isName(name))
    wrong(
      'spec/name',
      problemAt([], () => nameProblem(name)!),
      'key',
    );
  const given: JsonObject = isObject(value) ? value : {};
  if (!isObject(value)) {
    const reading = fail(() => l10n.t('an object such as { "type": "…", "from": "…" }'), value);
    if ('problems' in reading) for (const problem of reading.problems) wrong('spec/layer', problem);
  } else {
    const reading = layerTypes.read(given, reservedLayerKeys);
    if ('value' in reading) attributes = reading.value.attributes;
    else
      for (const problem of withoutEchoes(reading.problems, given))
        wrong(codeOf(problem, given), problem, isUnknownAttribute(problem, given) ? 'key' : 'value');
  }
  const from = readAttribute(fromAttribute, given.from);
  if ('problems' in from)
    for (const problem of from.problems)
      wrong(
        'spec/from',
        problemAt(['from', ...problem.path], () => `from ${problem.message}`),
      );
  const common = readTable(commonLayerAttributes, given, () => undefined);
  if ('problems' in common) for (const problem of common.problems) wrong('spec/attribute', problem);
  return {
    name,
    type: typeof given.type === 'string' ? given.type : '',
    attributes: attributes ?? readableAttributes(given),
    from: 'value' in from ? from.value : [],
    common: 'value' in common ? common.value : commonDefaults,
    given: withoutTypeAndFrom(given),
    valid,
  };
}

const commonDefaults: LayerSpec['common'] = {
  bypass: false,
  trainable: true,
  l1: 0,
  l2: 0,
  shares: undefined,
};

function withoutTypeAndFrom(given: JsonObject): JsonObject {
  const rest: { [name: string]: Json } = {};
  for (const name in given) if (name !== 'type' && name !== 'from') rest[name] = given[name];
  return rest;
}

/** The attributes that can be read, though others may be wrong. */
function readableAttributes(given: JsonObject): { [name: string]: unknown } {
  const kind = typeof given.type === 'string' ? layerTypes.find(given.type) : undefined;
  const values: { [name: string]: unknown } = {};
  for (const [name, attribute] of Object.entries(kind?.attributes ?? {})) {
    const reading = readAttribute(attribute, given[name]);
    if ('value' in reading) values[name] = reading.value;
  }
  return values;
}

function isUnknownAttribute({ path }: AttributeProblem, given: JsonObject): boolean {
  const kind = typeof given.type === 'string' ? layerTypes.find(given.type) : undefined;
  return kind !== undefined && path.length === 1 && !Object.hasOwn(kind.attributes, path[0]);
}

/** A required attribute that is there under a misspelt name is not missing too. */
function withoutEchoes(
  problems: readonly AttributeProblem[],
  given: JsonObject,
): readonly AttributeProblem[] {
  const unknown = problems
    .filter((problem) => isUnknownAttribute(problem, given))
    .map(({ path }) => `${path[0]}`);
  return problems.filter(({ path: [name] }) => {
    const isMissing = typeof name === 'string' && given[name] === undefined;
    return !isMissing || !unknown.some((typed) => nearest(typed, [name]) === name);
  });
}

function codeOf(problem: AttributeProblem, given: JsonObject): ProblemCode {
  const name = problem.path[0];
  if (name === 'type') return 'spec/unknown-type';
  if (isUnknownAttribute(problem, given)) return 'spec/unknown-attribute';
  return typeof name === 'string' && given[name] === undefined ? 'spec/missing-attribute' : 'spec/attribute';
}

function readTrainingSection(section: Json | undefined, report: Report): TrainingSpec | undefined {
  if (section === undefined) return undefined;
  if (!isObject(section)) {
    report(
      error(
        'spec/training',
        ['training'],
        l10n.t('training: expected an object, found {0}.', quote(section)),
      ),
    );
    return undefined;
  }
  const reading = readTraining(section);
  if ('value' in reading) return reading.value;
  for (const { path, message } of reading.problems) {
    const unknown = path.length === 1 && !Object.hasOwn(trainingAttributes, path[0]);
    report(
      error(
        'spec/training',
        ['training', ...path],
        `training: ${sentence(message)}`,
        unknown ? 'key' : 'value',
      ),
    );
  }
  return undefined;
}

function readLayout(
  section: Json | undefined,
  names: ReadonlySet<string>,
  report: Report,
): NetworkSpec['layout'] {
  const layout = new Map<string, readonly [number, number]>();
  if (section === undefined) return layout;
  if (!isObject(section)) {
    const found = quote(section);
    report(
      error(
        'spec/layout',
        ['layout'],
        l10n.t('layout: expected an object { "name": [x, y] }, found {0}.', found),
      ),
    );
    return layout;
  }
  let problems = 0;
  for (const [name, position] of Object.entries(section)) {
    if (problems >= mostProblems) break;
    if (
      !Array.isArray(position) ||
      position.length !== 2 ||
      !position.every((value) => typeof value === 'number')
    ) {
      problems++;
      report(
        error(
          'spec/layout',
          ['layout', name],
          l10n.t(
            'layout: the position of {0} is a pair of numbers [x, y], found {1}.',
            name,
            quote(position),
          ),
        ),
      );
    } else if (names.has(name)) layout.set(name, [position[0] as number, position[1] as number]);
    else {
      problems++;
      report({
        ...error('spec/layout', ['layout', name], l10n.t('layout: there is no layer "{0}".', name), 'key'),
        severity: 'warning',
      });
    }
  }
  return layout;
}

const sentence = (message: string): string => (/[.!?…。]$/.test(message) ? message : `${message}.`);
