/** The engine in a separate process, for one run. Whatever happens to that process becomes an ordinary error here. */
import { type ChildProcess, fork } from 'node:child_process';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { Channel } from '../../engine/protocol/channel.ts';
import { type Cause, causeOfDeath } from '../../engine/protocol/crash.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { checked } from '../../engine/protocol/messages.ts';
import {
  type End,
  type EngineToHost,
  engineToHost,
  type HostToEngine,
  type Job,
} from '../../engine/protocol/training.ts';
import type { Log } from '../shown/log.ts';
import { EngineLog } from './engineLog.ts';

/** The bundles that make up an engine. */
export interface EngineFiles {
  readonly process: vscode.Uri;
  readonly worker: vscode.Uri;
}

/** Limit of the JavaScript heap of each thread, in MB. Tensors live outside of it, in array buffers. */
const heapLimit = 2048;

/**
 * The environment variables that the engine's process receives: the folder for temporary files, the language, and those that
 * Windows needs to start a program. They contain no secrets and do not change how it runs.
 */
const environmentNames = ['TMPDIR', 'TEMP', 'TMP', 'LANG', 'LC_ALL', 'SystemRoot', 'windir'];

export class Engine {
  readonly #process: ChildProcess;
  readonly #channel: Channel<HostToEngine, EngineToHost>;
  #isReady = false;
  /** Resolves with the reason when the process has ended. */
  readonly gone: Promise<Cause>;

  constructor(files: EngineFiles, memoryLimit: number, onEvent: (event: TrainingEvent) => void, log: Log) {
    const child = fork(
      files.process.fsPath,
      [files.worker.fsPath, String(memoryLimit), String(process.pid)],
      {
        execArgv: [`--max-old-space-size=${heapLimit}`],
        env: environment(),
        cwd: dirname(files.process.fsPath),
        serialization: 'advanced',
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    this.#process = child;
    this.#channel = new Channel<HostToEngine, EngineToHost>(
      {
        // A message to a process that has just ended is lost; its end is reported anyway.
        post: (message) => child.send(message as object, () => undefined),
        onMessage: (listener) => child.on('message', listener),
      },
      checked(
        engineToHost,
        {
          ready: () => {
            this.#isReady = true;
          },
          events: ({ events }) => {
            for (const event of events) onEvent(event);
          },
        },
        (reason) => log.warn(reason),
      ),
    );
    const output = new EngineLog(log);
    child.stdout?.on('data', (text) => output.add('info', String(text)));
    child.stderr?.on('data', (text) => output.add('warn', String(text)));
    this.gone = new Promise((resolve) => {
      const end = (cause: Cause) => {
        this.#channel.close(cause.message);
        resolve(cause);
      };
      child.on('error', (error) => {
        log.error(error);
        const message = vscode.l10n.t('The engine could not be started: {0}', error.message);
        end({ code: 'engine/crashed', message });
      });
      // This event comes later than "exit", when all output has arrived.
      child.on('close', (code, signal) => end(causeOfDeath(code, signal, output.lastErrors)));
    });
  }

  /** Rejects if the process ended before it could report the end of the run. */
  run(job: Job): Promise<End> {
    const translations = vscode.l10n.bundle;
    return this.#channel.request('run', { job, ...(translations ? { translations } : {}) });
  }

  /** `cutOff` says that no person asked for it: the window closes. */
  async stop(cutOff: boolean): Promise<void> {
    // A process that is still starting has no files to save.
    if (this.#isReady) await this.#channel.request('stop', { cutOff });
    else this.kill();
  }

  /** From its next detailed measurement on, the training shows the maps of this sample, from 1. */
  chooseSample(sample: number): void {
    // A process that has ended cannot answer, and shows nothing any more.
    this.#channel.request('chooseSample', { sample }).catch(() => undefined);
  }

  /** Lets the engine write its files, and ends it. Resolves with the end event, and with what could not be written. */
  async settle(): Promise<End | undefined> {
    const end = await this.#channel.request('settle', {}).catch(() => undefined);
    this.kill();
    return end;
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}

function environment(): NodeJS.ProcessEnv {
  const given = environmentNames.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(given), ELECTRON_RUN_AS_NODE: '1' };
}
