/** One run of one network: its text, its events so far, and how it ended. */
import * as vscode from 'vscode';
import { crashMessage } from '../../engine/protocol/crash.ts';
import type { RunState, RunTask } from '../../engine/protocol/editor.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { End, Job } from '../../engine/protocol/training.ts';
import { networkName } from '../networks.ts';
import type { Log } from '../shown/log.ts';
import { showWarning } from '../shown/shown.ts';
import { Engine, type EngineFiles } from './engine.ts';
import type { RunNames } from './runNames.ts';
import { RunRecord } from './runRecord.ts';

/** Milliseconds after a request to stop, after which an engine is ended by force. */
const patience = 1000;

/** A job that the editor shows. */
export type RunJob = Job & { readonly task: RunTask };

/** The network's run before this one. */
export interface Earlier {
  readonly record: RunRecord | undefined;
  readonly gone: Promise<void> | undefined;
}

export class Run {
  /** An evaluation adds its events to those of the training before it, so that the training's statistics stay visible. */
  readonly record: RunRecord;
  /** Never rejects: a run that fails ends with the reason "failed". With the names that layers have at the end. */
  readonly ended: Promise<End>;
  /** Resolves when the run has ended, all its files are written and its process has ended. */
  readonly gone: Promise<void>;
  readonly #received = new vscode.EventEmitter<TrainingEvent>();
  readonly #stateChanged = new vscode.EventEmitter<RunState>();
  readonly #engine: Engine;
  /** The names of its layers. */
  readonly #names: RunNames;
  #uri: vscode.Uri;
  #state: RunState;
  #end: End | undefined;

  readonly onDidReceive = this.#received.event;
  readonly onDidChangeState = this.#stateChanged.event;

  constructor(
    uri: vscode.Uri,
    readonly job: RunJob,
    files: EngineFiles,
    readonly log: Log,
    earlier?: Earlier,
  ) {
    this.#uri = uri;
    this.record = (job.task === 'evaluate' ? earlier?.record : undefined) ?? new RunRecord(job.text);
    this.#names = job.task === 'evaluate' ? this.record.evaluate(job.text) : this.record.names;
    this.#state = { state: 'running', task: job.task };
    this.#engine = new Engine(files, job.memoryLimit ?? 0, (event) => this.#receive(event), log);
    this.ended = this.#run(earlier?.gone);
    this.gone = this.ended.then(() => this.#settle());
  }

  /** The network's URI, which changes when it is saved for the first time. */
  get uri(): vscode.Uri {
    return this.#uri;
  }

  moveTo(uri: vscode.Uri): void {
    this.#uri = uri;
  }

  get state(): RunState {
    return this.#state;
  }

  /** How it has ended, with the names that layers have now. */
  get end(): End | undefined {
    return this.#end && this.#names.translate(this.#end);
  }

  get running(): boolean {
    return this.#state.state !== 'idle';
  }

  /** Share of the planned steps that are done, from 0 to 1. */
  get progress(): number {
    const plan = this.record.last('plan');
    const step = this.record.last('step');
    return plan && step ? Math.min(1, step.step / (plan.stepsPerEpoch * plan.epochs)) : 0;
  }

  /** Asks the engine to stop and resolves when the run has ended. `cutOff` says that no person asked for it: the window closes. */
  async stop(cutOff = false): Promise<void> {
    if (this.#state.state === 'running') {
      this.#enter({ state: 'stopping' });
      const force = setTimeout(() => this.#engine.kill(), patience);
      void this.ended.then(() => clearTimeout(force));
      // A process that has ended cannot answer; `ended` reports how the run ended.
      this.#engine.stop(cutOff).catch(() => undefined);
    }
    await this.ended;
  }

  /** From its next detailed measurement on, a running training shows the maps of this sample, from 1. */
  chooseSample(sample: number): void {
    if (this.running) this.#engine.chooseSample(sample);
  }

  /** Ends a running engine by force. A run that has already ended may write its files. */
  dispose(): void {
    if (this.running) this.#engine.kill();
    this.#received.dispose();
    this.#stateChanged.dispose();
  }

  async #run(earlierGone: Promise<void> = Promise.resolve()): Promise<End> {
    // The files belong to the earlier run until this one has written them.
    await earlierGone;
    const end = this.#readable(await this.#engine.run(this.job).catch((error: Error) => this.#died(error)));
    this.#end = end;
    this.#receiveEnd(end);
    this.#enter({ state: 'idle' });
    return this.end!;
  }

  async #died(error: Error): Promise<End> {
    this.log.error(error);
    this.#engine.kill();
    const { code, message } = await this.#engine.gone;
    const step = this.record.last('step')?.step ?? 0;
    if (this.#state.state === 'stopping') return { event: 'end', reason: 'stopped', step };
    return {
      event: 'end',
      reason: 'failed',
      step,
      message: crashMessage(step, { code, message }),
      code,
      path: [],
    };
  }

  async #settle(): Promise<void> {
    const reported = (await this.ended).message;
    const { message, folder } = (await this.#engine.settle()) ?? {};
    // A run that was stopped is answered before it has written its files.
    if (folder !== undefined && this.job.task === 'train') this.record.moveTo(folder);
    // What could not be saved after the end has not been reported yet.
    if (message !== undefined && message.split('\n', 1)[0] !== reported?.split('\n', 1)[0]) {
      this.log.error(message);
      void showWarning(`${networkName(this.uri)}: ${message}`);
    }
    await this.#engine.gone;
  }

  /** Errors in our own code contain a place in that code, which belongs in the log and not in a message. */
  #readable(end: End): End {
    const first = end.message?.split('\n', 1)[0];
    if (first === undefined || first === end.message) return end;
    this.log.error(end.message!);
    return { ...end, message: vscode.l10n.t('The engine failed: {0}', first) };
  }

  /** The run counts as ended when the engine's answer arrives: then all files are written. */
  #receive(event: TrainingEvent): void {
    if (event.event === 'end') return;
    if ('warnings' in event) for (const { message } of event.warnings ?? []) this.log.warn(message);
    this.record.add(event);
    this.#received.fire(this.#names.translate(event));
  }

  /** The end of an evaluation leaves that of the training as it is. */
  #receiveEnd(end: End): void {
    const { reason, message, row } = end;
    const event: TrainingEvent =
      this.job.task === 'evaluate'
        ? {
            event: 'evaluationEnd',
            reason,
            ...(message === undefined ? {} : { message }),
            ...(row ? { row } : {}),
          }
        : end;
    this.record.add(event);
    this.#received.fire(this.#names.translate(event));
  }

  #enter(state: RunState): void {
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}
