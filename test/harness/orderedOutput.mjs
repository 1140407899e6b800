/** The output of suites that run at the same time, in the order of the suites: as if one had run after another. */

export class OrderedOutput {
  /** Parts that have not ended or that wait for their turn. Only the first one is written at once. */
  #parts = [];

  /** The part of the next suite: `write` takes text for one of the standard streams, and `end` follows the last text. */
  next() {
    const part = { waiting: [], hasEnded: false };
    this.#parts.push(part);
    return {
      write: (text, stream = process.stdout) => {
        part.waiting.push([stream, text]);
        this.#flush();
      },
      end: () => {
        part.hasEnded = true;
        this.#flush();
      },
    };
  }

  #flush() {
    for (let [first] = this.#parts; first; [first] = this.#parts) {
      for (const [stream, text] of first.waiting.splice(0)) stream.write(text);
      if (!first.hasEnded) return;
      this.#parts.shift();
    }
  }
}
