/** A channel continues whatever it receives. */
import { expect, test } from 'vitest';
import { Channel } from '../../engine/protocol/channel.ts';

test('a message whose name is not a text is dropped', async () => {
  const received: unknown[] = [];
  let receive = (_message: unknown): void => {};
  const transport = {
    post: (message: unknown) => received.push(message),
    onMessage: (listener: typeof receive) => {
      receive = listener;
    },
  };
  new Channel<Record<never, never>, { known: object }>(transport, { known: (body) => received.push(body) });
  for (const name of [Object.create(null), Symbol('known'), ['known'], 1, undefined, null])
    receive({ id: 1, name, body: {} });
  receive({ name: 'known', body: 'the one' });
  // Answers to requests come later.
  await new Promise((resolve) => setImmediate(resolve));
  expect(received).toEqual(['the one']);
});
