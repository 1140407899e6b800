/** Fixes of values: unknown names of types, attributes and sections, and values that are not allowed. */
import * as l10n from '@vscode/l10n';
import { layers as layerTypes } from '../../layers/registry.ts';
import {
  type Attribute,
  isRequired,
  type Json,
  type Kind,
  type Path,
  quote,
} from '../../schema/attributes.ts';
import type { Diagnostic } from '../../spec/document.ts';
import { kindOf, oneOf, type Slot, slotAt } from '../../spec/grammar.ts';
import { freshName } from '../../spec/names.ts';
import { isForbiddenName, maximumNameLength, visibleName } from '../../spec/reference.ts';
import { propertiesOf } from '../../spec/source.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { startingTable } from '../../spec/startingValues.ts';
import { nearestAllowed } from './allowed.ts';
import { type Fixer, type Fixers, inOne, type Subject, valueAt } from './define.ts';
import { outputsNeeded } from './lossOutputs.ts';
import { attributeMeant, typesMeant } from './otherNames.ts';
import { likelyInputs } from './wiring.ts';

const endOf = (path: Path): string => String(path.at(-1));

/** The title is one line of a menu, so the value is quoted in short form. */
const setTitle = (path: Path, value: Json): string => l10n.t('Set "{0}" to {1}', endOf(path), quote(value));

/** Sets the value at a path, which may not exist yet. */
function setAt({ source }: Subject, path: Path, value: Json): SpecEdit | undefined {
  if (source.node(path)) return { kind: 'replaceAt', path: [...path], value };
  const [section, name, ...rest] = path;
  if (section === 'training')
    return { kind: 'setTraining', path: [name, ...rest].filter((step) => step !== undefined), value };
  const isAttribute = section === 'layers' && rest.length === 1 && typeof rest[0] === 'string';
  return isAttribute
    ? { kind: 'setAttribute', layer: String(name), attribute: String(rest[0]), value }
    : undefined;
}

/** Changes a type, or a kind that is written as its type alone. Adds the attributes that the type requires. */
function typeFix({ path }: Diagnostic, subject: Subject): ReturnType<Fixer> {
  const slot = slotAt(subject.source.root, path);
  const kinds = slot?.typeOf ?? (slot && oneOf(slot).kinds);
  const written = valueAt(subject, path);
  if (!kinds || typeof written !== 'string') return undefined;
  const kind = fitting(typesMeant(kinds, written), path, subject);
  if (!kind || kind.type === written) return undefined;
  const title = l10n.t('Change "{0}" to "{1}"', written, kind.type);
  if (!slot?.typeOf) {
    const needed = missing(kind, new Set());
    const value = Object.keys(needed).length === 0 ? kind.type : { type: kind.type, ...needed };
    return { title, edit: { kind: 'replaceAt', path: [...path], value } };
  }
  const object = path.slice(0, -1);
  const present = new Set(propertiesOf(subject.source.node(object)).map(({ name }) => name));
  const renamed = otherKeys(kind, object, subject);
  for (const { newName } of renamed) present.add(newName);
  const added = Object.entries(missing(kind, present)).flatMap(
    ([name, value]) => setAt(subject, [...object, name], value) ?? [],
  );
  const set: SpecEdit = { kind: 'replaceAt', path: [...path], value: kind.type };
  return { title, edit: inOne([set, ...renamed, ...added]) };
}

/**
 * Renames attributes that the kind has under another name: a person who writes a type of another framework also writes its
 * attributes.
 */
function otherKeys(kind: Kind, object: Path, subject: Subject) {
  const node = subject.source.node(object);
  const slot = slotAt(subject.source.root, object);
  const common = [...((slot && oneOf(slot).keys?.(undefined)) ?? new Map<string, Slot>()).keys()];
  const written = propertiesOf(node).map(({ name }) => name);
  const known = [...common, ...Object.keys(kind.attributes)];
  const taken = new Set(written.filter((name) => known.includes(name)));
  return written
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const free = Object.keys(kind.attributes).filter((one) => !taken.has(one));
      const newName = attributeMeant(kind, free, name);
      const value = valueAt(subject, [...object, name]);
      if (newName === undefined || value === undefined || 'problems' in kind.attributes[newName].read(value))
        return [];
      taken.add(newName);
      return [{ kind: 'renameKey' as const, path: [...object, name], newName }];
    });
}

/** Of the kinds that may be meant, the one that has most of the written attributes. */
function fitting(kinds: readonly Kind[], path: Path, { source }: Subject): Kind | undefined {
  const written = propertiesOf(source.node(path.slice(0, -1))).map(({ name }) => name);
  const taken = (kind: Kind) =>
    written.filter((name) => attributeMeant(kind, Object.keys(kind.attributes), name) !== undefined).length;
  return kinds.reduce<Kind | undefined>(
    (best, kind) => (best && taken(best) >= taken(kind) ? best : kind),
    undefined,
  );
}

function missing(kind: Kind, present: ReadonlySet<string>): { [name: string]: Json } {
  const start = startingTable(kind.attributes, layerTypes.find(kind.type)?.samples[0]?.attributes);
  return Object.fromEntries(Object.entries(start).filter(([name]) => !present.has(name)));
}

/** A key that its object does not have: renames it to the one that was meant, or removes it. */
function keyFix({ path }: Diagnostic, subject: Subject): ReturnType<Fixer> {
  const object = path.slice(0, -1);
  const slot = slotAt(subject.source.root, object);
  const node = subject.source.node(object);
  const written = endOf(path);
  if (!slot || node?.type !== 'object') return undefined;
  const one = oneOf(slot);
  const keys = one.keys?.(node) ?? new Map<string, Slot>();
  const kind = one.kinds && kindOf(one.kinds, node);
  const value = valueAt(subject, path);
  // Attributes of the kind itself come first, and those that take the written value come before all others.
  const own = new Set(Object.keys(kind?.attributes ?? {}));
  const free = [...keys.keys()]
    .filter((name) => !subject.source.property(node, name))
    .sort((a, b) => Number(own.has(b)) - Number(own.has(a)));
  const takes = (name: string) =>
    value !== undefined && 'value' in (keys.get(name)?.attribute?.read(value) ?? { value });
  const name = attributeMeant(kind, free.filter(takes), written) ?? attributeMeant(kind, free, written);
  const remove = {
    title: l10n.t('Remove "{0}"', written),
    edit: { kind: 'removeAt', path: [...path] } as const,
  };
  if (name === undefined) return remove;
  const rename: SpecEdit = { kind: 'renameKey', path: [...path], newName: name };
  const title = l10n.t('Change "{0}" to "{1}"', written, name);
  const attribute = keys.get(name)?.attribute;
  if (!attribute || takes(name)) return { title, edit: rename };
  const allowed = nearestAllowed(attribute, value);
  if (allowed === undefined) return remove;
  return { title, edit: inOne([rename, { kind: 'replaceAt', path: [...object, name], value: allowed }]) };
}

/** The innermost attribute on a path, and the place of its value. */
function attributeAt(
  { source }: Subject,
  path: Path,
): { attribute: Attribute<unknown>; path: Path } | undefined {
  for (let length = path.length; length > 0; length--) {
    const own = path.slice(0, length);
    const slot = slotAt(source.root, own);
    if (slot?.attribute) return { attribute: slot.attribute, path: own };
  }
  return undefined;
}

/** A value that its attribute does not allow, or a missing value. */
function valueFix(problem: Diagnostic, subject: Subject): ReturnType<Fixer> {
  const found = attributeAt(subject, problem.path);
  if (!found) return undefined;
  const { attribute, path } = found;
  const written = valueAt(subject, path);
  if (written === undefined && !isRequired(attribute)) return undefined;
  if (attribute.names !== undefined) return inputFix(problem, subject);
  const other = written === undefined ? underOtherName(path, subject) : undefined;
  if (other) return other;
  const near = written === undefined ? undefined : nearestAllowed(attribute, written);
  const value = near ?? startOf(attribute, subject, path);
  if (value !== undefined) {
    const edit = setAt(subject, path, value);
    return edit && { title: setTitle(path, value), edit };
  }
  if (written === undefined || isRequired(attribute)) return undefined;
  return { title: l10n.t('Remove "{0}"', endOf(path)), edit: { kind: 'removeAt', path: [...path] } };
}

/** Renames the attribute that has the missing value under its name in another framework. */
function underOtherName(path: Path, subject: Subject): ReturnType<Fixer> {
  const object = path.slice(0, -1);
  const slot = slotAt(subject.source.root, object);
  const kinds = slot && oneOf(slot).kinds;
  const kind = kinds && kindOf(kinds, subject.source.node(object));
  if (!kind) return undefined;
  const found = otherKeys(kind, object, subject).find(({ newName }) => newName === endOf(path));
  return found && { title: l10n.t('Change "{0}" to "{1}"', endOf(found.path), found.newName), edit: found };
}

/** The value that a new layer has for a required attribute, or the number of outputs that a loss needs of this one. */
function startOf(attribute: Attribute<unknown>, subject: Subject, path: Path): Json | undefined {
  const object = subject.source.node(path.slice(0, -1));
  const slot = slotAt(subject.source.root, path.slice(0, -1));
  const kind = slot && oneOf(slot).kinds && kindOf(oneOf(slot).kinds!, object);
  const name = endOf(path);
  const needed = path[0] === 'layers' ? outputsNeeded(subject, String(path[1]), name) : undefined;
  if (needed !== undefined) return needed;
  return startingTable({ [name]: attribute }, kind && layerTypes.find(kind.type)?.samples[0]?.attributes)[
    name
  ];
}

/** Sets the input of a layer whose reference cannot be read. */
function inputFix({ layer, path }: Diagnostic, subject: Subject): ReturnType<Fixer> {
  if (layer === undefined) return undefined;
  const [input] = likelyInputs(subject, layer, 0);
  const place = path.slice(0, 3);
  if (input === undefined || endOf(place) !== 'from') return undefined;
  const edit = setAt(subject, place, input);
  return edit && { title: l10n.t('Connect to "{0}"', input), edit };
}

/** A setting of the section "training": its name, its type or its value. */
function settingFix(problem: Diagnostic, subject: Subject): ReturnType<Fixer> {
  const { path } = problem;
  const node = subject.source.node(path);
  const slot = slotAt(subject.source.root, path);
  if (node && !slot) return keyFix(problem, subject);
  if (slot && typeof valueAt(subject, path) === 'string' && (slot.typeOf ?? oneOf(slot).kinds)) {
    const fix = typeFix(problem, subject);
    if (fix) return fix;
  }
  return valueFix(problem, subject);
}

/** Completes a layer that is written as its type alone: `"bend": "tanh"`. */
function layerFix({ path, layer }: Diagnostic, subject: Subject): ReturnType<Fixer> {
  const written = valueAt(subject, path);
  const [meant] = typeof written === 'string' ? typesMeant(layerTypes, written) : [];
  const kind = meant && layerTypes.find(meant.type);
  if (!kind || layer === undefined) return undefined;
  const [input] = likelyInputs(subject, layer, 0, kind);
  const value = {
    type: kind.type,
    ...(input === undefined ? {} : { from: input }),
    ...missing(kind, new Set()),
  };
  return {
    title: l10n.t('Convert to a layer of type "{0}"', kind.type),
    edit: { kind: 'replaceAt', path: [...path], value },
  };
}

/** The stem of names for layers about which nothing is known. */
const anyName = 'layer';

/** Replaces a name that references cannot contain, here and where it is used. */
function nameFix({ path }: Diagnostic, subject: Subject): ReturnType<Fixer> {
  const name = endOf(path);
  const taken = (one: string) => subject.layers.has(one);
  const cleaned = visibleName(name)
    .replace(/[^\p{L}\p{N}_-]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, maximumNameLength - 3);
  const newName =
    cleaned === '' || isForbiddenName(cleaned) || taken(cleaned) ? freshName(anyName, taken) : cleaned;
  const title = l10n.t('Rename to "{0}"', newName);
  if (path[0] !== 'layers' || path.length !== 2)
    return { title: l10n.t('Remove "{0}"', name), edit: { kind: 'removeAt', path: [...path] } };
  return { title, edit: { kind: 'renameKey', path: [...path], newName } };
}

const formatFix: Fixer = ({ path }, subject) => {
  const written = valueAt(subject, path);
  if (typeof written === 'number' && written > 1) return undefined;
  return { title: setTitle(path, 1), edit: { kind: 'replaceAt', path: [...path], value: 1 } };
};

const layoutFix: Fixer = ({ path }) =>
  path.length < 2
    ? { title: l10n.t('Remove "{0}"', 'layout'), edit: { kind: 'clearLayout' } }
    : {
        title: l10n.t('Remove the position of "{0}"', endOf(path)),
        edit: { kind: 'removeAt', path: [...path] },
      };

export const valueFixers: Fixers = {
  'spec/unknown-type': typeFix,
  'spec/unknown-attribute': keyFix,
  'spec/unknown-section': keyFix,
  'spec/missing-attribute': valueFix,
  'spec/attribute': valueFix,
  'spec/from': inputFix,
  'spec/training': settingFix,
  'spec/layer': layerFix,
  'spec/name': nameFix,
  'spec/reserved-name': nameFix,
  'spec/format': formatFix,
  'spec/layout': layoutFix,
};
