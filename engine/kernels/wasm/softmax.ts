/** Softmax and log-softmax on the compiled module. */
import type { SoftmaxKernels, SoftmaxShape } from '../softmax.ts';
import type { WasmExports } from './exports.ts';
import { deal, share } from './shares.ts';
import type { ThreadPool } from './threadPool.ts';

/** The approximate cost of an element, in plain passes. */
const passes = 5;

export function softmaxKernels(pool: ThreadPool): SoftmaxKernels {
  const forward =
    (kernel: 'softmax' | 'logSoftmax'): SoftmaxKernels['softmax'] =>
    (shape, x, y) =>
      along(pool, shape, (wasm, groups, seen, size, inner, at) =>
        wasm[kernel](groups, seen, size, inner, x.byteOffset + at, y.byteOffset + at),
      );
  const backward =
    (kernel: 'softmaxBackward' | 'logSoftmaxBackward'): SoftmaxKernels['softmaxBackward'] =>
    (shape, y, dy, dx) =>
      along(pool, shape, (wasm, groups, seen, size, inner, at) =>
        wasm[kernel](groups, seen, size, inner, y.byteOffset + at, dy.byteOffset + at, dx.byteOffset + at),
      );
  return {
    softmax: forward('softmax'),
    softmaxBackward: backward('softmaxBackward'),
    logSoftmax: forward('logSoftmax'),
    logSoftmaxBackward: backward('logSoftmaxBackward'),
  };
}

/** Groups [groups, size, inner] that begin `at` bytes after the start, of which `seen` entries count. */
type Run = (wasm: WasmExports, groups: number, seen: number, size: number, inner: number, at: number) => void;

/** Calls `run` once for each thread; if samples differ in length, once for each sample. */
function along(pool: ThreadPool, { batch, outer, size, inner, lengths }: SoftmaxShape, run: Run): void {
  const bytes = 4 * size * inner;
  if (lengths) {
    const leader = pool.on(0);
    for (let n = 0; n < batch; n++) run(leader, outer, lengths[n], size, inner, n * outer * bytes);
    return;
  }
  const groups = batch * outer;
  deal(pool, groups, share(pool, groups, passes * groups * size * inner), (wasm, from, to) =>
    run(wasm, to - from, size, size, inner, from * bytes),
  );
}
