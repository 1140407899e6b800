/** The tree of a network's text for the outline, the breadcrumbs and the Layers view. */

import * as l10n from '@vscode/l10n';
import { isPort, repeatsOf } from '../graph/blocks.ts';
import { firstUses } from '../graph/inside.ts';
import type { TypedLayer } from '../graph/typed.ts';
import type { Category } from '../layers/define.ts';
import { layers } from '../layers/registry.ts';
import { counted, shapeText } from '../schema/text.ts';
import type { BlockSpec, Diagnostic, Range } from '../spec/document.ts';
import { kindOf, oneOf, type Slot, slotAt } from '../spec/grammar.ts';
import { print } from '../spec/print.ts';
import { insideName } from '../spec/reference.ts';
import { propertiesOf, rangeOf } from '../spec/source.ts';
import type { Node } from '../spec/syntax.ts';
import type { NetworkText } from './networkText.ts';

export interface OutlineItem {
  /** Identifies the entry while the network is edited: its path in the document. */
  readonly id: string;
  readonly name: string;
  /** What it is: "conv2d → 28×28×8", "adam". */
  readonly detail: string;
  readonly kind: Category | 'section' | 'setting';
  /** The layer that it is, if it is one. */
  readonly layer?: string;
  readonly whole: Range;
  readonly ofName: Range;
  readonly children: readonly OutlineItem[];
  /** The layers of a use of a block, which are defined elsewhere in the text. */
  readonly inside?: () => readonly OutlineItem[];
  readonly problems: readonly Diagnostic[];
}

/** `problems` are those of this text. */
export function outlineOf(network: NetworkText, problems: readonly Diagnostic[]): OutlineItem[] {
  return propertiesOf(network.root).flatMap(({ key, name, value }): OutlineItem[] => {
    const slot = slotAt(network.root, [name]);
    if (slot?.keysAre === 'new layers') return layerItems(network, [name], value, problems);
    if (slot?.keysAre === 'new blocks') return [blocksItem(network, key, value, problems)];
    if (!slot?.keys) return [];
    const children = settings(slot, value, [name], problems);
    const ofName = rangeOf(key);
    const whole = { start: ofName.start, end: value ? rangeOf(value).end : ofName.end };
    const own = problems.filter(({ path, layer }) => layer === undefined && path[0] === name);
    return [{ id: name, name, detail: '', kind: 'section', whole, ofName, children, problems: own }];
  });
}

function blocksItem(
  network: NetworkText,
  section: Node,
  value: Node | undefined,
  problems: readonly Diagnostic[],
): OutlineItem {
  const id = String(section.value);
  const children = propertiesOf(value).map(({ key, name, value: body }): OutlineItem => {
    const count = propertiesOf(body).length;
    return {
      ...itemOf([id, name], key, body),
      detail: counted(count, 'layers'),
      kind: 'block',
      children: layerItems(network, [id, name], body, problems),
      problems: problems.filter(({ path }) => path[0] === id && path[1] === name && path.length === 2),
    };
  });
  const own = problems.filter(({ path }) => path[0] === id && path.length === 1);
  return { ...itemOf([id], section, value), kind: 'section', children, problems: own };
}

const itemOf = (path: readonly string[], key: Node, value: Node | undefined): OutlineItem => {
  const ofName = rangeOf(key);
  const whole = { start: ofName.start, end: value ? rangeOf(value).end : ofName.end };
  const name = path.at(-1) ?? '';
  return { id: path.join('/'), name, detail: '', kind: 'setting', whole, ofName, children: [], problems: [] };
};

/** The layers at a path: those of the network, or of a block. */
function layerItems(
  network: NetworkText,
  path: readonly string[],
  value: Node | undefined,
  problems: readonly Diagnostic[],
): OutlineItem[] {
  const { analysis } = network;
  const prefix = path.length === 1 ? '' : firstUses(analysis.graph).get(path[1]);
  const byLayer = new Map<string, Diagnostic[]>();
  for (const problem of problems) {
    const name = path.every((step, index) => problem.path[index] === step) && problem.path[path.length];
    if (typeof name !== 'string') continue;
    const known = byLayer.get(name);
    if (known) known.push(problem);
    else byLayer.set(name, [problem]);
  }
  const seen = new Set<string>();
  return propertiesOf(value).flatMap(({ key, name, value: layer }): OutlineItem[] => {
    // A second layer of the same name is a reported mistake, and not another layer.
    if (seen.has(name)) return [];
    seen.add(name);
    const type = textOf(propertiesOf(layer).find((property) => property.name === 'type')?.value);
    const typed = prefix === undefined ? undefined : analysis.graph.byName.get(prefix + name);
    const item: OutlineItem = {
      ...itemOf([...path, name], key, layer),
      detail: type + shapeOf(typed, type),
      kind: typed?.definition.category ?? layers.find(type)?.category ?? 'setting',
      ...(prefix === undefined ? {} : { layer: prefix + name }),
      // A use has the problems of its block.
      problems: [
        ...(byLayer.get(name) ?? []),
        ...problems.filter(({ path: [section, block] }) => section === 'blocks' && block === type),
      ],
    };
    const block = analysis.spec.blocks.get(type);
    return [typed && block ? { ...item, inside: () => partsOf(network, item, typed, block) } : item];
  });
}

const shapeOf = (typed: TypedLayer | undefined, type: string): string =>
  typed?.spec.type === type ? ` → ${shapeText(typed.inferred.output)}` : '';

/** The layers of a use of a block, copy by copy if it is repeated. */
function partsOf(network: NetworkText, use: OutlineItem, typed: TypedLayer, block: BlockSpec): OutlineItem[] {
  const { graph, layerRanges } = network.analysis;
  const partsIn = (prefix: string): OutlineItem[] =>
    block.layers.flatMap((spec): OutlineItem[] => {
      const name = prefix + spec.name;
      const part = graph.byName.get(name);
      const ranges = layerRanges.get(name);
      if (!part || !ranges || isPort(spec)) return [];
      const inner = network.analysis.spec.blocks.get(spec.type);
      const item: OutlineItem = {
        id: `${use.id}>${name}`,
        name: spec.name,
        detail: spec.type + shapeOf(part, spec.type),
        kind: part.definition.category,
        layer: name,
        whole: ranges.whole,
        ofName: ranges.name,
        children: [],
        problems: [],
      };
      return [inner ? { ...item, inside: () => partsOf(network, item, part, inner) } : item];
    });
  const copies = repeatsOf(typed.spec);
  if (copies === 1) return partsIn(insideName(typed.name, ''));
  return Array.from({ length: copies }, (_, index): OutlineItem => {
    const name = String(index + 1);
    const prefix = insideName(typed.name, name, '');
    const { layer: _layer, ...rest } = use;
    return {
      ...rest,
      id: `${use.id}>${prefix}`,
      name,
      detail: l10n.t('copy {0} of {1}', name, copies),
      problems: [],
      inside: () => partsIn(prefix),
    };
  });
}

/** The settings of a section, one level deep. */
function settings(
  slot: Slot,
  value: Node | undefined,
  path: readonly string[],
  problems: readonly Diagnostic[],
): OutlineItem[] {
  const keys = slot.keys?.(value);
  return propertiesOf(value).map(({ key, name, value: setting }) => {
    const ofName = rangeOf(key);
    const inner = keys?.get(name);
    return {
      id: [...path, name].join('/'),
      name,
      detail: setting ? settingText(setting, inner && oneOf(inner)) : '',
      kind: 'setting',
      whole: { start: ofName.start, end: setting ? rangeOf(setting).end : ofName.end },
      ofName,
      children: [],
      problems: problems.filter(
        (problem) => problem.layer === undefined && problem.path[1] === name && problem.path[0] === path[0],
      ),
    };
  });
}

function settingText(value: Node, slot: Slot | undefined): string {
  if (value.type === 'array')
    return (value.children ?? []).map((entry) => settingText(entry, slot)).join(', ');
  const kind = slot?.kinds && kindOf(slot.kinds, value);
  if (kind) return kind.type;
  return value.type === 'object' ? '' : textOf(value);
}

const textOf = (value: Node | undefined): string => {
  if (value?.value === undefined) return '';
  return typeof value.value === 'string' ? value.value : print(value.value);
};
