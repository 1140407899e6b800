/**
 * Brings back the statistics and curves of a network's newest run when the network is opened, from the files beside it.
 * Only reads, and only in a workspace that is trusted.
 */
import * as vscode from 'vscode';
import { analyze } from '../../engine/graph/analyze.ts';
import { layerText } from '../../engine/graph/layerText.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { newestRun, type RunSummary, readEvents, readSpec } from '../../engine/runs/reader.ts';
import { type Networks, placeOf } from '../networks.ts';
import { RunHistory } from './history.ts';
import type { Sessions } from './sessions.ts';

export class EarlierRuns {
  /** Networks that were looked at since they were opened. */
  readonly #seen = new Set<string>();
  readonly #listeners: readonly vscode.Disposable[];

  constructor(networks: Networks, sessions: Sessions) {
    const look = (document: vscode.TextDocument) => {
      const key = document.uri.toString();
      if (!vscode.workspace.isTrusted || this.#seen.has(key)) return;
      this.#seen.add(key);
      void restore(document, networks, sessions);
    };
    this.#listeners = [
      networks.onDidAnalyze(look),
      networks.onDidClose(({ uri }) => this.#seen.delete(uri.toString())),
      vscode.workspace.onDidGrantWorkspaceTrust(() => networks.open.forEach(look)),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
  }
}

async function restore(document: vscode.TextDocument, networks: Networks, sessions: Sessions): Promise<void> {
  const place = placeOf(document.uri);
  if (!place || sessions.history(document.uri)) return;
  const history = await readRun(place);
  if (!history || document.isClosed) return;
  const [then, now] = [analyze(history.text), networks.analysis(document)];
  const text = document.getText();
  const still = [...then.layerRanges.keys()].some(
    (name) => layerText(history.text, then, name) === layerText(text, now, name),
  );
  if (still) sessions.restore(document.uri, history);
}

/** The newest run of a network that can be read; nothing when there is none. */
async function readRun(place: { folder: string; network: string }): Promise<RunHistory | undefined> {
  try {
    const summary = await newestRun(place.folder, place.network);
    return summary && (await readHistory(summary));
  } catch {
    // Links and damaged files: whoever trains is told of them.
    return undefined;
  }
}

async function readHistory({ folder, heard }: RunSummary): Promise<RunHistory | undefined> {
  const text = await readSpec(folder);
  if (text === undefined) return undefined;
  const history = new RunHistory(text, heard);
  let stats: TrainingEvent | undefined;
  for await (const event of readEvents(folder))
    if (event.event === 'stats') stats = event;
    else history.add(event);
  if (stats) history.add(stats);
  return history.last('plan') ? history : undefined;
}
