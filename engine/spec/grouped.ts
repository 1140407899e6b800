/**
 * The same finding in several layers, as one: a person reads it once, and fixes it once. A run reports each layer's on its own, so that it is marked on its
 * line and its card.
 */
import * as l10n from '@vscode/l10n';
import type { Fix } from '../schema/problem.ts';
import { severities } from '../schema/severity.ts';
import type { SpecEdit } from './specEdit.ts';

/** What findings of a run and of a text have in common. */
interface Reported {
  readonly code: string;
  readonly layer?: string | undefined;
  readonly severity: string;
  readonly message: string;
  readonly fix?: Fix<SpecEdit> | undefined;
}

/** The first finding of a group, as it reads for all of them. */
export interface Group<F extends Reported> {
  readonly first: F;
  /** All of them, the first one included. */
  readonly members: readonly F[];
  /** That of the first one, and the other layers. */
  readonly message: string;
  /** One edit for all layers; absent if none has a fix. */
  readonly fix?: Fix<SpecEdit>;
}

/** Layers that are named beside the first one. */
const mostNamed = 3;

/** Findings of one code, severity and wording, in the order of the first of each. */
export function grouped<F extends Reported>(findings: readonly F[]): readonly Group<F>[] {
  const groups = new Map<string, F[]>();
  for (const finding of findings) {
    const key = keyOf(finding);
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()].map(groupOf);
}

/** The group to fix first: one that has a fix if any has, and of these the most severe. */
export const firstToFix = <F extends Reported>(groups: readonly Group<F>[]): Group<F> | undefined =>
  severities
    .flatMap((severity) => groups.filter(({ first }) => first.severity === severity))
    .sort((a, b) => Number(!a.fix) - Number(!b.fix))[0];

/** What is compared of a message, which may be of any length in the log of a run. */
const longest = 1000;

/** Numbers and names differ from layer to layer. */
function keyOf({ code, layer, severity, message }: Reported): string {
  if (layer === undefined) return `${severity} ${code}\n${message}`;
  const own = (message.startsWith(layer) ? message.slice(layer.length) : message).slice(0, longest);
  return `${severity} ${code} ${own.replace(/"[^"]*"|[<>≈−+–-]?\d[\d.,]*(?:e[+−-]?\d+)?/g, '#')}`;
}

function groupOf<F extends Reported>(members: readonly F[]): Group<F> {
  const [first, ...others] = members;
  const fix = fixOf(members);
  return { first, members, message: messageOf(first, others), ...(fix ? { fix } : {}) };
}

function messageOf({ message }: Reported, others: readonly Reported[]): string {
  if (others.length === 0) return message;
  const named = others.slice(0, mostNamed).map(({ layer = '' }) => layer);
  const more = others.length - named.length;
  return more === 0
    ? l10n.t('{0} It is the same in {1}.', message, named.join(', '))
    : l10n.t('{0} It is the same in {1} and {2} more.', message, named.join(', '), more);
}

const addsLayer = (edit: SpecEdit): boolean => {
  if (edit.kind === 'several') return edit.edits.some(addsLayer);
  return edit.kind === 'inBlock' ? addsLayer(edit.edit) : edit.kind === 'addLayer';
};

/** Equal edits, such as of the learning rate, count once. */
function fixOf(members: readonly Reported[]): Fix<SpecEdit> | undefined {
  const fixes = [
    ...new Map(members.flatMap(({ fix }) => (fix ? [[JSON.stringify(fix.edit), fix]] : []))).values(),
  ];
  // Each was made for the text as it is, so two of them may add layers of the same name.
  if (fixes.length < 2 || fixes.some(({ edit }) => addsLayer(edit))) return fixes[0];
  return {
    title:
      fixes.length === 2
        ? l10n.t('{0}, and the same in another layer', fixes[0].title)
        : l10n.t('{0}, and the same in {1} other layers', fixes[0].title, fixes.length - 1),
    edit: { kind: 'several', edits: fixes.map(({ edit }) => edit) },
  };
}
