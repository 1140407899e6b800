/** Values of a document and their places in its text. */
import * as l10n from '@vscode/l10n';
import type { Json, Path } from '../schema/attributes.ts';
import { TextObject } from '../schema/objects.ts';
import type { ProblemCode } from '../schema/problemCodes.ts';
import type { Diagnostic, Range } from './document.ts';
import { isForbiddenName } from './reference.ts';
import { nameNode, originOf } from './reread.ts';
import type { Node } from './syntax.ts';

/** A diagnostic before its place in the text is looked up. */
export interface Issue extends Omit<Diagnostic<ProblemCode>, 'range'> {
  /** What to underline: the name of the property at `path`, or its value. */
  readonly on: 'key' | 'value';
}

export const rangeOf = ({ offset, length }: Node): Range => ({ start: offset, end: offset + length });

/** Looks up the ranges of paths in one text. */
export class Source {
  readonly #properties = new Map<Node, ReadonlyMap<string, Node>>();

  constructor(readonly root: Node | undefined) {}

  /** The property of an object; the first one if a key occurs twice. */
  property(object: Node, key: string): Node | undefined {
    let properties = this.#properties.get(object);
    if (!properties) {
      properties = new Map(
        (object.children ?? []).toReversed().map((child) => [nameNode(child).value, child]),
      );
      this.#properties.set(object, properties);
    }
    return properties.get(key);
  }

  /**
   * The range of the key or value at a path. If the path leads out of the text, the range of the innermost thing that exists: the
   * key of an object that lacks an attribute, or a plain value instead of an object.
   */
  range(path: Path, on: 'key' | 'value'): Range {
    if (!this.root) return { start: 0, end: 0 };
    let node = this.root;
    let key: Node | undefined;
    for (const step of this.definitionOf(path)) {
      const next = this.childOf(node, step);
      if (!next) return node.children ? rangeOfKey(key, this.root) : rangeOf(node);
      key = typeof step === 'string' ? this.property(node, step)!.children![0] : next;
      node = next;
    }
    return on === 'key' || !key ? rangeOfKey(key, this.root) : rangeOf(node);
  }

  /** The path of the layer of a block, for a path to a layer inside a use of it, such as ["layers", "res1/conv1"]. */
  definitionOf(path: Path): Path {
    const [section, name, ...rest] = path;
    if (section !== 'layers' || typeof name !== 'string' || !name.includes('/')) return path;
    const steps = name.split('/');
    let scope: Path = ['layers'];
    while (steps.length > 1) {
      const use = [...scope, steps.shift()!];
      const type = this.node([...use, 'type'])?.value;
      if (typeof type !== 'string') return path;
      scope = ['blocks', type];
      if (Number(this.node([...use, 'repeat'])?.value) > 1) steps.shift();
    }
    return steps.length === 1 ? [...scope, steps[0], ...rest] : path;
  }

  /** The value under one key of an object or index of a list. */
  childOf(node: Node, step: string | number): Node | undefined {
    if (typeof step === 'string')
      return node.type === 'object' ? this.property(node, step)?.children?.[1] : undefined;
    return node.type === 'array' ? node.children?.[step] : undefined;
  }

  /** The value at a path. */
  node(path: Path): Node | undefined {
    return path.reduce<Node | undefined>((node, step) => node && this.childOf(node, step), this.root);
  }

  locate({ on, ...issue }: Issue): Diagnostic<ProblemCode> {
    return { ...issue, range: this.range(issue.path, on) };
  }
}

/** The range of a key. The whole document has none, so its opening brace is used. */
const rangeOfKey = (key: Node | undefined, { offset }: Node): Range =>
  key ? rangeOf(key) : { start: offset, end: offset + 1 };

/** The text between the quotes of a string. */
export const insideQuotes = ({ offset, length }: Pick<Node, 'offset' | 'length'>): Range => ({
  start: offset + 1,
  end: offset + length - 1,
});

/** The name of a property, without its quotes. */
export const rangeOfName = (property: Node): Range =>
  insideQuotes({ offset: property.offset, length: nameNode(property).length });

/** The keys of an object and their values, in the order of the text. A value may be missing. */
export function propertiesOf(
  object: Node | undefined,
): readonly { readonly key: Node; readonly name: string; readonly value: Node | undefined }[] {
  if (object?.type !== 'object') return [];
  return (object.children ?? []).flatMap(({ children }) =>
    children?.[0] ? [{ key: children[0], name: String(children[0].value), value: children[1] }] : [],
  );
}

/** Takes an error and its place. The message is made only if it is shown, because there may be very many. */
export type ReportAt = (code: ProblemCode, path: Path, range: Range, message: () => string) => void;

/** Plain values without a mistake, of properties two levels below a document, such as layers. */
const plain = new WeakMap<Node, Json>();
const depthOfPlain = 2;

/** The plain value of a document, in which layers that are as they were in an earlier text are the same objects. */
export const documentOf = (root: Node, report: ReportAt): Json => readJson(root, report, depthOfPlain);

/**
 * The plain value of a node. A key that occurs twice, or that JavaScript reserves, is reported and omitted.
 */
export const jsonOf = (node: Node, report: ReportAt): Json => readJson(node, report, undefined);

function readJson(node: Node, reportAt: ReportAt, sharedDepth: number | undefined): Json {
  /** The path of the value being read. */
  const path: (string | number)[] = [];
  let reports = 0;
  const report: ReportAt = (...problem) => {
    reports++;
    reportAt(...problem);
  };
  const read = (value: Node): Json => {
    if (value.type === 'object') return readObject(value);
    if (value.type === 'array')
      return value.children!.map((child, index) => {
        path.push(index);
        const entry = read(child);
        path.pop();
        return entry;
      });
    if (typeof value.value !== 'number' || Number.isFinite(value.value)) return value.value;
    report('spec/number', [...path], rangeOf(value), () => l10n.t('this number is too large.'));
    return Math.sign(value.value) * Number.MAX_VALUE;
  };
  const readObject = ({ children }: Node): Json => {
    const object = new TextObject<Json>();
    for (const property of children!) {
      const key: string = nameNode(property).value;
      path.push(key);
      if (isForbiddenName(key))
        report('spec/reserved-name', [...path], rangeOf(property.children![0]), () =>
          l10n.t('"{0}" is reserved by the language. Choose another name.', key),
        );
      else if (Object.hasOwn(object, key))
        report('spec/duplicate', [...path], rangeOf(property.children![0]), () =>
          l10n.t('"{0}" occurs twice here. Rename or remove one of the two.', key),
        );
      else object[key] = path.length === sharedDepth ? readShared(property) : read(property.children![1]);
      path.pop();
    }
    return object;
  };
  const readShared = (property: Node): Json => {
    const origin = originOf(property);
    const known = plain.get(origin);
    if (known !== undefined) return known;
    const before = reports;
    const value = read(property.children![1]);
    if (reports === before) plain.set(origin, value);
    return value;
  };
  return read(node);
}
