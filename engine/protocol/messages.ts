/** A side's messages as a table of readers: one declaration for the types of both sides and for the check of the receiver. */
import type { Reader } from '../schema/reader.ts';
import type { Handlers } from './channel.ts';

/** A message with an answer. The answer comes from our own code, so it has a type and no reader. */
export interface Request<Body, Answer> {
  readonly body: Reader<Body>;
  /** Never present; it only carries the type. */
  readonly answer?: Answer;
}

/** `request<Answer>()(reader of the body)`. */
export const request =
  <Answer>() =>
  <Body>(body: Reader<Body>): Request<Body, Answer> => ({ body });

type MessageTable = { readonly [name: string]: Reader<object> | Request<object, unknown> };

/** The messages of a table, as a channel has them. */
export type MessagesOf<M extends MessageTable> = {
  [N in keyof M]: M[N] extends Request<infer Body, infer Answer>
    ? (body: Body) => Answer
    : M[N] extends Reader<infer Body extends object>
      ? Body
      : never;
};

/**
 * Handlers that get only messages of the declared form. A malformed request is answered with an error, another
 * malformed message is dropped, and `warn` says why.
 */
export function checked<M extends MessageTable>(
  table: M,
  handlers: Handlers<MessagesOf<M>>,
  warn: (reason: string) => void,
): Handlers<MessagesOf<M>> {
  const guarded = Object.entries(table).map(([name, message]) => {
    const handle = handlers[name as keyof typeof handlers] as (body: unknown) => unknown;
    const isRequest = typeof message !== 'function';
    const read = isRequest ? message.body : message;
    const handleChecked = (given: unknown) => {
      let body: unknown;
      try {
        body = read(given);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        warn(`The message "${name}" was ${isRequest ? 'refused' : 'dropped'}: ${reason}`);
        if (isRequest) throw error;
        return undefined;
      }
      return handle(body);
    };
    return [name, handleChecked];
  });
  return Object.fromEntries(guarded) as Handlers<MessagesOf<M>>;
}
