/** The run log on disk: the events of a run, one JSON object a line, and the spec as it was run. */
import { createWriteStream, mkdirSync, type WriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingEvent } from '../protocol/events.ts';
import { writeEvent } from '../protocol/eventText.ts';
import { runFiles } from '../protocol/training.ts';

export class RunLog {
  readonly #stream: WriteStream;
  #failure: Error | undefined;

  constructor(folder: string, text: string) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, runFiles.spec), text);
    this.#stream = createWriteStream(join(folder, runFiles.log));
    // A log that cannot be written must not end a run; `close` tells.
    this.#stream.on('error', (error) => {
      this.#failure = error;
    });
  }

  add(event: TrainingEvent): void {
    if (!this.#failure) this.#stream.write(`${writeEvent(event)}\n`);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#failure) resolve();
      else this.#stream.end(() => resolve());
    });
  }
}
