/** One run of one network: the text it runs, what it has told so far, and how it ended. */
import * as vscode from 'vscode';
import type { RunState } from '../../engine/protocol/editor.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { Job } from '../../engine/protocol/training.ts';
import { type End, Engine } from './engine.ts';
import { RunHistory } from './history.ts';

/** An engine that has not stopped this long after it was asked to, in milliseconds, is ended by force. */
const patience = 1000;

export class Session {
  /** An evaluation adds to what the training before it told, so that its figures stay in view. */
  readonly history: RunHistory;
  /** Never rejects: a run that fails ends with the reason "failed". */
  readonly ended: Promise<End>;
  readonly #received = new vscode.EventEmitter<TrainingEvent>();
  readonly #stateChanged = new vscode.EventEmitter<RunState>();
  readonly #engine: Engine;
  #state: RunState;

  readonly onDidReceive = this.#received.event;
  readonly onDidChangeState = this.#stateChanged.event;

  constructor(
    readonly uri: vscode.Uri,
    readonly job: Job,
    workerFile: vscode.Uri,
    readonly log: vscode.LogOutputChannel,
    earlier?: RunHistory,
  ) {
    this.history = (job.task === 'evaluate' ? earlier : undefined) ?? new RunHistory(job.text);
    this.#state = { state: 'running', task: job.task };
    this.#engine = new Engine(workerFile, (event) => this.#receive(event), log);
    this.ended = this.#run();
  }

  get state(): RunState {
    return this.#state;
  }

  get running(): boolean {
    return this.#state.state !== 'idle';
  }

  /** Share of the planned steps that are done, from 0 to 1. */
  get progress(): number {
    const plan = this.history.last('plan');
    const step = this.history.last('step');
    return plan && step ? Math.min(1, step.step / (plan.stepsPerEpoch * plan.epochs)) : 0;
  }

  /** Asks the engine to stop and resolves when the run has ended. */
  async stop(): Promise<void> {
    if (this.#state.state === 'running') {
      this.#enter({ state: 'stopping' });
      const force = setTimeout(() => void this.#engine.terminate(), patience);
      void this.ended.then(() => clearTimeout(force));
      // A thread that died cannot answer; `ended` tells how the run ended.
      this.#engine.stop().catch(() => undefined);
    }
    await this.ended;
  }

  dispose(): void {
    void this.#engine.terminate();
    this.#received.dispose();
    this.#stateChanged.dispose();
  }

  async #run(): Promise<End> {
    const end = this.#readable(await this.#engine.run(this.job).catch((error: Error) => this.#endOf(error)));
    this.#receiveEnd(end);
    this.#enter({ state: 'idle' });
    void this.#engine.terminate();
    return end;
  }

  #endOf(error: Error): End {
    const step = this.history.last('step')?.step ?? 0;
    if (this.#state.state === 'stopping') return { event: 'end', reason: 'stopped', step };
    return { event: 'end', reason: 'failed', step, message: error.message };
  }

  /** Our own mistakes arrive with the place in our code, which belongs in the log and not before a person's eyes. */
  #readable(end: End): End {
    const first = end.message?.split('\n', 1)[0];
    if (first === undefined || first === end.message) return end;
    this.log.error(end.message!);
    return { ...end, message: vscode.l10n.t('The engine failed: {0}', first) };
  }

  /** The end counts when the engine's answer tells it: then all files are written. */
  #receive(event: TrainingEvent): void {
    if (event.event === 'end') return;
    if ('warnings' in event) for (const { message } of event.warnings ?? []) this.log.warn(message);
    this.history.add(event);
    this.#received.fire(event);
  }

  #receiveEnd(end: End): void {
    this.history.add(end);
    this.#received.fire(end);
  }

  #enter(state: RunState): void {
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}
