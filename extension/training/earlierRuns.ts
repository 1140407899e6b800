/** Brings back the figures of a network's last run when it is opened, from the run log beside it. Only reads. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type * as vscode from 'vscode';
import { analyze } from '../../engine/graph/analyze.ts';
import { runFiles } from '../../engine/protocol/training.ts';
import { layerText, type Networks } from '../networks.ts';
import type { CutOffRuns } from './cutOffRuns.ts';
import { RunHistory } from './history.ts';
import { readLogLine } from './logEvents.ts';
import { reportCutOff } from './outcome.ts';
import type { Sessions } from './sessions.ts';

/** Bytes. A log grows by some ten kilobytes a second; a longer one would take too long to read for what it gives. */
const longestLog = 256 * 2 ** 20;
const longestText = 4 * 2 ** 20;

export class EarlierRuns {
  /** Networks that were looked at since they were opened. */
  readonly #seen = new Set<string>();
  readonly #listeners: readonly vscode.Disposable[];

  constructor(
    readonly networks: Networks,
    readonly sessions: Sessions,
    readonly cutOffRuns: CutOffRuns,
  ) {
    this.#listeners = [
      networks.onDidAnalyze((document) => {
        const key = document.uri.toString();
        if (this.#seen.has(key)) return;
        this.#seen.add(key);
        void this.#restore(document);
      }),
      networks.onDidClose(({ uri }) => this.#seen.delete(uri.toString())),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
  }

  async #restore(document: vscode.TextDocument): Promise<void> {
    const { networks, sessions } = this;
    const folder = sessions.places.folderOf(document.uri);
    if (!folder || sessions.history(document.uri)) return;
    const history = await readRun(folder);
    if (!history || document.isClosed) return;
    const [then, now] = [analyze(history.text), networks.analysis(document)];
    const text = document.getText();
    const still = [...then.layerRanges.keys()].some(
      (name) => layerText(history.text, then, name) === layerText(text, now, name),
    );
    if (!still || !sessions.restore(document.uri, history)) return;
    const { earlier, cutOff } = history;
    if (cutOff && earlier && this.cutOffRuns.isNews(document.uri, earlier))
      await reportCutOff(document.uri, history, sessions.log);
  }
}

/** The run whose log is in a folder; nothing when there is none, or it cannot be read. */
export async function readRun(folder: string): Promise<RunHistory | undefined> {
  const log = path.join(folder, runFiles.log);
  const spec = path.join(folder, runFiles.spec);
  try {
    const [logFile, specFile] = await Promise.all([stat(log), stat(spec)]);
    if (!logFile.isFile() || logFile.size > longestLog) return undefined;
    if (!specFile.isFile() || specFile.size > longestText) return undefined;
    const history = new RunHistory(await readFile(spec, 'utf8'), logFile.mtime);
    let lastStats = '';
    for await (const line of linesOf(log))
      if (line.startsWith('{"event":"stats"')) lastStats = line;
      else addLine(history, line);
    addLine(history, lastStats);
    return history.last('plan') ? history : undefined;
  } catch {
    return undefined;
  }
}

function addLine(history: RunHistory, line: string): void {
  const event = readLogLine(line);
  if (event) history.add(event);
}

async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
