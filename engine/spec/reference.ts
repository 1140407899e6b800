/** Names of layers and references to their outputs, as written in a spec: "conv1", "lstm1.state". */
import * as l10n from '@vscode/l10n';
import { type Attribute, fail, type Json } from '../schema/attributes.ts';

/** A layer's output: its main one ("conv1") or a named extra one ("lstm1.state"). */
export interface OutputRef {
  readonly layer: string;
  readonly output?: string;
}

export const maximumNameLength = 64;

/** No dot, because "lstm1.state" names an extra output, and no slash, which leads to a layer inside a block. */
const namePattern = /^[\p{L}\p{N}_-]+$/u;

/** Characters that cannot be seen: those of control and format, and the letters of Korean that only fill a place. */
const hidden = /[\p{C}\u115F\u1160\u3164\uFFA0]/gu;

/** The characters of a name that can be seen. */
export const visibleName = (name: string): string => name.replace(hidden, '');

/** Keys that reach an object's prototype in JavaScript. */
const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether a key would reach an object's prototype. */
export const isForbiddenName = (name: string): boolean => forbiddenNames.has(name);

/** Whether a layer can have this name; `nameProblem` says why not. */
export const isName = (name: string): boolean =>
  name.length <= maximumNameLength &&
  namePattern.test(name) &&
  visibleName(name) === name &&
  !isForbiddenName(name);

/** Why a layer cannot have this name; undefined if it can. */
export function nameProblem(name: string): string | undefined {
  if (isName(name)) return undefined;
  if (name === '') return l10n.t('a layer needs a name.');
  if (isForbiddenName(name)) return l10n.t('"{0}" is reserved by the language. Choose another name.', name);
  if (name.length > maximumNameLength)
    return l10n.t('a name has at most {0} characters, found {1}.', maximumNameLength, name.length);
  const [unseen] = name.match(hidden) ?? [];
  if (unseen !== undefined)
    return l10n.t(
      '"{0}" contains the invisible character {1}. Use letters, digits, "_" and "-" only.',
      name,
      `U+${unseen.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`,
    );
  if (name.includes('/'))
    return l10n.t(
      '"{0}" contains "/", which is reserved for layers inside a block. Use "_" or "-" instead.',
      name,
    );
  return l10n.t('"{0}" is not a name. Use letters, digits, "_" and "-" only.', name);
}

/** A layer inside a use of a block: "res1/conv1", or "res1/2/conv1" if the use repeats the block. */
export const insideName = (...names: readonly (string | number)[]): string => names.join('/');

/** The deepest nesting of blocks. */
export const deepest = 16;

/** A use and the number of its copy at each level, and the layer itself. */
const mostParts = 2 * deepest + 1;

/**
 * The parts of a layer's full name. Undefined if it has more parts than blocks can nest: no layer has such a name, but a log that comes
 * with a folder may contain any text.
 */
export function partsOf(full: string): readonly string[] | undefined {
  const parts = full.split('/', mostParts + 1);
  return parts.length > mostParts ? undefined : parts;
}

/**
 * The name of a layer inside a block after the block is dissolved, if its own is not free: "res1_conv1". Its random draws are addressed
 * by this name, so that such a layer starts from the same weights.
 */
export const dissolvedName = (name: string): string => name.replaceAll('/', '_');

/** "lstm1.state" as a reference; undefined if the text is none. */
export function parseReference(text: string): OutputRef | undefined {
  const dot = text.indexOf('.');
  const layer = dot < 0 ? text : text.slice(0, dot);
  const output = dot < 0 ? undefined : text.slice(dot + 1);
  if (layer === '' || output === '' || output?.includes('.')) return undefined;
  return output === undefined ? { layer } : { layer, output };
}

/** The reference as a text writes it. */
export const printReference = ({ layer, output }: OutputRef): string =>
  output === undefined ? layer : `${layer}.${output}`;

/** An attribute that names the output of a layer. */
export function outputReference(options: { readonly doc: string }): Attribute<OutputRef> {
  return {
    doc: options.doc,
    names: 'output',
    control: { kind: 'text' },
    schema: { type: 'string', description: options.doc },
    read(value: Json) {
      const reference = typeof value === 'string' ? parseReference(value) : undefined;
      return reference
        ? { value: reference }
        : fail(() => l10n.t('the name of a layer in quotes, or "layer.output"'), value);
    },
  };
}
