/** Events of a run with the names that its layers have in the text now. */
import * as l10n from '@vscode/l10n';
import type { EventKind, EventOfKind, TrainingEvent } from '../protocol/events.ts';
import type { Fix } from '../schema/problem.ts';
import { quotedNames, type Translation } from '../spec/renaming.ts';
import type { SpecEdit } from '../spec/specEdit.ts';

/** The names of now. */
export interface LaterNames extends Translation {
  /** The layers that run and have other names now: their names now, by those with which they ran. */
  readonly renamed: ReadonlyMap<string, string>;
}

type Translators = {
  readonly [E in EventKind]?: (event: EventOfKind<E>, names: LaterNames) => EventOfKind<E>;
};

const layersOf = <E extends EventOfKind<'stats' | 'detail'>>(event: E, names: LaterNames): E => ({
  ...event,
  layers: Object.fromEntries(Object.entries(event.layers).map(([name, stats]) => [names.full(name), stats])),
});

/** By kind of event. Others name no layers. */
const translators: Translators = {
  stats: layersOf,
  detail: layersOf,
  step: (event, names) =>
    namesLayers(event.metrics)
      ? {
          ...event,
          metrics: scoresOf(event.metrics, names),
          points: event.points.map((point) => ({ ...point, metrics: scoresOf(point.metrics, names) })),
        }
      : event,
  epoch: ({ train, test, ...event }, names) => ({
    ...event,
    train: scoresOf(train, names),
    ...(test ? { test: scoresOf(test, names) } : {}),
  }),
  plan: (event, names) => ({
    ...event,
    ...(event.continued ? { continued: event.continued.map(names.full) } : {}),
    ...(event.baseline ? { baseline: scoresOf(event.baseline, names) } : {}),
    ...warningsOf(event, names),
  }),
  evaluation: (event, names) => ({
    ...event,
    test: scoresOf(event.test, names),
    ...warningsOf(event, names),
  }),
  evaluationEnd: ({ message, ...event }, names) => ({
    ...event,
    ...(message === undefined ? {} : { message: messageOf(message, names) }),
  }),
  finding: ({ layer, fix, ...event }, names) => ({
    ...event,
    ...(layer === undefined ? {} : { layer: names.full(layer) }),
    ...fixOf(fix, names),
    message: messageOf(event.message, names, layer),
    path: names.path(event.path),
  }),
  end: ({ message, path, fix, ...event }, names) => ({
    ...event,
    ...(message === undefined ? {} : { message: messageOf(message, names) }),
    ...(path ? { path: names.path(path) } : {}),
    ...fixOf(fix, names),
  }),
};

export function renamedEvent<E extends TrainingEvent>(event: E, names: LaterNames): E {
  const translate = translators[event.event] as ((event: E, names: LaterNames) => E) | undefined;
  return translate?.(event, names) ?? event;
}

/** Whether there are several losses. */
const namesLayers = (scores: { readonly [score: string]: number }): boolean =>
  Object.keys(scores).some((score) => score.includes('.'));

/** A score of one of several losses is called "layer.metric", or "layer 2.metric" if several losses judge the layer. */
const scoresOf = <S extends { readonly [score: string]: number }>(scores: S, names: LaterNames): S =>
  Object.fromEntries(
    Object.entries(scores).map(([score, value]) => {
      const layer = score.includes('.') ? /^[^. ]*/.exec(score)![0] : '';
      return [names.full(layer) + score.slice(layer.length), value];
    }),
  ) as S;

const warningsOf = ({ warnings }: Pick<EventOfKind<'plan'>, 'warnings'>, names: LaterNames) =>
  warnings
    ? {
        warnings: warnings.map(({ message, path, ...one }) => ({
          ...one,
          message: messageOf(message, names),
          path: names.path(path),
        })),
      }
    : {};

/** A fix for which the text has no place any more is left out. */
const fixOf = (fix: Fix<SpecEdit> | undefined, names: LaterNames): { readonly fix?: Fix<SpecEdit> } => {
  const edit = fix && names.edit(fix.edit);
  return edit ? { fix: { title: quotedNames(fix.title, names), edit } } : {};
};

/**
 * The message of a finding begins with the layer that has it, which gets its name of now. What else is a name in a message cannot be
 * known for certain ("loss" may be one), so the message says which names have changed.
 */
function messageOf(message: string, names: LaterNames, layer?: string): string {
  const begins = layer !== undefined && message.startsWith(`${layer}: `);
  const [start, rest] = begins ? [names.full(layer), message.slice(layer.length)] : ['', message];
  const changed = [...names.renamed].filter(([name]) => mentions(rest, name));
  const notes = changed.map(([name, now]) => l10n.t('"{0}" is now "{1}".', name, now));
  return [start + rest, ...notes].join(' ');
}

/** Whether a name is in a text as a whole word. */
function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
    if (!isPartOfName(text[at - 1]) && !isPartOfName(text[at + name.length])) return true;
  return false;
}

const isPartOfName = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}_/-]/u.test(character);
