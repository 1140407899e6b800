/** The one tree of what a network's text holds: outline, breadcrumbs and the Layers view show it. */

import type { Category } from '../layers/define.ts';
import { layers } from '../layers/registry.ts';
import { shapeText } from '../schema/text.ts';
import type { Diagnostic, Range } from '../spec/document.ts';
import { kindOf, oneOf, type Slot, slotAt } from '../spec/grammar.ts';
import { print } from '../spec/print.ts';
import { propertiesOf, rangeOf } from '../spec/source.ts';
import type { Node } from '../spec/syntax.ts';
import type { NetworkText } from './networkText.ts';

export interface OutlineItem {
  /** Stays the same while the network is edited: where it is in the document's value. */
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
  readonly problems: readonly Diagnostic[];
}

/** `problems` are those of this text. */
export function outlineOf(network: NetworkText, problems: readonly Diagnostic[]): OutlineItem[] {
  return propertiesOf(network.root).flatMap(({ key, name, value }): OutlineItem[] => {
    const slot = slotAt(network.root, [name]);
    if (slot?.keysAre === 'new layers') return layerItems(network, name, value, problems);
    if (!slot?.keys) return [];
    const children = settings(slot, value, [name], problems);
    const ofName = rangeOf(key);
    const whole = { start: ofName.start, end: value ? rangeOf(value).end : ofName.end };
    const own = problems.filter(({ path, layer }) => layer === undefined && path[0] === name);
    return [{ id: name, name, detail: '', kind: 'section', whole, ofName, children, problems: own }];
  });
}

function layerItems(
  { analysis }: NetworkText,
  section: string,
  value: Node | undefined,
  problems: readonly Diagnostic[],
): OutlineItem[] {
  const byLayer = new Map<string, Diagnostic[]>();
  for (const problem of problems) {
    if (problem.layer === undefined) continue;
    const known = byLayer.get(problem.layer);
    if (known) known.push(problem);
    else byLayer.set(problem.layer, [problem]);
  }
  const seen = new Set<string>();
  return propertiesOf(value).flatMap(({ key, name, value: layer }): OutlineItem[] => {
    // The second of a name is a mistake that is reported; it is no other layer.
    if (seen.has(name)) return [];
    seen.add(name);
    const type = textOf(propertiesOf(layer).find((property) => property.name === 'type')?.value);
    const typed = analysis.graph.byName.get(name);
    const shape = typed?.spec.type === type ? ` → ${shapeText(typed.inferred.output)}` : '';
    const ofName = rangeOf(key);
    return [
      {
        id: `${section}/${name}`,
        name,
        detail: `${type}${shape}`,
        kind: layers.find(type)?.category ?? 'setting',
        layer: name,
        whole: { start: ofName.start, end: layer ? rangeOf(layer).end : ofName.end },
        ofName,
        children: [],
        problems: byLayer.get(name) ?? [],
      },
    ];
  });
}

/** What a section sets, one level deep. */
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
