/**
 * Steps of recurrent layers whose kernels run together have the same bits however late a thread is: here, all parts of the other
 * threads run only when the leader waits for them, in an order of its own.
 */
import { describe, expect, it } from 'vitest';
import type { Kernels } from '../../engine/kernels/kernels.ts';
import { Random } from '../../engine/kernels/random.ts';
import type { WasmExports } from '../../engine/kernels/wasm/exports.ts';
import { instantiate } from '../../engine/kernels/wasm/instance.ts';
import { createWasmKernels } from '../../engine/kernels/wasm/kernels.ts';
import { WasmMemory } from '../../engine/kernels/wasm/memory.ts';
import type { ThreadPool } from '../../engine/kernels/wasm/threadPool.ts';
import type { Tensor } from '../../engine/layers/define.ts';
import { layers } from '../../engine/layers/registry.ts';
import { StandaloneLayer } from '../../engine/layers/standalone.ts';
import { expectSameBits, moduleOf } from './wasmHarness.ts';

const module = moduleOf('relaxed');

/** A pool whose other threads do nothing until the leader waits, and counts what ran together. */
class LatePool implements ThreadPool {
  isTogether = false;
  longest = 0;
  readonly #late: (() => void)[][];
  readonly #workers: readonly WasmExports[];

  constructor(
    readonly wasm: WasmExports,
    readonly size: number,
  ) {
    this.#late = Array.from({ length: size }, () => []);
    this.#workers = this.#late.map((calls) => this.#recorder(calls));
  }

  #recorder(calls: (() => void)[]): WasmExports {
    const entries = Object.entries(this.wasm).map(([name, run]) => [
      name,
      (...operands: unknown[]) => calls.push(() => (run as (...operands: unknown[]) => void)(...operands)),
    ]);
    return Object.fromEntries(entries) as WasmExports;
  }

  on(part: number): WasmExports {
    return part === 0 ? this.wasm : this.#workers[part];
  }

  finish(): void {
    if (this.isTogether) return;
    for (const calls of this.#late) for (const call of calls.splice(0)) call();
  }

  together(_size: number, calls: () => void): void {
    this.isTogether = true;
    calls();
    this.isTogether = false;
    this.longest = Math.max(this.longest, ...this.#late.map(({ length }) => length));
    this.finish();
  }
}

describe('steps that run together have the same bits on late threads:', () => {
  const recurrent = [...layers].filter(({ attributes }) => 'hiddenSize' in attributes);
  for (const definition of recurrent)
    for (const sample of definition.samples)
      it.each([2, 3])(`${definition.type}, ${sample.name}, %d threads`, (threads) => {
        const results = [1, threads].map((size) => {
          const memory = new WasmMemory();
          const wasm = instantiate(module, memory.memory);
          memory.begin(wasm.heapBase());
          const pool = new LatePool(wasm, size);
          const kernels: Kernels = {
            ...createWasmKernels(pool, memory),
            // However small the layers are.
            together: (_work, calls) => pool.together(size, calls),
          };
          const layer = new StandaloneLayer({
            definition,
            inputs: sample.inputs,
            batch: 5,
            ...(sample.attributes ? { attributes: sample.attributes } : {}),
            ...(sample.lengths ? { lengths: [...sample.lengths, 1, 2].slice(0, 5) } : {}),
            float: 'float32',
            kernels,
            allocate: (bytes) => memory.allocate(bytes),
          });
          const random = new Random(3);
          const { pass } = layer;
          const named = (tensors: object) => Object.values(tensors as { readonly [name: string]: Tensor });
          for (const { data } of [
            ...pass.inputs,
            ...named(pass.parameters),
            pass.gradOutput,
            ...named(pass.gradExtraOutputs),
          ])
            for (let i = 0; i < data.length; i++) data[i] = random.normal();
          layer.forward();
          layer.backward();
          const { truncate, inputDropout, recurrentDropout } = pass.attributes as {
            readonly [name: string]: number;
          };
          const alone = sample.lengths || truncate + inputDropout + recurrentDropout > 0 || size === 1;
          expect(pool.longest > 0).toBe(!alone);
          return [
            pass.output,
            ...named(pass.extraOutputs),
            ...pass.gradInputs.filter((gradient) => gradient !== undefined),
            ...named(pass.gradParameters),
          ];
        });
        results[0].forEach(({ data }, index) => {
          expectSameBits(results[1][index].data, data, `result ${index}`);
        });
      });
});
