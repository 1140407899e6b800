/**
 * Copies the output of an engine's process to the log line by line, up to a limit, and keeps its errors, which show why it ended.
 */
import type { Log } from '../shown/log.ts';

/** The most characters of one engine that go to the log. */
const mostLogged = 64 * 1024;
/** The most characters of errors that are kept. V8 prints the reason first, then a stack. */
const mostKept = 16 * 1024;

export class EngineLog {
  #logged = 0;
  #lastErrors = '';

  constructor(readonly log: Log) {}

  get lastErrors(): string {
    return this.#lastErrors;
  }

  add(level: 'info' | 'warn', text: string): void {
    if (level === 'warn') this.#lastErrors = (this.#lastErrors + text).slice(-mostKept);
    if (this.#logged > mostLogged) return;
    this.#logged += text.length;
    // Control characters could reach a terminal.
    const line = text.replaceAll(/[^\P{Cc}\n\t]/gu, '').trimEnd();
    if (line !== '') this.log[level](line.slice(0, mostLogged));
    if (this.#logged > mostLogged) this.log.warn('The engine writes more than is shown here.');
  }
}
