/** What a connection shows of the gradient that flows back along it. */
import { type LayerStats, valueIn } from './define.ts';
import { gradRms } from './gradRms.ts';

/** Root mean square of the gradient at a layer's output; undefined where none was measured. */
export const flowFrom = (stats: LayerStats): number | undefined => valueIn(gradRms, stats);
