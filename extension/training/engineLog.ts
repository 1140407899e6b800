/**
 * Copies the output of an engine's process to the log line by line, up to a limit, and keeps its errors, which show why
 * it died.
 */
import type { Log } from '../shown/log.ts';

/** How many characters of one engine go to the log. */
const mostLogged = 64 * 1024;
/** How many characters of errors are kept. V8 first prints why it ends, then a stack. */
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
    // Control characters could end up in a terminal.
    const line = text.replaceAll(/[^\P{Cc}\n\t]/gu, '').trimEnd();
    if (line !== '') this.log[level](line.slice(0, mostLogged));
    if (this.#logged > mostLogged) this.log.warn('The engine writes more than is shown here.');
  }
}
