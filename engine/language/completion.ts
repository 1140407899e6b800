/** What completion offers at an offset: sections, layers, attributes, types, values and names of layers. */
import * as l10n from '@vscode/l10n';
import { startingLayer } from '../graph/inputs.ts';
import { firstUses } from '../graph/inside.ts';
import { portsOf } from '../graph/ports.ts';
import type { LayerDefinition } from '../layers/define.ts';
import { layers } from '../layers/registry.ts';
import type { Attribute, Json, Kind } from '../schema/attributes.ts';
import { shapeText } from '../schema/text.ts';
import { blockInput, blockOutput, blockParameter } from '../spec/blockKinds.ts';
import { canBeOpen, writtenParameter } from '../spec/blockParameters.ts';
import type { LayerSpec, Range } from '../spec/document.ts';
import { isNeeded, kindOf, oneOf, type Slot, slotAt, typeIn } from '../spec/grammar.ts';
import { freshName } from '../spec/names.ts';
import { print } from '../spec/print.ts';
import { insideName } from '../spec/reference.ts';
import { sectionDocs } from '../spec/sections.ts';
import { propertiesOf } from '../spec/source.ts';
import { startingTable } from '../spec/startingValues.ts';
import type { Node } from '../spec/syntax.ts';
import type { NetworkText, Place } from './networkText.ts';
import { choiceOf, literal, Snippet } from './snippet.ts';

export interface Completion {
  /** May contain text of the network: names of layers. */
  readonly label: string;
  readonly detail: string;
  /** Markdown from the documentation, not from the text. */
  readonly doc?: string;
  /** In the syntax of VS Code's snippets. */
  readonly insert: string;
  readonly range: Range;
  readonly icon: 'key' | 'kind' | 'value' | 'layer';
  /** Whether completion can offer something at the new position of the cursor. */
  readonly goesOn?: true;
}

/** In the order in which they are shown. */
export function completionsAt(network: NetworkText, offset: number): Completion[] {
  const place = network.placeAt(offset);
  if (!place || place.path.length === 0) return [];
  return place.onKey ? keys(network, place) : values(network, place, offset);
}

function keys(network: NetworkText, place: Place): Completion[] {
  const { root, text } = network;
  const path = place.path.slice(0, -1);
  const slot = slotAt(root, path);
  if (!slot) return [];
  const object = network.node(path);
  const one = oneOf(slot);
  const end = network.signAfter(place.word.end);
  const hasValue = end === ':';
  const after = hasValue || endsValue(end) ? '' : ',';
  const own = text.slice(place.word.start, place.word.end);
  const isOwn = (key: Node) => key.offset === place.word.start && own !== '';
  const taken = new Set(
    propertiesOf(object)
      .filter(({ key }) => !isOwn(key))
      .map(({ name }) => name),
  );
  const range = place.word;
  if (one.keysAre === 'new layers')
    return hasValue
      ? []
      : newLayers(network, place, one).map((one) => ({ ...one, insert: one.insert + after }));
  if (one.keysAre === 'new blocks') return hasValue ? [] : [newBlock(network, place, after)];
  if (one.keysAre === 'layers')
    return namesOfLayers(network)
      .filter(({ name }) => !taken.has(name))
      .map(({ name, detail }) => ({
        label: name,
        detail,
        insert: literal(JSON.stringify(name)) + (hasValue ? '' : positionAfterName + after),
        range,
        icon: 'layer',
      }));
  const readsNothing = kindPorts(one, object) === 0;
  return [...(one.keys?.(object) ?? [])]
    .filter(([name, { attribute }]) => !taken.has(name) && !(readsNothing && attribute?.item?.names))
    .map(([name, inner], index) => ({ name, inner, rank: isNeeded(inner) ? index - 1000 : index }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ name, inner }) => {
      const snippet = new Snippet();
      const value = hasValue ? '' : `: ${startOf(inner, snippet)}${after}`;
      return {
        label: name,
        detail: isNeeded(inner) ? l10n.t('required') : defaultText(inner),
        doc: inner.doc,
        insert: literal(JSON.stringify(name)) + value,
        range,
        icon: 'key' as const,
        ...(hasValue || !offersChoice(inner) ? {} : { goesOn: true as const }),
      };
    });
}

/** The number of inputs of the layer that an object describes; undefined for anything else. */
function kindPorts({ kinds }: Slot, object: Node | undefined): number | undefined {
  const kind = kinds?.noun === layers.noun ? kindOf(kinds, object) : undefined;
  return kind && portsOf(kind as LayerDefinition).length;
}

/** Nothing is at the position yet, so any range is correct. */
const positionAfterName = `: [${['0', '0'].map((zero, index) => `\${${index + 1}:${zero}}`).join(', ')}]`;

const endsValue = (sign: string): boolean => ['', ',', '}', ']'].includes(sign);

function defaultText({ attribute }: Slot): string {
  const value = attribute?.default;
  // That a list is empty unless it is written says nothing.
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '';
  const { control } = attribute!;
  return l10n.t(
    'default {0}',
    control.kind === 'kind' ? (value as { type: string }).type : print(value as Json),
  );
}

/** The initial text of a value. */
function startOf(slot: Slot, snippet: Snippet): string {
  const { attribute } = slot;
  if (slot.typeOf) return snippet.inQuotes();
  const one = oneOf(slot);
  const isList = attribute?.schema.type === 'array' && slot.item !== undefined;
  if (isList) return `[${snippet.stop()}]`;
  // A kind with a default is usually written as its type alone; others need attributes.
  if (one.kinds)
    return attribute?.default === undefined ? `{ "type": ${snippet.inQuotes()} }` : snippet.inQuotes();
  if (one.keys || one.entries) return `{ ${snippet.stop()} }`;
  if (!attribute) return snippet.stop();
  return startOfAttribute(attribute, snippet);
}

function startOfAttribute(attribute: Attribute<unknown>, snippet: Snippet): string {
  const { control } = attribute;
  if (control.kind === 'toggle') return snippet.choice(choiceOf(attribute.default !== true));
  if (control.kind === 'choice' || control.kind === 'text' || attribute.names) return snippet.inQuotes();
  const value = attribute.start ?? (attribute.default as Json | undefined);
  return value === undefined ? snippet.stop() : snippet.stop(print(value));
}

/** Whether the value is chosen from a known list. */
function offersChoice(slot: Slot): boolean {
  const { attribute } = slot;
  const { kinds, typeOf } = oneOf(slot);
  if (kinds ?? typeOf) return true;
  return (
    attribute?.control.kind === 'choice' ||
    attribute?.names !== undefined ||
    attribute?.file === true ||
    attribute?.columnOf !== undefined
  );
}

/** A block that passes its input on, under an unused name. */
function newBlock({ analysis }: NetworkText, { word }: Place, after: string): Completion {
  const snippet = new Snippet();
  const name = snippet.stop(JSON.stringify(freshName('block', (one) => analysis.spec.blocks.has(one))));
  const lines = [
    `"input": { "type": ${literal(JSON.stringify(blockInput.type))} }`,
    `"output": { "type": ${literal(JSON.stringify(blockOutput.type))}, "from": ${snippet.stop('"input"')} }`,
  ];
  return {
    label: l10n.t('new block'),
    detail: l10n.t('Block'),
    doc: sectionDocs.block,
    insert: `${name}: {\n\t${lines.join(',\n\t')}\n}${after}`,
    range: word,
    icon: 'kind',
  };
}

/** A line for each kind of layer, under an unused name, that reads the previous layer. */
function newLayers(network: NetworkText, { word, path }: Place, { entries }: Slot): Completion[] {
  const kinds = (entries?.kinds ?? layers) as Iterable<LayerDefinition>;
  const known = propertiesOf(network.node(path.slice(0, -1))).filter(({ key }) => key.offset !== word.start);
  const taken = new Set(known.map(({ name }) => name));
  const before = known.filter(({ key }) => key.offset < word.start).at(-1);
  return [...kinds].map((kind) => {
    const snippet = new Snippet();
    const name = snippet.stop(JSON.stringify(freshName(kind.type, (one) => taken.has(one))));
    const reads = portsOf(kind).length > 0 && before ? JSON.stringify(before.name) : undefined;
    const from = reads === undefined ? '' : `, "from": ${snippet.stop(reads)}`;
    return {
      label: kind.type,
      detail: kind.label,
      doc: kind.doc,
      insert: `${name}: { "type": ${literal(JSON.stringify(kind.type))}${from}${neededBy(startingLayer(kind, network.inputShape), new Set(), snippet)} }`,
      range: word,
      icon: 'kind' as const,
    };
  });
}

/** The values of a new layer, loss or other kind. */
function startOfKind({ inputShape }: NetworkText, kind: Kind): { readonly [name: string]: Json } {
  const layer = layers.find(kind.type);
  return layer ? startingLayer(layer, inputShape) : startingTable(kind.attributes);
}

/** `, "units": 64` for each required attribute that is still missing. */
function neededBy(
  start: { readonly [name: string]: Json },
  present: ReadonlySet<string>,
  snippet: Snippet,
): string {
  return Object.entries(start)
    .filter(([name]) => !present.has(name))
    .map(([name, value]) => {
      const text = value === '' ? snippet.inQuotes() : snippet.stop(print(value));
      return `, ${literal(JSON.stringify(name))}: ${text}`;
    })
    .join('');
}

function values(network: NetworkText, place: Place, offset: number): Completion[] {
  const { path, word } = place;
  // In a list, the word belongs to an entry; before a list, to none.
  const slot = slotAt(network.root, path);
  if (!slot) return [];
  const isList = slot.attribute?.schema.type === 'array' && slot.item !== undefined;
  const after = endsValue(network.signAfter(Math.max(word.end, offset))) ? '' : ',';
  const wrap = (text: string) => (isList ? `[${text}]` : text) + after;
  return valuesOf(network, slot, place).map((found) => ({
    ...found,
    insert: wrap(found.insert),
    range: word,
  }));
}

function valuesOf(network: NetworkText, slot: Slot, { path }: Place): Omit<Completion, 'range'>[] {
  const one = oneOf(slot);
  const names = slot.attribute?.names ?? one.attribute?.names;
  if (slot.typeOf) return typeNames(network, slot, path);
  if (names) return layersToRead(network, path, names);
  if (one.kinds) return [...kindValues(network, one), ...parametersToName(network, path)];
  const parameters = parametersToName(network, path);
  if (one.keysAre === 'new layers' || one.keys || one.entries)
    return [
      ...parameters,
      { label: '{ }', detail: '', doc: slot.doc, insert: '{ $0 }', icon: 'value', goesOn: true },
    ];
  return [...plainValues(one), ...parameters];
}

/** In a block, an attribute may name a parameter of the block. */
function parametersToName({ source }: NetworkText, path: Place['path']): Omit<Completion, 'range'>[] {
  const [section, block, , attribute] = path;
  if (section !== 'blocks' || path.length !== 4 || !canBeOpen(String(attribute))) return [];
  return propertiesOf(source.node(['blocks', String(block)]))
    .filter(({ value, name }) => typeIn(value) === blockParameter.type && name !== path[2])
    .map(({ name }) => ({
      label: writtenParameter(name),
      detail: l10n.t('parameter of {0}', String(block)),
      doc: blockParameter.doc,
      insert: literal(JSON.stringify(writtenParameter(name))),
      icon: 'value' as const,
    }));
}

/** After `"type":`. Inserts the required attributes of the type too. */
function typeNames(network: NetworkText, { typeOf }: Slot, path: Place['path']): Omit<Completion, 'range'>[] {
  const object = network.node(path.slice(0, -1));
  const present = new Set(propertiesOf(object).map(({ name }) => name));
  return [...(typeOf ?? [])].map((kind) => ({
    label: kind.type,
    detail: kind.label,
    doc: kind.doc,
    insert: literal(JSON.stringify(kind.type)) + neededBy(startOfKind(network, kind), present, new Snippet()),
    icon: 'kind' as const,
  }));
}

/** A whole value that is a kind: its type alone where that is enough. */
function kindValues(network: NetworkText, { kinds, keys }: Slot): Omit<Completion, 'range'>[] {
  const common = [...(keys?.(undefined) ?? [])].filter(([name, slot]) => name !== 'type' && isNeeded(slot));
  return [...(kinds ?? [])].map((kind) => {
    const snippet = new Snippet();
    const type = literal(JSON.stringify(kind.type));
    const needed =
      neededBy(startOfKind(network, kind), new Set(), snippet) +
      common.map(([name, slot]) => `, "${name}": ${startOf(slot, snippet)}`).join('');
    return {
      label: kind.type,
      detail: kind.label,
      doc: kind.doc,
      insert: needed === '' && kinds?.noun !== layers.noun ? type : `{ "type": ${type}${needed} }`,
      icon: 'kind' as const,
    };
  });
}

function plainValues({ attribute }: Slot): Omit<Completion, 'range'>[] {
  if (!attribute) return [];
  const { control, doc } = attribute;
  const preset = attribute.default as Json | undefined;
  const usual = attribute.start ?? (control.kind === 'kind' ? undefined : preset);
  const choices: readonly Json[] =
    control.kind === 'toggle'
      ? [true, false]
      : control.kind === 'choice'
        ? control.options
        : usual === undefined || usual === ''
          ? []
          : [usual];
  return choices.map((value) => ({
    label: print(value),
    detail: value === preset ? l10n.t('default') : '',
    doc,
    insert: literal(print(value)),
    icon: 'value' as const,
  }));
}

/** Layers in the order of the text, with their outputs. */
function namesOfLayers({ analysis, root, source }: NetworkText, block?: string) {
  const path = block === undefined ? ['layers'] : ['blocks', block];
  const written = root ? propertiesOf(source.node(path)) : [];
  const prefix = block === undefined ? '' : (firstUses(analysis.graph).get(block) ?? insideName(block, ''));
  const layerTypes = new Map(written.map(({ name, value }) => [name, typeIn(value)]));
  return [...layerTypes].map(([name, written]) => {
    const typed = analysis.graph.byName.get(prefix + name);
    const type = typed?.spec.type ?? String(written ?? '');
    return { name, type, typed, detail: typed ? `${type} → ${shapeText(typed.inferred.output)}` : type };
  });
}

/**
 * The layers that a layer may read, or share parameters with: not itself, and, for reading, none that depends on it. The one above it
 * in the text is nearly always meant, so it is the first.
 */
function layersToRead(
  network: NetworkText,
  path: Place['path'],
  names: 'layer' | 'output',
): Omit<Completion, 'range'>[] {
  const block = path[0] === 'blocks' ? String(path[1]) : undefined;
  const reader = block !== undefined ? String(path[2]) : path[0] === 'layers' ? String(path[1]) : undefined;
  const left =
    reader === undefined
      ? new Set<string>()
      : names === 'output'
        ? behind(layersIn(network, block), reader)
        : new Set([reader]);
  const all = namesOfLayers(network, block);
  const place = all.findIndex(({ name }) => name === reader);
  const above = place < 0 ? all : all.slice(0, place);
  return [...above.toReversed(), ...all.slice(above.length)]
    .filter(
      ({ name, type, typed }) =>
        !left.has(name) && typed?.definition !== blockOutput && type !== blockParameter.type,
    )
    .flatMap(({ name, detail, typed }) => {
      const extra = names === 'output' ? Object.entries(typed?.inferred.extraOutputs ?? {}) : [];
      return [
        { label: name, detail, value: name },
        ...extra.map(([output, shape]) => ({
          label: `${name}.${output}`,
          detail: `→ ${shapeText(shape)}`,
          value: `${name}.${output}`,
        })),
      ];
    })
    .map(({ label, detail, value }) => ({
      label,
      detail,
      insert: literal(JSON.stringify(value)),
      icon: 'layer' as const,
    }));
}

const layersIn = ({ analysis: { spec } }: NetworkText, block: string | undefined): readonly LayerSpec[] =>
  block === undefined ? spec.layers : (spec.blocks.get(block)?.layers ?? []);

/** A layer and all layers that read it, directly or through others. */
function behind(layers: readonly LayerSpec[], start: string): ReadonlySet<string> {
  const readers = new Map<string, string[]>();
  for (const { name, from } of layers)
    for (const { layer } of from) {
      const known = readers.get(layer);
      if (known) known.push(name);
      else readers.set(layer, [name]);
    }
  const reached = new Set([start]);
  for (const name of reached) for (const reader of readers.get(name) ?? []) reached.add(reader);
  return reached;
}
