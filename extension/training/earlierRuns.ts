/**
 * Brings back the statistics and curves of a network's newest run when the network is opened, from the files beside it.
 * Only reads, and only in a trusted workspace.
 */
import type * as vscode from 'vscode';
import { analyze } from '../../engine/graph/analyze.ts';
import { layerText } from '../../engine/graph/layerText.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { Recording } from '../../engine/replay/recording.ts';
import { type RunSummary, readEvents, readSpec } from '../../engine/runs/reader.ts';
import type { Networks } from '../networks.ts';
import type { CutOffRuns } from './cutOffRuns.ts';
import { reportCutOff } from './outcome.ts';
import { RunRecord } from './runRecord.ts';
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
    const record = summary && (await this.#recordOf(document.uri, summary));
    if (!record || document.isClosed) return;
    const [then, now] = [analyze(record.text), networks.analysis(document)];
    const text = document.getText();
    const still = [...then.layerRanges.keys()].some(
      (name) => layerText(record.text, then, name) === layerText(text, now, name),
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
    return this.runs.places.newest(uri).catch(() => undefined);
  }

  /** Undefined if the run cannot be read; training reports why. */
  async #recordOf(uri: vscode.Uri, summary: RunSummary): Promise<RunRecord | undefined> {
    const { state } = summary;
    const cutOff = state === 'cut off' || (state === 'stopped' && this.cutOffRuns.has(uri));
    return readRecord(summary, cutOff).catch(() => undefined);
  }
}

async function readRecord({ folder, heard }: RunSummary, cutOff: boolean): Promise<RunRecord | undefined> {
  const text = await readSpec(folder);
  if (text === undefined) return undefined;
  const record = new RunRecord(text, heard, cutOff, () => Recording.from(readEvents(folder)));
  let stats: TrainingEvent | undefined;
  for await (const event of readEvents(folder))
    if (event.event === 'stats') stats = event;
    else record.add(event);
  if (stats) record.add(stats);
  return record.last('plan') ? record : undefined;
}
