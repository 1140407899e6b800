/** One thread's instance of the kernels over a memory. */
import type { WasmExports } from './exports.ts';

/** The exports of the module, which compute on this memory. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): WasmExports {
  const abort = (): never => {
    throw new Error('internal error: a kernel gave up');
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as WasmExports;
}

/** The part of the WebAssembly interface the backend uses; the engine compiles without the DOM's types. */
declare global {
  namespace WebAssembly {
    class CompileError extends Error {}
    class Module {
      constructor(bytes: Uint8Array<ArrayBuffer>);
    }
    class Memory {
      constructor(descriptor: { readonly initial: number; readonly maximum: number; readonly shared: true });
      readonly buffer: SharedArrayBuffer;
      grow(pages: number): number;
    }
    class Instance {
      constructor(
        module: Module,
        imports: { readonly env: { readonly memory: Memory; readonly abort: () => void } },
      );
      readonly exports: object;
    }
  }
}
