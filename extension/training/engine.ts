/** The engine on a thread of its own, for one run. Whatever befalls the thread becomes an ordinary error here. */
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { Channel, type Transport } from '../../engine/protocol/channel.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { EngineToHost, HostToEngine, Job } from '../../engine/protocol/training.ts';

export type End = Extract<TrainingEvent, { event: 'end' }>;

/** Limit of the thread's JavaScript heap, in MB. Tensors live outside it, in array buffers. */
const heapLimit = 2048;

export class Engine {
  readonly #worker: Worker;
  readonly #channel: Channel<HostToEngine, EngineToHost>;

  constructor(file: vscode.Uri, onEvent: (event: TrainingEvent) => void, log: vscode.LogOutputChannel) {
    const worker = new Worker(file.fsPath, {
      resourceLimits: { maxOldGenerationSizeMb: heapLimit },
      workerData: { l10nContents: vscode.l10n.bundle },
      stdout: true,
      stderr: true,
    });
    this.#worker = worker;
    this.#channel = new Channel(transportOf(worker), { event: onEvent });
    worker.stdout.on('data', (text) => log.info(String(text).trimEnd()));
    worker.stderr.on('data', (text) => log.warn(String(text).trimEnd()));
    worker.on('error', (error) => {
      log.error(error);
      this.#channel.close(failureMessage(error));
    });
    worker.on('exit', (code) =>
      this.#channel.close(vscode.l10n.t('The engine stopped unexpectedly (exit code {0}).', code)),
    );
  }

  /** Rejects when the run could not start, or the thread has died. */
  run(job: Job): Promise<End> {
    return this.#channel.request('run', job);
  }

  stop(): Promise<void> {
    return this.#channel.request('stop', {});
  }

  async terminate(): Promise<void> {
    this.#channel.close(vscode.l10n.t('The engine was ended.'));
    await this.#worker.terminate();
  }
}

function transportOf(worker: Worker): Transport {
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on('message', listener),
  };
}

function failureMessage(error: Error & { readonly code?: string }): string {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? vscode.l10n.t('The engine ran out of memory. Use a smaller batch size or a smaller network.')
    : vscode.l10n.t('The engine failed: {0}', error.message);
}
