/** One thread's instance of the kernels over a memory. */
import type { WasmExports } from './exports.ts';

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): WasmExports {
  const abort = (): never => {
    throw new Error('internal error: a kernel gave up');
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as WasmExports;
}
