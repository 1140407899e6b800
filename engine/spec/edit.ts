/** SpecEdit → the smallest set of text changes: everything that an edit does not concern stays the same, byte by byte. */

import * as l10n from '@vscode/l10n';
import type { Json, Path } from '../schema/attributes.ts';
import { ProblemError } from '../schema/problem.ts';
import { counted } from '../schema/text.ts';
import { addBlock, renameBlock } from './blockEdits.ts';
import { farthestPosition, type TextChange } from './document.ts';
import { DocumentText } from './documentText.ts';
import { noteChanges } from './notes.ts';
import { correctedText, removeAt, renameKey, replaceAt } from './pathEdits.ts';
import { print, toJson } from './print.ts';
import { nameProblem, parseReference, printReference } from './reference.ts';
import { lossReferences, renameEverywhere } from './renameEdits.ts';
import { propertiesOf } from './source.ts';
import type { SpecEdit } from './specEdit.ts';
import type { Node } from './syntax.ts';
import { insertItems, removeItems } from './textItems.ts';

export { applyChanges } from './draft.ts';

/** The changes are in order, separate, and refer to `text`. Makes all of an edit or nothing. */
export function applyEdit(
  text: string,
  edit: SpecEdit,
): { readonly changes: readonly TextChange[] } | { readonly problem: string } {
  try {
    if (edit.kind === 'correctText') return { changes: correctedText(text, edit.changes) };
    const document = new DocumentText(text);
    perform(document, edit);
    return { changes: document.draft.changes() };
  } catch (reason) {
    if (reason instanceof ProblemError) return { problem: reason.message };
    throw reason;
  }
}

type EditOf<K extends SpecEdit['kind']> = Extract<SpecEdit, { kind: K }>;

const performers: { readonly [K in SpecEdit['kind']]: (document: DocumentText, edit: EditOf<K>) => void } = {
  addLayer,
  removeLayers,
  renameLayer,
  setAttribute,
  connect,
  disconnect,
  moveLayers,
  setNote: (document, { layer, text }) => {
    document.layer(layer);
    document.apply(noteChanges(document, document.layers!, layer, text));
  },
  clearLayout,
  addBlock: (document, { name, layers }) =>
    addBlock(document, name, jsonFrom(layers) as { readonly [layer: string]: Json }),
  renameBlock: (document, { name, newName }) => renameBlock(document, name, newName),
  setTraining: (document, { path, value }) =>
    setTraining(document, path, value === undefined ? undefined : jsonFrom(value)),
  replaceAt: (document, { path, value }) => replaceAt(document, document.pathOf(path), jsonFrom(value)),
  removeAt: (document, { path }) => removeAt(document, document.pathOf(path)),
  renameKey: (document, { path, newName }) => renameKey(document, document.pathOf(path), newName),
  correctText: (document, { changes }) => document.apply(correctedText(document.text, changes)),
  several,
  inBlock: (document, { block, edit }) => {
    const outer = document.block;
    document.block = block;
    perform(document, edit);
    document.block = outer;
  },
};

function perform<K extends SpecEdit['kind']>(document: DocumentText, edit: EditOf<K>): void {
  performers[edit.kind as K](document, edit);
}

function jsonFrom(value: unknown): Json {
  const json = toJson(value);
  if (json === undefined)
    throw new ProblemError('edit/refused', l10n.t('This value cannot be written to the file.'));
  return json;
}

function addLayer(
  document: DocumentText,
  { name, type, attributes, from, position }: EditOf<'addLayer'>,
): void {
  checkNewName(document, name);
  const inputs = from.map(printReference);
  const source = inputs.length === 0 ? {} : { from: inputs.length === 1 ? inputs[0] : inputs };
  const value = print(jsonFrom({ type, ...source, ...attributes }));
  const layers = document.layers;
  if (layers) {
    const readNames = new Set(from.map(({ layer }) => layer));
    const last = layers.children!.findLastIndex((property) => readNames.has(property.children![0].value));
    const after = last < 0 ? undefined : last;
    document.apply(document.insert(layers, [[name, value]], { after, expand: document.isSpread }));
  } else document.addSection('layers', document.sectionText([`${JSON.stringify(name)}: ${value}`]));
  if (position) place(document, [[name, position]]);
}

function checkNewName(document: DocumentText, name: string): void {
  const problem = nameProblem(name);
  if (problem) throw new ProblemError('edit/refused', problem);
  const layers = document.layers;
  if (layers && document.source.property(layers, name))
    throw new ProblemError(
      'edit/refused',
      l10n.t('There is already a layer "{0}". Choose another name.', name),
    );
}

function removeLayers(document: DocumentText, { names, heal }: EditOf<'removeLayers'>): void {
  const removed = new Set(names);
  for (const name of removed) document.layer(name);
  const layers = document.layers!;
  const inputsOf = new Map([...removed].map((name) => [name, document.inputs(document.layer(name))]));
  const healed = (reference: string): string[] => {
    const seen = new Set<string>();
    for (let source = reference; ; ) {
      const { layer, output } = parseReference(source) ?? { layer: source };
      const inputs = inputsOf.get(layer);
      if (!inputs) return [source];
      if (!heal || output !== undefined || inputs.length !== 1 || seen.has(layer)) return [];
      seen.add(layer);
      source = inputs[0];
    }
  };
  const changes = objectsOf(layers)
    .filter(([name]) => !removed.has(name))
    .flatMap(([, layer]) => {
      const inputs = document.inputs(layer);
      const rewired = inputs.flatMap(healed);
      return rewired.join() === inputs.join() ? [] : document.setInputs(layer, rewired);
    });
  // Losses judge layers of the network.
  for (const node of document.block === undefined ? lossReferences(document) : []) {
    const [source] = healed(node.value);
    if (source !== undefined) changes.push(...document.replace(node, print(source)));
  }
  document.apply(changes);
  const sharing = objectsOf(document.layers!).filter(([, layer]) =>
    removed.has(document.source.childOf(layer, 'shares')?.value),
  );
  document.apply(sharing.flatMap(([, layer]) => document.set(layer, 'shares', undefined)));
  const after = document.layers!;
  document.apply(removeItems(document.text, after, indexesOf(after, removed)));
  removePlaces(document, removed);
}

const indexesOf = (object: Node, keys: ReadonlySet<string>): Set<number> =>
  new Set(
    object.children!.flatMap((property, index) => (keys.has(property.children![0].value) ? [index] : [])),
  );

/** The properties whose value is an object. */
const objectsOf = (object: Node): [name: string, value: Node][] =>
  object.children!.flatMap(({ children }) =>
    children?.[1]?.type === 'object' ? [[children[0].value, children[1]] as [string, Node]] : [],
  );

function removePlaces(document: DocumentText, names: ReadonlySet<string>): void {
  const layout = document.source.node(['layout']);
  if (layout?.type !== 'object') return;
  const indexes = indexesOf(layout, new Set([...names].map((name) => document.placeOf(name))));
  if (indexes.size === 0) return;
  document.apply(
    indexes.size === layout.children!.length
      ? document.set(document.root, 'layout', undefined)
      : removeItems(document.text, layout, indexes),
  );
}

/** Removes the positions of the layers of the network, or of one block. Others keep theirs. */
function clearLayout(document: DocumentText): void {
  const names = propertiesOf(document.source.node(['layout'])).map(({ name }) => name);
  const start = document.placeOf('');
  const own = (name: string) => (start === '' ? !name.includes('/') : name.startsWith(start));
  if (names.every(own)) document.apply(document.set(document.root, 'layout', undefined));
  else removePlaces(document, new Set(names.filter(own).map((name) => name.slice(start.length))));
}

function renameLayer(document: DocumentText, { name, newName }: EditOf<'renameLayer'>): void {
  document.layer(name);
  if (newName === name) return;
  checkNewName(document, newName);
  const { block } = document;
  renameEverywhere(document, {
    block: (one) => one,
    layer: (one, within) => (one === name && within === block ? newName : one),
  });
}

/** Attributes of different layers are set at once: to read a text of thousands of layers again after each one takes long. */
function several(document: DocumentText, { edits }: EditOf<'several'>): void {
  const pending = new Map<Node, readonly TextChange[]>();
  const applyPending = () => {
    if (pending.size > 0) document.apply([...pending.values()].flat());
    pending.clear();
  };
  for (const edit of edits) {
    if (edit.kind !== 'setAttribute') {
      applyPending();
      perform(document, edit);
      continue;
    }
    if (pending.has(document.layer(edit.layer))) applyPending();
    pending.set(document.layer(edit.layer), changesOfAttribute(document, edit));
  }
  applyPending();
}

function setAttribute(document: DocumentText, edit: EditOf<'setAttribute'>): void {
  document.apply(changesOfAttribute(document, edit));
}

function changesOfAttribute(
  document: DocumentText,
  { layer, attribute, value }: EditOf<'setAttribute'>,
): readonly TextChange[] {
  const json = jsonFrom(value === undefined ? {} : { [attribute]: value });
  if (attribute === 'type' && value === undefined)
    throw new ProblemError('edit/refused', l10n.t('A layer needs a type.'));
  const text = value === undefined ? undefined : print((json as { [key: string]: Json })[attribute]);
  return document.set(document.layer(layer), attribute, text);
}

function connect(document: DocumentText, { from, to, index }: EditOf<'connect'>): void {
  const layer = document.layer(to);
  document.layer(from.layer);
  const inputs = document.inputs(layer);
  if (!Number.isInteger(index) || index < 0 || index > inputs.length)
    throw new ProblemError(
      'edit/refused',
      l10n.t('{0} has {1}; it has no input {2} to connect.', to, counted(inputs.length, 'inputs'), index + 1),
    );
  document.apply(
    document.setInputs(layer, [...inputs.slice(0, index), printReference(from), ...inputs.slice(index + 1)]),
  );
}

function disconnect(document: DocumentText, { to, index }: EditOf<'disconnect'>): void {
  const layer = document.layer(to);
  const inputs = document.inputs(layer);
  if (!(index in inputs))
    throw new ProblemError(
      'edit/refused',
      l10n.t('{0} has {1}; it has no input {2} to remove.', to, counted(inputs.length, 'inputs'), index + 1),
    );
  document.apply(
    document.setInputs(
      layer,
      inputs.filter((_, place) => place !== index),
    ),
  );
}

type Position = readonly [x: number, y: number];

function moveLayers(document: DocumentText, { positions }: EditOf<'moveLayers'>): void {
  const entries = Object.entries(positions);
  for (const [name] of entries) document.layer(name);
  place(document, entries);
}

/** A coordinate as it is written: it can be read again wherever a card was dragged. */
const placed = (at: number): number =>
  Math.max(-farthestPosition, Math.min(farthestPosition, Math.round(at)));

function place(
  document: DocumentText,
  positions: readonly (readonly [name: string, position: Position])[],
): void {
  const entries = positions.map(
    ([name, [x, y]]) => [document.placeOf(name), print(jsonFrom([placed(x), placed(y)]))] as const,
  );
  const layout = document.section('layout');
  if (!layout) {
    if (entries.length > 0)
      document.addSection(
        'layout',
        document.sectionText(entries.map(([name, text]) => `${JSON.stringify(name)}: ${text}`)),
      );
    return;
  }
  const isNew = ([name]: readonly [string, string]) => !document.source.property(layout, name);
  document.apply([
    ...entries.filter((entry) => !isNew(entry)).flatMap(([name, text]) => document.set(layout, name, text)),
    ...document.insert(layout, entries.filter(isNew), { expand: document.isSpread }),
  ]);
}

/** The value at the beginning of `path`, if everything on the path is new. */
function nested(path: Path, value: Json): Json {
  return path.reduceRight<Json>((inner, step) => {
    if (typeof step === 'number')
      throw new ProblemError('edit/refused', l10n.t('There is no such entry in "training".'));
    return jsonFrom({ [step]: inner });
  }, value);
}

function setTraining(document: DocumentText, path: Path, value: Json | undefined): void {
  let node = document.section('training');
  if (!node || path.length === 0) {
    if (value === undefined) {
      if (path.length === 0) document.apply(document.set(document.root, 'training', undefined));
      return;
    }
    const section = nested(path, value);
    if (node) document.apply(document.replace(node, print(section)));
    else document.addSection('training', trainingText(document, section));
    return;
  }
  for (const [depth, step] of path.entries()) {
    const rest = path.slice(depth + 1);
    const child = document.source.childOf(node, step);
    if (child && rest.length > 0) node = child;
    else {
      document.apply(
        setStep(document, node, step, child, value === undefined ? undefined : nested(rest, value)),
      );
      return;
    }
  }
}

function trainingText(document: DocumentText, section: Json): string {
  if (section === null || typeof section !== 'object' || Array.isArray(section)) return print(section);
  return document.sectionText(
    Object.entries(section).map(([key, value]) => `${JSON.stringify(key)}: ${print(value)}`),
  );
}

/** Sets or removes the value of a node under one key or index. */
function setStep(
  document: DocumentText,
  node: Node,
  step: string | number,
  child: Node | undefined,
  value: Json | undefined,
): TextChange[] {
  if (node.type === 'object' && typeof step === 'string')
    return document.set(node, step, value === undefined ? undefined : print(value));
  if (node.type === 'array' && typeof step === 'number') {
    if (child)
      return value === undefined
        ? removeItems(document.text, node, new Set([step]))
        : document.replace(child, print(value));
    if (value === undefined) return [];
    if (step === node.children!.length)
      return insertItems(document.text, node, [print(value)], { style: document.style });
  } else if (typeof step === 'string') {
    if (value === undefined) return [];
    // A kind that is written as its type alone becomes an object, which can have the attribute.
    const described = node.type === 'string' ? { type: node.value, [step]: value } : { [step]: value };
    return document.replace(node, print(jsonFrom(described)));
  }
  throw new ProblemError('edit/refused', l10n.t('There is no such entry in "training".'));
}
