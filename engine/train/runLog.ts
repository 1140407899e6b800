/** The run log on disk: the events of a run, one JSON object a line, and the spec as it was run. */
import { createWriteStream, mkdirSync, type WriteStream, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingEvent } from '../protocol/events.ts';
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
    if (!this.#failure) this.#stream.write(`${JSON.stringify(event)}\n`);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#failure) resolve();
      else this.#stream.end(() => resolve());
    });
  }
}

/** Ends the log of a run whose own thread can no longer do so. Begins a new line if the last one was cut off. */
export async function endLog(folder: string, end: TrainingEvent): Promise<void> {
  const file = await open(join(folder, runFiles.log), 'a+');
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    const isWhole = size === 0 || last.toString() === '\n';
    await file.write(`${isWhole ? '' : '\n'}${JSON.stringify(end)}\n`);
  } finally {
    await file.close();
  }
}
