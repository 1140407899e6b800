/**
 * One typed channel for both links (host ↔ webview, host ↔ engine worker): events, and requests that always get one answer,
 * even if the other side fails. It does not depend on the transport of the messages.
 */

/** Messages by name: an event maps to its body, a request to a function from its body to its answer. */
// biome-ignore lint/suspicious/noExplicitAny: a constraint over all function types; members keep their own types.
export type Messages = { readonly [name: string]: object | ((body: any) => unknown) };

// biome-ignore lint/suspicious/noExplicitAny: as above.
type Requests<M> = { [K in keyof M]: M[K] extends (body: any) => unknown ? K : never }[keyof M] & string;
type Events<M> = Exclude<keyof M, Requests<M>> & string;
// biome-ignore lint/suspicious/noExplicitAny: as above.
type Body<M, K extends keyof M> = M[K] extends (body: infer B) => any ? B : M[K];
// biome-ignore lint/suspicious/noExplicitAny: as above.
type Answer<M, K extends keyof M> = M[K] extends (body: any) => infer R ? R : never;

export type Handlers<M extends Messages> = {
  readonly [K in keyof M & string]: (
    body: Body<M, K>,
  ) => K extends Requests<M> ? Answer<M, K> | Promise<Answer<M, K>> : void;
};

export interface Transport {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

export class RemoteError extends Error {}

type Envelope =
  | { readonly id?: number; readonly name: string; readonly body: unknown }
  | { readonly answerTo: number; readonly value: unknown }
  | { readonly answerTo: number; readonly error: string };

export class Channel<Outgoing extends Messages, Incoming extends Messages> {
  #nextId = 1;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #closed: string | undefined;

  constructor(
    readonly transport: Transport,
    handlers: Handlers<Incoming>,
  ) {
    transport.onMessage((message) => this.#receive(message, handlers));
  }

  send<K extends Events<Outgoing>>(name: K, body: Body<Outgoing, K>): void {
    if (this.#closed === undefined) this.transport.post({ name, body } satisfies Envelope);
  }

  request<K extends Requests<Outgoing>>(
    name: K,
    body: Body<Outgoing, K>,
  ): Promise<Awaited<Answer<Outgoing, K>>> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) {
        reject(new RemoteError(this.#closed));
        return;
      }
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.transport.post({ id, name, body } satisfies Envelope);
    });
  }

  /** Rejects every open request with `reason`. Later requests are rejected at once, and later events are dropped. */
  close(reason: string): void {
    this.#closed ??= reason;
    for (const { reject } of this.#waiting.values()) reject(new RemoteError(reason));
    this.#waiting.clear();
  }

  #receive(message: unknown, handlers: Handlers<Incoming>): void {
    if (typeof message !== 'object' || message === null) return;
    const envelope = message as Envelope;
    if ('answerTo' in envelope) {
      const waiting = this.#waiting.get(envelope.answerTo);
      this.#waiting.delete(envelope.answerTo);
      if ('error' in envelope) waiting?.reject(new RemoteError(envelope.error));
      else waiting?.resolve(envelope.value);
      return;
    }
    const { id, name, body } = envelope;
    if (typeof name !== 'string') return;
    const handler = Object.hasOwn(handlers, name)
      ? (handlers[name as keyof Incoming & string] as (body: unknown) => unknown)
      : undefined;
    if (id === undefined) {
      handler?.(body);
      return;
    }
    Promise.resolve()
      .then(() => {
        if (!handler) throw new Error(`internal error: no handler for "${name}"`);
        return handler(body);
      })
      .then(
        (value) => this.transport.post({ answerTo: id, value } satisfies Envelope),
        (error: unknown) =>
          this.transport.post({
            answerTo: id,
            error: error instanceof Error ? error.message : String(error),
          } satisfies Envelope),
      );
  }
}
