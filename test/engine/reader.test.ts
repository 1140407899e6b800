/** Readers pass on the declared fields and nothing else, and report where a message differs from its declaration. */
import { describe, expect, test, vi } from 'vitest';
import { hostToWebview, webviewToHost } from '../../engine/protocol/editor.ts';
import { checked } from '../../engine/protocol/messages.ts';
import {
  count,
  fields,
  list,
  Malformed,
  optional,
  record,
  tagged,
  text,
} from '../../engine/schema/reader.ts';

const message = fields({ name: text, sizes: list(count), note: optional(text) });
const drink = tagged('kind', { water: {}, tea: { sugar: count } });

describe('a reader', () => {
  test('copies the declared fields only', () => {
    const given = { name: 'a', sizes: [1, 2], more: true };
    expect(message(given)).toEqual({ name: 'a', sizes: [1, 2] });
    expect(message({ ...given, note: 'b' })).toEqual({ name: 'a', sizes: [1, 2], note: 'b' });
    expect(drink({ kind: 'water', sugar: 3 })).toEqual({ kind: 'water' });
  });

  test.each([
    [message, { name: 'a', sizes: [1, -2] }, 'sizes.1'],
    [message, { name: 'a', sizes: [], note: null }, 'note'],
    [message, { sizes: [] }, 'name'],
    [record(message), { x: { name: 'a', sizes: {} } }, 'x.sizes'],
    [drink, { kind: 'toString' }, 'kind'],
    [drink, { kind: 'tea' }, 'sugar'],
  ] as const)('says at which field it failed', (reader, value, place) => {
    expect(() => reader(value)).toThrow(Malformed);
    expect(() => reader(value)).toThrow(new RegExp(`expected .* at ${place.replace('.', '\\.')}$`));
  });

  test('never uses a name in a message as a prototype', () => {
    const read = record(text)(JSON.parse('{ "__proto__": "a", "constructor": "b" }'));
    expect(Object.entries(read)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });
});

describe('a checked side', () => {
  test('receives declared messages, drops others with a reason, and refuses malformed requests', () => {
    const heard: unknown[] = [];
    const warn = vi.fn();
    const hear = (body: unknown) => void heard.push(body);
    const views = checked(
      hostToWebview,
      {
        document: hear,
        runState: hear,
        runEvents: hear,
        run: hear,
        moment: hear,
        trial: hear,
        action: hear,
        reveal: hear,
        picture: () => Promise.resolve({ content: '' }),
      },
      warn,
    );
    const { reveal, run } = views as Record<string, (body: unknown) => void>;
    reveal({ layer: 'conv1', more: 1 });
    reveal({ layer: 1 });
    run({ text: '', events: ['{}'] });
    expect(heard).toEqual([{ layer: 'conv1' }]);
    expect(warn.mock.calls.map(([reason]) => reason)).toEqual([
      expect.stringContaining('expected a text at layer'),
      expect.stringContaining('expected an event at events.0'),
    ]);
    const host = checked(
      webviewToHost,
      {
        ready: () => ({ l10n: {}, keys: [], findingPages: [] }),
        edit: () => ({ result: 'applied' as const, revision: 2 }),
        suggest: () => [],
        tryFix: hear,
        explain: hear,
        decide: hear,
        replay: () => undefined,
        command: hear,
        focus: hear,
        inUse: hear,
        select: hear,
      },
      warn,
    );
    const { edit } = host as Record<string, (body: unknown) => unknown>;
    expect(edit({ revision: 1, edit: { kind: 'clearLayout' } })).toEqual({
      result: 'applied',
      revision: 2,
    });
    expect(() => edit({ revision: 1, edit: { kind: 'toString' } })).toThrow(Malformed);
  });
});
