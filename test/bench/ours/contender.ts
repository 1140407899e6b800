/** Our engine as a contender: `TASK THREADS WIDE`, where 0 threads mean the reference backend. */
import { readTask, serve } from '../peers/serve.mjs';
import { Model, openBackend, referenceBackend, textOf } from './model.ts';

export async function contend(file: string, threads: number, wide: boolean): Promise<void> {
  const task = readTask(file);
  const backend = threads === 0 ? referenceBackend : await openBackend(threads, wide, textOf(task));
  const model = new Model(textOf(task), backend);
  model.input.set(task.data);
  model.target.set(task.targets);
  model.clearBiases();
  model.weights.forEach((weights, index) => {
    weights.set(task.weights[index]);
  });
  await serve(() => model.step());
  backend.dispose?.();
}
