/** Measurements that are prepared once and taken by one call, because a call of its own takes longer than a short sum. */
import { copy } from './elementwise';
import { FEW } from './lanes';
import { moments, momentsOfFew } from './moments';
import { changesOfFew, measureChange, squaresOfFew, sumOfSquares } from './statistics';

// What a row of the table says in its first word.
const MOMENTS: i32 = 0;
const SQUARES: i32 = 1;
const COPY: i32 = 2;

/** Bytes of a row: what is measured, elements, further elements of each sample, x, other, out, lower and upper bound. */
const ROW: usize = 32;

/** Takes the measurements of `rows` rows of the table, of the first `samples` samples. `sums`: 256 bytes to work with. */
export function measure(rows: usize, table: usize, samples: usize, sums: usize): void {
  for (const end = table + ROW * rows; table < end; table += ROW) {
    const what = load<i32>(table), count = <usize>load<u32>(table, 4) + samples * <usize>load<u32>(table, 8);
    const x = <usize>load<u32>(table, 12), other = <usize>load<u32>(table, 16), out = <usize>load<u32>(table, 20);
    if (what == COPY) copy(4 * count, x, other);
    else if (count <= FEW && measureFew(what, count, x, other, load<f32>(table, 24), load<f32>(table, 28), out)) continue;
    else if (what == MOMENTS) moments(count, x, load<f32>(table, 24), load<f32>(table, 28), out, sums);
    else if (what == SQUARES) store<f64>(out, sumOfSquares(count, x, sums));
    else measureChange(count, x, other, out, sums);
  }
}

/** The same for a few values, without further calls. Returns false if they need the general function. */
// @ts-ignore: decorator
@inline
function measureFew(what: i32, count: usize, x: usize, other: usize, low: f32, high: f32, out: usize): bool {
  if (what == MOMENTS) return momentsOfFew(count, x, low, high, out);
  if (what == SQUARES) store<f64>(out, squaresOfFew(count, x));
  else changesOfFew(count, x, other, out);
  return true;
}
