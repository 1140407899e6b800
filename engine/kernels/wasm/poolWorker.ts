/** Entry of a worker thread of the wasm backend: the same module over the same memory, computing parts of kernel calls. */
import { workerData } from 'node:worker_threads';
import { instantiate } from './instance.ts';
import { servePool } from './threadPool.ts';

export interface PoolWorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly mailboxes: SharedArrayBuffer;
  readonly worker: number;
  readonly spins: number;
}

const { module, memory, mailboxes, worker, spins } = workerData as PoolWorkerData;
servePool(instantiate(module, memory), mailboxes, worker, spins);
