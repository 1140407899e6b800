/** Brings back the figures of a network's last run when it is opened, from the run log beside it. Only reads. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type * as vscode from 'vscode';
import { analyze } from '../../engine/graph/analyze.ts';
import { layerText } from '../../engine/graph/layerText.ts';
import { readEvent } from '../../engine/protocol/eventText.ts';
import { runFiles } from '../../engine/protocol/training.ts';
import { type Networks, outputFolder } from '../networks.ts';
import { RunHistory } from './history.ts';
import type { Sessions } from './sessions.ts';

/** Bytes. A log grows by some ten kilobytes a second; a longer one would take too long to read for what it gives. */
const longestLog = 256 * 2 ** 20;
const longestText = 4 * 2 ** 20;

export class EarlierRuns {
  /** Networks that were looked at since they were opened. */
  readonly #seen = new Set<string>();
  readonly #listeners: readonly vscode.Disposable[];

  constructor(networks: Networks, sessions: Sessions) {
    this.#listeners = [
      networks.onDidAnalyze((document) => {
        const key = document.uri.toString();
        if (this.#seen.has(key)) return;
        this.#seen.add(key);
        void restore(document, networks, sessions);
      }),
      networks.onDidClose(({ uri }) => this.#seen.delete(uri.toString())),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
  }
}

async function restore(document: vscode.TextDocument, networks: Networks, sessions: Sessions): Promise<void> {
  const folder = outputFolder(document.uri);
  if (!folder || sessions.history(document.uri)) return;
  const history = await readRun(folder);
  if (!history || document.isClosed) return;
  const [then, now] = [analyze(history.text), networks.analysis(document)];
  const text = document.getText();
  const still = [...then.layerRanges.keys()].some(
    (name) => layerText(history.text, then, name) === layerText(text, now, name),
  );
  if (still) sessions.restore(document.uri, history);
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
  const event = readEvent(line);
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
