/** The machine's peak rate of 128-bit multiply-adds, with which the benchmark compares. */
import { madd } from './simd';

/** Multiply-adds on registers alone: 12 × 4 lanes × 2 operations per iteration. */
export function peak(turns: usize, at: usize): void {
  const a = v128.load(at), b = v128.load(at, 16);
  let c0 = a, c1 = b, c2 = a, c3 = b, c4 = a, c5 = b, c6 = a, c7 = b, c8 = a, c9 = b, c10 = a, c11 = b;
  while (turns > 0) {
    c0 = madd(a, b, c0); c1 = madd(a, b, c1); c2 = madd(a, b, c2); c3 = madd(a, b, c3);
    c4 = madd(a, b, c4); c5 = madd(a, b, c5); c6 = madd(a, b, c6); c7 = madd(a, b, c7);
    c8 = madd(a, b, c8); c9 = madd(a, b, c9); c10 = madd(a, b, c10); c11 = madd(a, b, c11);
    turns--;
  }
  const first = f32x4.add(f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)), f32x4.add(f32x4.add(c4, c5), f32x4.add(c6, c7)));
  v128.store(at, f32x4.add(first, f32x4.add(f32x4.add(c8, c9), f32x4.add(c10, c11))));
}
