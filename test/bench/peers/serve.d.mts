import type { Task } from '../task.ts';

export function readTask(
  file: string,
): Task & { readonly data: Float32Array; readonly weights: readonly Float32Array[] };

export function refuseOthers(task: Task, types: readonly string[]): void;

export function serve(
  step: (wantsLoss: boolean) => number | undefined | Promise<number | undefined>,
): Promise<void>;
