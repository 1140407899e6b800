/** Events of a run with the names that its layers have in the text now. */
import type { EventKind, EventOfKind, TrainingEvent } from '../protocol/events.ts';
import { type Names, renamedEdit, renamedPath } from '../spec/renaming.ts';

type Translators = { readonly [E in EventKind]?: (event: EventOfKind<E>, names: Names) => EventOfKind<E> };

const layersOf = <E extends EventOfKind<'stats' | 'detail'>>(event: E, names: Names): E => ({
  ...event,
  layers: Object.fromEntries(Object.entries(event.layers).map(([name, stats]) => [names.full(name), stats])),
});

/** By kind of event. Others have no names of layers, except in scores, which keep the names of the run. */
const translators: Translators = {
  stats: layersOf,
  detail: layersOf,
  plan: (event, names) => ({
    ...event,
    ...(event.continued ? { continued: event.continued.map(names.full) } : {}),
    ...warningsOf(event, names),
  }),
  evaluation: (event, names) => ({ ...event, ...warningsOf(event, names) }),
  finding: ({ layer, fix, ...event }, names) => ({
    ...event,
    ...(layer === undefined ? {} : { layer: names.full(layer) }),
    ...(fix ? { fix: { title: quoted(fix.title, names), edit: renamedEdit(fix.edit, names) } } : {}),
    message: layer === undefined ? event.message : begunWith(layer, event.message, names),
    path: renamedPath(event.path, names),
  }),
};

export function renamedEvent<E extends TrainingEvent>(event: E, names: Names): E {
  const translate = translators[event.event] as ((event: E, names: Names) => E) | undefined;
  return translate?.(event, names) ?? event;
}

const warningsOf = ({ warnings }: Pick<EventOfKind<'plan'>, 'warnings'>, names: Names) =>
  warnings ? { warnings: warnings.map((one) => ({ ...one, path: renamedPath(one.path, names) })) } : {};

/** The message of a finding begins with the layer that has it. */
const begunWith = (layer: string, message: string, names: Names): string =>
  message.startsWith(`${layer}: `) ? names.full(layer) + message.slice(layer.length) : message;

/** The title of a fix has names in quotes. */
const quoted = (title: string, names: Names): string =>
  title.replace(/"([^"]+)"/g, (_, name: string) => `"${names.full(name)}"`);
