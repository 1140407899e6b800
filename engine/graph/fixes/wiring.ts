/** Fixes of connections: what layers read, what they share, and layers that nothing reads. */
import * as l10n from '@vscode/l10n';
import type { LayerDefinition } from '../../layers/define.ts';
import { layers as layerTypes } from '../../layers/registry.ts';
import { losses as lossTypes } from '../../losses/registry.ts';
import type { Path } from '../../schema/attributes.ts';
import { nearest } from '../../schema/nearest.ts';
import { counted } from '../../schema/text.ts';
import type { LayerSpec, OutputRef } from '../../spec/document.ts';
import { visitSlots } from '../../spec/grammar.ts';
import { freshName } from '../../spec/names.ts';
import { parseReference, printReference } from '../../spec/reference.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { connectProblem } from '../connect.ts';
import { inputLayers } from '../inputs.ts';
import { arityOf, portsOf } from '../ports.ts';
import type { TypedLayer } from '../typed.ts';
import { type Fixer, type Fixers, inOne, type Subject, valueAt } from './define.ts';
import { inferred, shapesOf } from './tries.ts';

/** The number of earlier layers that are examined as possible inputs of a layer. */
const mostLooked = 12;

/**
 * The layers that a layer most likely reads at one input: those before it in the text, the nearest first, preferably those that
 * nothing reads yet. `as` is its type, if the text does not say it.
 */
export function likelyInputs(
  subject: Subject,
  layer: string,
  index: number,
  as?: LayerDefinition,
): readonly string[] {
  const { spec, layers, readers } = subject;
  const own = spec.layers.findIndex(({ name }) => name === layer);
  const definition = as ?? spec.layers[own]?.kind;
  if (own < 0 || !definition || portsOf(definition).length === 0) return [];
  const read = new Set(layers.get(layer)?.from.map((reference) => reference.layer));
  const before = spec.layers
    .slice(Math.max(0, own - mostLooked), own)
    .reverse()
    .map(({ name }) => name)
    .filter(
      (name) => !read.has(name) && connectProblem(subject, { layer: name }, layer, index) === undefined,
    );
  const unread = before.filter((name) => (readers.get(name) ?? []).length === 0);
  const nearestUnread = unread[0] === before[0] || index > 0 ? unread : [];
  return [...new Set([...nearestUnread, ...before])];
}

/** Corrects a name that no layer has, or an output that a layer does not have. */
const referenceFix: Fixer = ({ path }, subject) => {
  const written = valueAt(subject, path);
  const reference = typeof written === 'string' ? parseReference(written) : undefined;
  const found = reference && meant(reference, subject, path);
  if (!found || found === written) return undefined;
  return {
    title: l10n.t('Change "{0}" to "{1}"', String(written), found),
    edit: { kind: 'replaceAt', path: [...path], value: found },
  };
};

function meant({ layer, output }: OutputRef, subject: Subject, path: Path): string | undefined {
  const own = path[0] === 'layers' ? String(path[1]) : undefined;
  if (!subject.layers.has(layer)) {
    const near = nearest(
      layer,
      [...subject.layers.keys()].filter((name) => name !== own),
    );
    if (near !== undefined)
      return printReference({ layer: near, ...(output === undefined ? {} : { output }) });
    // A loss judges the end of the network, a layer reads the one before it.
    return own === undefined ? lastUnread(subject) : likelyInputs(subject, own, 0)[0];
  }
  const outputs = Object.keys(subject.graph.byName.get(layer)?.inferred.extraOutputs ?? {});
  const near = output === undefined ? undefined : nearest(output, outputs);
  return near === undefined ? layer : printReference({ layer, output: near });
}

/** The last layer that no other reads, and that no loss judges yet. */
function lastUnread({ spec, source, readers }: Subject): string | undefined {
  const judged = new Set<string>();
  visitSlots(source.node([]), {
    value: (node, { attribute }, [section]) => {
      if (section === 'training' && attribute?.names === 'output') judged.add(String(node.value));
    },
  });
  const ends = spec.layers.filter(({ name }) => (readers.get(name) ?? []).length === 0);
  return (ends.filter(({ name }) => !judged.has(name)).at(-1) ?? ends.at(-1))?.name;
}

const inputFix: Fixer = ({ layer }, subject) => {
  const own = layer === undefined ? undefined : subject.layers.get(layer);
  const definition = own?.kind;
  if (!own || !definition) return undefined;
  const edits: SpecEdit[] = [];
  const chosen: string[] = [];
  // All missing inputs at once: with one of two, the layer would still be broken.
  for (let index = own.from.length; index < arityOf(definition).min; index++) {
    const name = likelyInputs(subject, own.name, own.from.length).find((one) => !chosen.includes(one));
    if (name === undefined) return undefined;
    chosen.push(name);
    edits.push({ kind: 'connect', from: { layer: name }, to: own.name, index });
  }
  const names = chosen.map((name) => `"${name}"`).join(l10n.t(' and '));
  return { title: l10n.t('Connect {0} to "{1}"', names, own.name), edit: inOne(edits) };
};

/** Removes the inputs of a layer that takes none, and merges them before one that takes one. */
const tooManyFix: Fixer = ({ layer }, subject) => {
  const own = layer === undefined ? undefined : subject.layers.get(layer);
  const definition = own?.kind;
  if (!own || !definition) return undefined;
  const { max } = arityOf(definition);
  if (max === 0)
    return {
      title: l10n.t('Remove "{0}"', 'from'),
      edit: { kind: 'removeAt', path: ['layers', own.name, 'from'] },
    };
  return max === 1 ? mergeFix(own, subject) : undefined;
};

function mergeFix(own: LayerSpec, subject: Subject): ReturnType<Fixer> {
  const shapes = shapesOf(subject, own.from);
  if (!shapes) return undefined;
  for (const merge of layerTypes) {
    if (!portsOf(merge).at(-1)?.variadic) continue;
    const output = inferred(subject, merge, {}, shapes)?.output;
    if (!output || !inferred(subject, own.kind ?? layerTypes.get(own.type), own.attributes, [output]))
      continue;
    const name = freshName(merge.type, (one) => subject.layers.has(one));
    return {
      title: l10n.t('Merge the inputs of "{0}" with {1}', own.name, merge.label),
      edit: inOne([
        { kind: 'addLayer', name, type: merge.type, attributes: {}, from: own.from },
        { kind: 'replaceAt', path: ['layers', own.name, 'from'], value: name },
      ]),
    };
  }
  return undefined;
}

/** Corrects a mistyped name, names the layer that owns the parameters, or removes the reference. */
const sharesFix: Fixer = ({ layer, path }, { layers }) => {
  const own = layer === undefined ? undefined : layers.get(layer);
  const written = own?.common.shares;
  if (!own || written === undefined) return undefined;
  const owner = layers.get(written)?.common.shares;
  const candidates = [...layers.values()]
    .filter(({ name, type, common }) => name !== own.name && type === own.type && common.shares === undefined)
    .map(({ name }) => name);
  const found = layers.has(written) ? owner : nearest(written, candidates);
  if (found !== undefined && candidates.includes(found))
    return {
      title: l10n.t('Set "{0}" to {1}', 'shares', `"${found}"`),
      edit: { kind: 'replaceAt', path: [...path], value: found },
    };
  return {
    title: l10n.t('Remove "{0}"', 'shares'),
    edit: { kind: 'removeAt', path: [...path] },
  };
};

/**
 * Lets a loss read a layer that was appended behind the one it reads. Where nothing behind that one has parameters, such as a softmax
 * for people to look at, the loss is right.
 */
const appendedFix: Fixer = ({ layer }, subject) => {
  const end = layer === undefined ? undefined : subject.graph.byName.get(layer);
  if (!end) return undefined;
  const isList = Array.isArray(valueAt(subject, ['training', 'loss']));
  for (const [index, { type, attributes, from }] of (subject.spec.training?.losses ?? []).entries()) {
    const path = ['training', 'loss', ...(isList ? [index] : []), 'from'];
    const appended = sourcesUpTo(end, from.layer, subject);
    if (valueAt(subject, path) !== from.layer || !appended?.some(hasParameters)) continue;
    if ('problem' in lossTypes.get(type).infer(attributes, end.inferred.output, undefined)) continue;
    return {
      title: l10n.t('Let the loss read "{0}"', end.name),
      edit: { kind: 'replaceAt', path, value: end.name },
    };
  }
  return undefined;
};

const hasParameters = ({ inferred }: TypedLayer): boolean =>
  Object.keys(inferred.parameters ?? {}).length > 0;

/** A layer and those before it, each with one input, as far as `first`, which is left out; undefined if it is not reached. */
function sourcesUpTo(end: TypedLayer, first: string, { graph }: Subject): readonly TypedLayer[] | undefined {
  const passed: TypedLayer[] = [];
  for (let now: TypedLayer | undefined = end; now; now = graph.byName.get(now.from[0].layer)) {
    if (now.name === first) return passed;
    passed.push(now);
    if (now.from.length !== 1) return undefined;
  }
  return undefined;
}

/** A title names at most this many layers. */
const mostNamed = 3;

/** Removes a layer that nothing needs, with those that only it needs. */
const unusedFix: Fixer = ({ layer }, { spec, layers, readers }) => {
  if (layer === undefined) return undefined;
  const judged = new Set(spec.training?.losses.map(({ from }) => from.layer));
  const removed = new Set([layer]);
  for (const name of removed)
    for (const { layer: source } of layers.get(name)?.from ?? [])
      if (!judged.has(source) && (readers.get(source) ?? []).every((reader) => removed.has(reader)))
        removed.add(source);
  const names = [...removed];
  // Sharing needs the parameters of a layer that is in use.
  if (
    spec.layers.some(
      ({ name, common }) => !removed.has(name) && common.shares !== undefined && removed.has(common.shares),
    )
  )
    return undefined;
  if (names.length === spec.layers.length) return undefined;
  return {
    title:
      names.length > mostNamed
        ? l10n.t('Remove "{0}" and the {1} layers before it', layer, names.length - 1)
        : l10n.t('Remove {0}', names.map((name) => `"${name}"`).join(', ')),
    edit: { kind: 'removeLayers', names, heal: false },
  };
};

/** Removes a layer whose output would contain nothing of its input; the layers that read it then read its input. */
export const passByFix: Fixer = ({ layer }, { layers }) =>
  layer === undefined || layers.get(layer)?.from.length !== 1
    ? undefined
    : {
        title: l10n.t('Remove "{0}"', layer),
        edit: { kind: 'removeLayers', names: [layer], heal: true },
      };

/** Removes the input layers that the data cannot fill; their readers read the one that stays, the first one that all of them accept. */
const inputsFix: Fixer = (_problem, subject) => {
  const { spec, layers, tries } = subject;
  const inputs = inputLayers(subject.graph).map(({ name }) => name);
  // Layers inside blocks are connected there.
  if (inputs.some((name) => !layers.has(name))) return undefined;
  const read = readsOf(spec, new Set(inputs));
  // What a loss reads is not replaced.
  const judged = inputs.filter((name) => spec.training?.losses.some(({ from }) => from.layer === name));
  if (judged.length > 1) return undefined;
  for (const kept of judged.length === 1 ? judged : inputs) {
    if (tries.left <= 0) return undefined;
    const from = { layer: kept };
    const moved = read.flatMap(({ layer, ...end }) => (layer === kept ? [] : [end]));
    const accepts = ({ to, index }: { readonly to: string; readonly index: number }) =>
      tries.left-- > 0 && connectProblem(subject, from, to, index) === undefined;
    if (!moved.every(accepts)) continue;
    const surplus = inputs.filter((name) => name !== kept);
    const names =
      surplus.length > mostNamed
        ? counted(surplus.length, 'inputLayers')
        : surplus.map((name) => `"${name}"`).join(', ');
    return {
      title: l10n.t('Read "{0}" instead of {1}', kept, names),
      edit: inOne([
        ...moved.map((end): SpecEdit => ({ kind: 'connect', from, ...end })),
        { kind: 'removeLayers', names: surplus, heal: false },
      ]),
    };
  }
  return undefined;
};

/** The inputs of layers that read one of these. */
const readsOf = ({ layers }: Subject['spec'], sources: ReadonlySet<string>) =>
  layers.flatMap(({ name: to, from }) =>
    from.flatMap(({ layer }, index) => (sources.has(layer) ? [{ layer, to, index }] : [])),
  );

export const wiringFixers: Fixers = {
  'training/inputs': inputsFix,
  'graph/unknown-layer': referenceFix,
  'graph/unknown-output': referenceFix,
  'graph/missing-input': inputFix,
  'graph/too-many-inputs': tooManyFix,
  'graph/shares': sharesFix,
  'graph/unused': (problem, subject) => appendedFix(problem, subject) ?? unusedFix(problem, subject),
};
