/**
 * Remembers which cut-off runs have been reported to the person, so that each is reported once. VS Code lets no extension ask
 * before a window is closed, so the next window reports it.
 */
import type * as vscode from 'vscode';

type Times = { readonly [network: string]: number };

/** The times of the last events of these runs, by network. */
const reported = 'netloom.runsReportedCutOff';

export class CutOffRuns {
  constructor(readonly memory: vscode.Memento) {}

  /** Whether a run that was cut off has not been reported yet. From then on it counts as reported. */
  isNews(uri: vscode.Uri, heard: Date): boolean {
    const times = this.memory.get<Times>(reported, {});
    if (times[uri.toString()] === heard.getTime()) return false;
    void this.memory.update(reported, { ...times, [uri.toString()]: heard.getTime() });
    return true;
  }
}
