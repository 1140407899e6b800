/** Kernels that measure. They run on the leader alone: a sum is not divided among threads. */
// biome-ignore-all format: a call lists one group of operands a line.
import { type Kernels, type Measurement, measurementBytes } from '../kernels.ts';
import type { WasmExports } from './exports.ts';
import type { WasmMemory } from './memory.ts';
import { address } from './shares.ts';

type Measurements = Pick<Kernels, 'sumOfSquares' | 'markPositive' | 'moments' | 'countBeyond' | 'prepare'>;

export const measurementKernels = (leader: WasmExports, memory: WasmMemory): Measurements => ({
  sumOfSquares: (count, x, offset) => leader.sumOfSquares(count, address(x, offset), memory.sumsAt),
  markPositive: (rows, columns, x, offset, positive) => leader.markPositive(rows, columns, address(x, offset), address(positive)),
  moments: (count, x, offset, low, high, out) => leader.moments(count, address(x, offset), low, high, out.byteOffset, memory.sumsAt),
  countBeyond: (rows, columns, x, offset, stride, low, high, out, outOffset) =>
    leader.countBeyond(rows, columns, address(x, offset), 4 * stride, low, high, out.byteOffset + 8 * outOffset),

  prepare(measurements) {
    const { buffer, base } = memory.allocate(measurementBytes * measurements.length);
    measurements.forEach((measurement, index) => {
      write(measurement, new DataView(buffer, base + measurementBytes * index));
    });
    const { sumsAt } = memory;
    const { length } = measurements;
    return (samples) => leader.measure(length, base, samples, sumsAt);
  },
});

/** The codes of `measure` in assembly/measure.ts. */
const codes = { moments: 0, squares: 1, copy: 2, change: 3 } as const satisfies { readonly [what in Measurement['what']]: number };

/** Writes a row of the table that assembly/measure.ts reads. */
function write(measurement: Measurement, row: DataView): void {
  const { what, x, perSample } = measurement;
  const other = 'other' in measurement ? address(measurement.other) : 0;
  const out = 'out' in measurement ? measurement.out.byteOffset : 0;
  const words = [codes[what], perSample === undefined ? x.length : 0, perSample ?? 0, address(x), other, out];
  for (const [index, word] of words.entries()) row.setUint32(4 * index, word, true);
  if (what !== 'moments') return;
  row.setFloat32(24, measurement.low, true);
  row.setFloat32(28, measurement.high, true);
}
