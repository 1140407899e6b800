/** The text of a document as its editor sees it: sections, layers and their inputs, read again after each step. */

import * as l10n from '@vscode/l10n';
import type { Json, Path } from '../schema/attributes.ts';
import { ProblemError } from '../schema/problem.ts';
import type { TextChange } from './document.ts';
import { Draft } from './draft.ts';
import { print } from './print.ts';
import { insideName } from './reference.ts';
import { jsonOf, Source } from './source.ts';
import { type Node, readSyntax } from './syntax.ts';
import { detectStyle, insertItems, propertyText, removeItems, type TextStyle } from './textItems.ts';

const sectionOrder = ['$schema', 'format', 'blocks', 'layers', 'training', 'layout'];

/** The current text of a document, its syntax tree, and the changes that lead to the next text. */
export class DocumentText {
  readonly draft: Draft;
  readonly style: TextStyle;
  /** The block whose layers are edited; undefined for those of the network. */
  block: string | undefined;
  #source: Source | undefined;

  constructor(text: string) {
    this.draft = new Draft(text);
    const { root, diagnostics } = readSyntax(text);
    this.style = detectStyle(text, root);
    if (root?.type === 'object') this.#source = new Source(root);
    else if (diagnostics[0]?.code === 'spec/empty') this.#startNetwork();
    else
      throw new ProblemError(
        'edit/refused',
        l10n.t('The text cannot be read as a network. Fix it first: {0}', diagnostics[0]?.message ?? ''),
      );
  }

  /** Keeps a comment even if nothing else is there. */
  #startNetwork(): void {
    const { unit, endOfLine } = this.style;
    const text = this.draft.original;
    const isBlank = text.trim() === '';
    const network = ['{', `${unit}"format": 1,`, `${unit}"layers": {}`, '}', ''].join(endOfLine);
    const separator = isBlank || /[\r\n]$/.test(text) ? '' : endOfLine;
    this.apply([
      isBlank
        ? { offset: 0, length: text.length, text: network }
        : { offset: text.length, length: 0, text: separator + network },
    ]);
  }

  get text(): string {
    return this.draft.text;
  }

  get source(): Source {
    if (!this.#source) {
      const { root } = readSyntax(this.text);
      if (root?.type !== 'object') throw new Error('internal error: an edit made the text unreadable');
      this.#source = new Source(root);
    }
    return this.#source;
  }

  get root(): Node {
    return this.source.root!;
  }

  /** Whether it is written in lines. An empty one will be. */
  get isSpread(): boolean {
    const { offset, length, children } = this.root;
    return children!.length === 0 || /[\r\n]/.test(this.text.slice(offset, offset + length));
  }

  apply(changes: readonly TextChange[]): void {
    this.draft.apply(changes);
    this.#source = undefined;
  }

  value(node: Node): Json {
    return jsonOf(node, () => {});
  }

  /** The object of a section; undefined if the section is absent. */
  section(name: string): Node | undefined {
    const node = this.source.node([name]);
    if (node && node.type !== 'object')
      throw new ProblemError(
        'edit/refused',
        l10n.t('"{0}" is not an object in the text. Fix it there first.', name),
      );
    return node;
  }

  /** The object with the layers that are edited; undefined if the section is absent. */
  get layers(): Node | undefined {
    if (this.block === undefined) return this.section('layers');
    const blocks = this.section('blocks');
    const body = blocks && this.source.property(blocks, this.block)?.children?.[1];
    if (body?.type !== 'object')
      throw new ProblemError('edit/refused', l10n.t('There is no block "{0}".', this.block));
    return body;
  }

  /** A path within the document. One that begins with "layers" leads into the block that is edited. */
  pathOf(path: Path): Path {
    return this.block === undefined || path[0] !== 'layers'
      ? this.source.definitionOf(path)
      : ['blocks', this.block, ...path.slice(1)];
  }

  /** The key of a layer in "layout". */
  placeOf(layer: string): string {
    return this.block === undefined ? layer : insideName(this.block, layer);
  }

  /** The property of a layer. A name that leads into a use of a block means the layer of the block. Throws if there is none. */
  layer(name: string): Node {
    const { layers } = this;
    const node = name.includes('/')
      ? this.source.node(this.source.definitionOf(['layers', name]))
      : layers && this.source.property(layers, name)?.children?.[1];
    if (!node) throw new ProblemError('edit/refused', l10n.t('There is no layer "{0}".', name));
    if (node.type !== 'object')
      throw new ProblemError(
        'edit/refused',
        l10n.t('"{0}" is not an object in the text. Fix it there first.', name),
      );
    return node;
  }

  /** Adds an absent section in its usual place. */
  addSection(name: string, value: string): void {
    const keys = this.root.children!.map((property) => property.children![0].value as string);
    const before = new Set(sectionOrder.slice(0, sectionOrder.indexOf(name)));
    const place = keys.findLastIndex((key) => before.has(key));
    const after = name === 'layout' || place < 0 ? undefined : place;
    this.apply(this.insert(this.root, [[name, value]], { after, expand: true }));
  }

  /** An object or list of a new section: one line for each entry, if the document is written in lines. */
  sectionText(entries: readonly string[]): string {
    const { unit, endOfLine } = this.style;
    if (!this.isSpread || entries.length === 0)
      return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
    const inner = endOfLine + unit + unit;
    return `{${inner}${entries.join(`,${inner}`)}${endOfLine}${unit}}`;
  }

  /** The changes that add properties to an object. */
  insert(
    object: Node,
    entries: readonly (readonly [key: string, value: string])[],
    options: { after?: number | undefined; expand?: boolean } = {},
  ): TextChange[] {
    const items = entries.map(([key, value]) => propertyText(this.text, object, key, value, options.after));
    return insertItems(this.text, object, items, { ...options, style: this.style });
  }

  /** The changes that add, replace or (with undefined) remove a property. */
  set(object: Node, key: string, value: string | undefined, after?: number): TextChange[] {
    const index = object.children!.findIndex((property) => property.children![0].value === key);
    if (value === undefined) return index < 0 ? [] : removeItems(this.text, object, new Set([index]));
    if (index < 0) return this.insert(object, [[key, value]], { after });
    return this.replace(object.children![index].children![1], value);
  }

  /** The change that gives a node another value; none if the value is the same. */
  replace(node: Node, value: string): TextChange[] {
    return print(this.value(node)) === value
      ? []
      : [{ offset: node.offset, length: node.length, text: value }];
  }

  /** The layers that a layer reads, as written. */
  inputs(layer: Node): string[] {
    const from = this.source.childOf(layer, 'from');
    const value = from ? this.value(from) : [];
    return (Array.isArray(value) ? value : [value]).filter((name) => typeof name === 'string');
  }

  /** The smallest changes that make a layer read these. */
  setInputs(layer: Node, inputs: readonly string[]): TextChange[] {
    const node = this.source.childOf(layer, 'from');
    const old = this.inputs(layer);
    const whole = inputs.length === 0 ? undefined : print(inputs.length === 1 ? inputs[0] : [...inputs]);
    const items = node?.type === 'array' && node.children!.length === old.length ? node.children! : [];
    if (items.length === 0 || inputs.length === 0) {
      const type = layer.children!.findIndex((property) => property.children![0].value === 'type');
      return this.set(layer, 'from', whole, type < 0 ? undefined : type);
    }
    const kept = Math.min(old.length, inputs.length);
    if (inputs.length === old.length)
      return items.flatMap((item, index) => this.replace(item, print(inputs[index])));
    if (inputs.length > old.length && old.every((name, index) => name === inputs[index]))
      return insertItems(this.text, node!, inputs.slice(kept).map(print), { style: this.style });
    const dropped = inputs.length > 1 ? indexesLeftOut(old, inputs) : undefined;
    return dropped ? removeItems(this.text, node!, dropped) : this.replace(node!, whole!);
  }
}

/** Which entries of `long` to remove in order to get `short`; undefined if removing entries does not give it. */
function indexesLeftOut(long: readonly string[], short: readonly string[]): Set<number> | undefined {
  const out = new Set<number>();
  let next = 0;
  long.forEach((entry, index) => {
    if (entry === short[next]) next++;
    else out.add(index);
  });
  return next === short.length ? out : undefined;
}
