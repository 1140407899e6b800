interface Sink {
  write(text: string): unknown;
}

/** What TypeScript needs to know of `orderedOutput.mjs`. */
export declare class OrderedOutput {
  next(): { write(text: string, stream?: Sink): void; end(): void };
}
