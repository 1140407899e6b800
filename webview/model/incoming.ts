/** What the extension host sends, checked before it is believed: a message that is not as agreed is dropped and logged. */
import type { HostToWebview } from '../../engine/protocol/editor.ts';
import { readEvent } from '../../engine/protocol/eventText.ts';

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
  run: (body) => {
    const { text: content, events, earlier, cutOff } = fields(body, 'run');
    must(earlier === undefined || isDate(earlier), earlier, 'run.earlier');
    must(cutOff === undefined || typeof cutOff === 'boolean', cutOff, 'run.cutOff');
    const run = { text: text(content, 'run.text'), events: eventLines(events, 'run.events') };
    return { ...(body as HostToWebview['run']), ...run };
  },
  runEvents: (body) => ({
    events: eventLines(fields(body, 'runEvents').events, 'runEvents.events'),
  }),
  reveal: (body) => ({ layer: text(fields(body, 'reveal').layer, 'reveal.layer') }),
};

/** Lines of which each is an event. */
const eventLines = (value: unknown, what: string): readonly string[] =>
  must<readonly unknown[]>(Array.isArray(value), value, what).map((line) =>
    must<string>(typeof line === 'string' && readEvent(line) !== undefined, line, what),
  );

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
