/** The values of a connection: their size, and the size of the gradient that flows back along it. */
import { type Shape, sizeOf } from '../layers/define.ts';
import { type LayerStats, valueIn } from './define.ts';
import { gradRms } from './gradRms.ts';
import { mean } from './mean.ts';
import { std } from './std.ts';

/** Norm of the gradient of one sample at a layer's output of this shape; undefined if none was measured. */
export function gradientFrom(stats: LayerStats, shape: Shape): number | undefined {
  const rms = valueIn(gradRms, stats);
  return rms === undefined ? undefined : rms * Math.sqrt(sizeOf(shape));
}

/** Root mean square of a layer's output; undefined if none was measured. */
export function activationFrom(stats: LayerStats): number | undefined {
  const [center, spread] = [valueIn(mean, stats), valueIn(std, stats)];
  return center === undefined || spread === undefined ? undefined : Math.hypot(center, spread);
}
