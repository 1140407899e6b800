/** Runs a job in a separate engine. Only its answer is kept. */
import type * as vscode from 'vscode';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { End, Job } from '../../engine/protocol/training.ts';
import type { Log } from '../shown/log.ts';
import { Engine, type EngineFiles } from './engine.ts';

/** Runs a job; its engine has ended afterwards. Never rejects: a cancelled job ends as "stopped". */
export async function ask(
  files: EngineFiles,
  job: Job,
  token: vscode.CancellationToken,
  onEvent: (event: TrainingEvent) => void,
  log: Log,
): Promise<End> {
  const engine = new Engine(files, job.memoryLimit ?? 0, onEvent, log);
  const cancelled = token.onCancellationRequested(() => engine.kill());
  try {
    return await engine.run(job);
  } catch {
    engine.kill();
    const { code, message } = await engine.gone;
    const reason = token.isCancellationRequested ? 'stopped' : 'failed';
    return { event: 'end', reason, step: 0, message, code };
  } finally {
    cancelled.dispose();
    engine.kill();
  }
}
