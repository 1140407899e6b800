/** What an engine's process writes, line by line in the log, up to a limit; and the end of its errors, which show why it died. */
import type { Log } from '../shown/log.ts';

/** Characters of one engine that the log gets. */
const mostLogged = 64 * 1024;
/** Characters of the errors that are kept. V8 says first why it ends, and then prints a stack. */
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
