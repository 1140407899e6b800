/** Whether the classes of the test data are numbered in another order than those of the training data. */
import type { Dataset } from '../data/define.ts';
import { sizeOf } from '../layers/define.ts';
import type { Table } from './features.ts';
import { classesOfNearest } from './neighbours.ts';

/** With more classes, each has too few test samples to say which one it is. */
const mostClasses = 50;

export interface Renumbered {
  /** Test samples that were compared. */
  readonly samples: number;
  /** The share of them whose class is that of the most similar training samples: as it is, and if classes are renumbered. */
  readonly own: number;
  readonly renumbered: number;
  /** For each class of the test data that changes: the class of the training samples that its samples resemble. */
  readonly classes: readonly { readonly from: number; readonly to: number; readonly samples: number }[];
}

interface Samples {
  readonly count: number;
  readonly inputs: readonly Float32Array[];
  readonly targets: readonly ArrayLike<number>[];
}

/** Only for one input of quantities, and one class for each sample. */
export function renumberedIn(
  { inputs, targets }: Pick<Dataset, 'inputs' | 'targets'>,
  train: Samples,
  test: Samples,
): Renumbered | undefined {
  if (inputs.length !== 1 || targets.length !== 1 || inputs[0].indicesBelow !== undefined) return undefined;
  const [{ type, shape, classes = 0 }] = targets;
  if (type !== 'int' || sizeOf(shape) !== 1) return undefined;
  return bestOrder(tableOf(train), train.targets[0], tableOf(test), test.targets[0], classes);
}

const tableOf = ({ inputs: [values], count }: Samples): Table => ({
  values,
  features: values.length / count,
  count,
});

/** Undefined where there are too few samples or too many classes, or if no other order is better. */
function bestOrder(
  train: Table,
  trainClasses: ArrayLike<number>,
  test: Table,
  testClasses: ArrayLike<number>,
  classes: number,
): Renumbered | undefined {
  if (classes < 2 || classes > mostClasses) return undefined;
  const found = classesOfNearest(train, trainClasses, test);
  if (!found) return undefined;
  const samples = found.rows.length;
  const counts = new Int32Array(classes * classes);
  found.rows.forEach((row, place) => {
    counts[testClasses[row] * classes + found.classes[place]]++;
  });
  const all = Array.from({ length: classes }, (_, index) => index);
  const pairs = all
    .flatMap((from) => all.map((to) => ({ from, to, samples: counts[from * classes + to] })))
    .sort((one, other) => other.samples - one.samples);
  // The largest counts first; each class is used once.
  const order = new Map<number, (typeof pairs)[number]>();
  const used = new Set<number>();
  for (const pair of pairs) {
    if (order.has(pair.from) || used.has(pair.to)) continue;
    order.set(pair.from, pair);
    used.add(pair.to);
  }
  const right = [...order.values()].reduce((sum, pair) => sum + pair.samples, 0);
  const own = all.reduce((sum, index) => sum + counts[index * classes + index], 0);
  const moved = [...order.values()].filter(({ from, to, samples: count }) => from !== to && count > 0);
  return moved.length === 0
    ? undefined
    : { samples, own: own / samples, renumbered: right / samples, classes: moved };
}
