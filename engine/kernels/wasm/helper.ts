/** A helper thread of the wasm backend: the same module over the same memory, doing the parts it is dealt. */
import { workerData } from 'node:worker_threads';
import { serveCrew } from './crew.ts';
import { instantiate } from './instance.ts';

export interface HelperData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly mailboxes: SharedArrayBuffer;
  readonly helper: number;
  readonly spins: number;
}

const { module, memory, mailboxes, helper, spins } = workerData as HelperData;
serveCrew(instantiate(module, memory), mailboxes, helper, spins);
