/**
 * Brings back the statistics and curves of a network's newest run when the network is opened, from the files beside it.
 * Only reads, and only in a trusted workspace.
 */
import type * as vscode from 'vscode';
import { isSameLayer, layerText } from '../../engine/graph/layerText.ts';
import type { RunSummary } from '../../engine/runs/reader.ts';
import type { Networks } from '../networks.ts';
import type { CutOffRuns } from './cutOffRuns.ts';
import { reportCutOff } from './outcome.ts';
import { readRecord } from './readRecord.ts';
import type { Renames } from './renames.ts';
import type { Runs } from './runs.ts';

/** A run that another process is still writing is read again after this many milliseconds. */
const patience = 2000;

/** In an untrusted folder nothing is read except the documents that a person opens. */
type WorkspaceTrust = Pick<typeof vscode.workspace, 'isTrusted' | 'onDidGrantWorkspaceTrust'>;

export class EarlierRuns {
  /** Networks whose runs were read since they were opened. */
  readonly #seen = new Set<string>();
  readonly #waiting = new Set<NodeJS.Timeout>();
  readonly #listeners: readonly vscode.Disposable[];

  constructor(
    readonly networks: Networks,
    readonly runs: Runs,
    readonly cutOffRuns: CutOffRuns,
    readonly renames: Renames,
    trust: WorkspaceTrust,
  ) {
    const look = (document: vscode.TextDocument) => {
      const key = document.uri.toString();
      if (!trust.isTrusted || this.#seen.has(key)) return;
      this.#seen.add(key);
      void this.#restore(document);
    };
    this.#listeners = [
      networks.onDidAnalyze(look),
      networks.onDidClose(({ uri }) => this.#seen.delete(uri.toString())),
      runs.onDidChangeFiles((uri) => {
        this.#seen.delete(uri.toString());
        for (const document of networks.open) if (document.uri.toString() === uri.toString()) look(document);
      }),
      trust.onDidGrantWorkspaceTrust(() => networks.open.forEach(look)),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    for (const timer of this.#waiting) clearTimeout(timer);
  }

  async #restore(document: vscode.TextDocument): Promise<void> {
    const { networks, runs } = this;
    const summary = await this.#newestRun(document);
    // One that cannot be read is left alone; training reports why.
    const record = summary && (await readRecord(summary).catch(() => undefined));
    if (!record || document.isClosed) return;
    const now = networks.analysis(document);
    this.renames.recall(record);
    record.names.follow(undefined, now.spec);
    const then = record.names.analysis;
    const text = document.getText();
    const still = [...then.layerRanges.keys()].some((name) =>
      isSameLayer(layerText(record.text, then, name), layerText(text, now, name)),
    );
    if (!still || !runs.restore(document.uri, record)) return;
    if (summary.state === 'running') this.#awaitEnd(document);
    const { earlier, cutOff } = record;
    if (cutOff && earlier && this.cutOffRuns.isNews(document.uri, earlier))
      await reportCutOff(document.uri, record, runs.log);
  }

  /** Another process is writing the run: a terminal, or the remaining process of a window that was just closed. */
  #awaitEnd(document: vscode.TextDocument): void {
    const timer = setTimeout(async () => {
      this.#waiting.delete(timer);
      const summary = await this.#newestRun(document);
      if (!summary || document.isClosed) return;
      if (summary.state === 'running') this.#awaitEnd(document);
      else await this.#restore(document);
    }, patience);
    this.#waiting.add(timer);
  }

  /** Undefined for a network that has run in this window, or if there is no run, or its folder is a link. */
  async #newestRun({ uri }: vscode.TextDocument): Promise<RunSummary | undefined> {
    if (this.runs.get(uri)) return undefined;
    await this.runs.settled(uri);
    return this.runs.places.newest(uri).catch(() => undefined);
  }
}
