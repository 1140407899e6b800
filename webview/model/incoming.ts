/** What the extension host sends, checked before it is believed: a message that is not as agreed is dropped and logged. */
import type { HostToWebview } from '../../engine/protocol/editor.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';

type Fields = { readonly [name: string]: unknown };

/** Thrown for a message that the extension host never sends. */
class Malformed extends Error {}

function must<T>(good: boolean, value: unknown, what: string): T {
  if (!good) throw new Malformed(what);
  return value as T;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fields = (value: unknown, what: string): Fields => must(isFields(value), value, what);

const text = (value: unknown, what: string): string => must(typeof value === 'string', value, what);

const whole = (value: unknown, what: string): number => must(Number.isSafeInteger(value), value, what);

const optional = (value: unknown, type: 'string' | 'number', what: string): void =>
  must(value === undefined || typeof value === type, undefined, what);

/** Nothing but numbers, in objects and lists as deep as statistics are. */
const isNumbers = (value: unknown, depth: number): boolean =>
  typeof value === 'number' ||
  (depth > 0 &&
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((entry) => isNumbers(entry, depth - 1)));

/** Deepest place of a number in the fields of an event: layers → layer → gates → gate → share. */
const statisticsDepth = 4;

const eventFields: {
  readonly [E in TrainingEvent['event']]: {
    readonly numbers: readonly string[];
    /** Objects of numbers. */
    readonly scores: readonly string[];
  };
} = {
  plan: {
    numbers: [
      'parameters',
      'memoryBytes',
      'trainSamples',
      'testSamples',
      'batchSize',
      'stepsPerEpoch',
      'epochs',
    ],
    scores: [],
  },
  step: { numbers: ['step', 'epoch', 'loss', 'samplesPerSecond'], scores: ['metrics'] },
  stats: { numbers: ['step'], scores: ['layers'] },
  epoch: { numbers: ['epoch', 'step', 'seconds'], scores: ['train'] },
  evaluation: { numbers: ['samples', 'seconds'], scores: ['test'] },
  end: { numbers: ['step'], scores: [] },
};

function readEvent(value: unknown): TrainingEvent {
  const event = fields(value, 'event');
  const kind = text(event.event, 'event.event');
  must(Object.hasOwn(eventFields, kind), kind, 'event.event');
  const { numbers, scores } = eventFields[kind as TrainingEvent['event']];
  for (const name of numbers) must(typeof event[name] === 'number', event[name], `${kind}.${name}`);
  for (const name of scores)
    must(isFields(event[name]) && isNumbers(event[name], statisticsDepth), event[name], `${kind}.${name}`);
  must(event.test === undefined || (isFields(event.test) && isNumbers(event.test, 1)), event, `${kind}.test`);
  if (kind === 'step')
    must(Array.isArray(event.points) && event.points.every(isPoint), event.points, 'step.points');
  if (kind === 'end') {
    must(['finished', 'stopped', 'failed'].includes(String(event.reason)), event, 'end.reason');
    optional(event.message, 'string', 'end.message');
  }
  return event as unknown as TrainingEvent;
}

/** A point of the live curve. */
const isPoint = (value: unknown): boolean =>
  isFields(value) && typeof value.step === 'number' && isFields(value.metrics) && isNumbers(value, 2);

type Readers = { readonly [K in keyof HostToWebview]: (body: unknown) => HostToWebview[K] };

/** One reader a message; the type makes the table complete. */
export const incoming: Readers = {
  document: (body) => {
    const { revision, text: content, readOnly } = fields(body, 'document');
    return {
      revision: whole(revision, 'document.revision'),
      text: text(content, 'document.text'),
      readOnly: must(typeof readOnly === 'boolean', readOnly, 'document.readOnly'),
    };
  },
  runState: (body) => {
    const { state, task } = fields(body, 'runState');
    const known = ['idle', 'running', 'stopping'].includes(String(state));
    const named = state !== 'running' || task === 'train' || task === 'evaluate';
    return must(known && named, body, 'runState.state');
  },
  runEvents: (body) => {
    const { events, replay, earlier } = fields(body, 'runEvents');
    must(typeof replay === 'boolean', replay, 'runEvents.replay');
    must(earlier === undefined || isDate(earlier), earlier, 'runEvents.earlier');
    const read = must<readonly unknown[]>(Array.isArray(events), events, 'runEvents.events').map(readEvent);
    return { ...(body as HostToWebview['runEvents']), events: read };
  },
  reveal: (body) => ({ layer: text(fields(body, 'reveal').layer, 'reveal.layer') }),
};

/** Milliseconds that a date can have. */
const isDate = (value: unknown): boolean => typeof value === 'number' && Math.abs(value) <= 8.64e15;

/** A handler that hears only messages that are as agreed. */
export const checked =
  <K extends keyof HostToWebview>(name: K, handle: (body: HostToWebview[K]) => void) =>
  (body: unknown): void => {
    let message: HostToWebview[K];
    try {
      message = incoming[name](body);
    } catch (error) {
      console.warn(
        `Netloom: a malformed message was dropped (${error instanceof Error ? error.message : error}).`,
      );
      return;
    }
    handle(message);
  };
