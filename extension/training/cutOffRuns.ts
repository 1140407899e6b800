/**
 * Records which runs ended because their window was closed or reloaded, so that the next window can report them. VS
 * Code lets no extension ask before that. Such a run may have stopped properly, so its log alone does not show it.
 */
import type * as vscode from 'vscode';

type Times = { readonly [network: string]: number };

/** Networks that train, with the time of the start. */
const goingOn = 'netloom.runsGoingOn';
/** The times of the last events of runs that have been reported to the person. */
const reported = 'netloom.runsReportedCutOff';

export class CutOffRuns {
  #closing = false;

  constructor(readonly memory: vscode.Memento) {}

  begin(uri: vscode.Uri): void {
    this.#set(goingOn, uri, Date.now());
  }

  /** Call it if a run has ended while the window was open to show it. */
  end(uri: vscode.Uri): void {
    if (!this.#closing) this.#set(goingOn, uri, undefined);
  }

  /** Call it before the window closes: runs that end from now on end because of that. */
  close(): void {
    this.#closing = true;
  }

  has(uri: vscode.Uri): boolean {
    return Object.hasOwn(this.#times(goingOn), uri.toString());
  }

  /** Whether a run that was cut off has not been reported yet. From then on it counts as reported. */
  isNews(uri: vscode.Uri, heard: Date): boolean {
    if (this.#times(reported)[uri.toString()] === heard.getTime()) return false;
    this.#set(reported, uri, heard.getTime());
    return true;
  }

  #times(key: string): Times {
    return this.memory.get<Times>(key, {});
  }

  #set(key: string, uri: vscode.Uri, time: number | undefined): void {
    const { [uri.toString()]: _, ...others } = this.#times(key);
    void this.memory.update(key, time === undefined ? others : { ...others, [uri.toString()]: time });
  }
}
