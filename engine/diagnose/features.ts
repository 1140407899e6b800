/** What single features of a table show: which never change, and which reveal the target. */

type Numbers = Float32Array | Int32Array;

/** A feature, counted from 0, and how far it reveals the target, from 0 to 1. */
export interface RevealingFeature {
  readonly feature: number;
  readonly share: number;
}

/** Rows of features, one after another. */
export interface Table {
  readonly values: Float32Array;
  readonly features: number;
  readonly count: number;
}

/** The number of samples that is enough to judge a feature. */
const fewest = 20;

/** Features, counted from 0, that have one value in all samples; none if there is only one sample. */
export function constantsOf(values: Numbers, features: number): number[] {
  return Array.from({ length: features }, (_, feature) => feature).filter((feature) => {
    for (let i = feature; i < values.length; i += features) if (values[i] !== values[feature]) return false;
    return values.length > features;
  });
}

/**
 * The features that reveal the target. `revealing`: the one whose variance the target explains best. `marking`: one that has the same
 * value in every sample of one of two classes, and never in the other, such as a column that is filled in for one class only.
 * `ordering`: the one that numbers the samples and along which the classes change least often. `coded`: the column of a few codes
 * that determines the class best. `dividing`: the one that alone divides the classes at limits. `size`: the number of all samples.
 * Where most features reveal it, that is what the task is about, and none is named.
 */
export function revealingFeatures(
  table: Table,
  targets: Numbers,
  isClass: boolean,
  size: number,
): {
  readonly revealing: RevealingFeature | undefined;
  readonly marking: number | undefined;
  readonly ordering: RevealingFeature | undefined;
  readonly coded: RevealingFeature | undefined;
  readonly dividing: RevealingFeature | undefined;
} {
  const { values, features, count } = table;
  let [revealing, ordering, coded, dividing]: (RevealingFeature | undefined)[] = [];
  const shares: number[] = [];
  let marking: number | undefined;
  // A single feature is what the task is about.
  if (targets.length !== count || count < fewest || features < 2)
    return { revealing, marking, ordering, coded, dividing };
  for (let feature = 0; feature < features; feature++) {
    const column = Float64Array.from({ length: count }, (_, row) => values[row * features + feature]);
    const share = isClass ? betweenClasses(column, targets) : squaredCorrelation(column, targets);
    shares.push(share);
    const codedShare = isClass ? classesByCode(column, targets) : 0;
    if (codedShare > (coded?.share ?? 0)) coded = { feature, share: codedShare };
    if (share > (revealing?.share ?? 0)) revealing = { feature, share };
    if (isClass && marksOneOfTwo(column, targets)) marking ??= feature;
    const order =
      isClass && (share > fewestExplained || isNumbering(column, size)) ? orderOf(column, targets) : 0;
    if (order > (ordering?.share ?? 0) && isNumbering(column, size)) ordering = { feature, share: order };
    if (order > (dividing?.share ?? 0) && share > fewestExplained) dividing = { feature, share: order };
  }
  return {
    ...(doMostReveal(shares, revealing)
      ? { revealing: undefined, marking: undefined, coded: undefined }
      : { revealing, marking, coded }),
    ordering,
    dividing: isAlone(shares, dividing) ? dividing : undefined,
  };
}

/** With fewer features, most may be copies of the answer. */
const fewestFeatures = 4;

/** Whether more than half of the features reveal the target nearly as well as the one that does so best. */
const doMostReveal = (shares: readonly number[], best: RevealingFeature | undefined): boolean =>
  best !== undefined &&
  shares.length >= fewestFeatures &&
  shares.filter((share) => share > 0.9 * best.share).length > shares.length / 2;

/** A column that divides the classes explains at least this share of them, however its values are spread. */
const fewestExplained = 0.25;

/** Whether no other feature explains half as much of the target. Where several do, the classes lie apart. */
const isAlone = (shares: readonly number[], feature: RevealingFeature | undefined): boolean =>
  feature !== undefined &&
  shares.length > 2 &&
  shares.every((share, other) => other === feature.feature || share < shares[feature.feature] / 2);

/** The number of samples of a class that is enough to say that they all have one value. */
const fewestOfClass = 10;

/** Whether all samples of one of two classes have the same value, which none of the other has. */
function marksOneOfTwo(column: Float64Array, targets: Numbers): boolean {
  const classes = [...new Set(targets)];
  if (classes.length !== 2) return false;
  const [one, other] = classes.map((label) => column.filter((_, row) => targets[row] === label));
  const isMark = (own: Float64Array, others: Float64Array) =>
    own.length >= fewestOfClass &&
    own.every((value) => value === own[0]) &&
    others.every((value) => value !== own[0]);
  return isMark(one, other) || isMark(other, one);
}

/** Whether all values differ and are on a grid with hardly more places than samples, as row numbers and identifiers are. */
function isNumbering(column: Float64Array, size: number): boolean {
  const sorted = column.toSorted();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < sorted.length; i++) least = Math.min(least, sorted[i] - sorted[i - 1]);
  const range = sorted[sorted.length - 1] - sorted[0];
  if (!(least > 0) || range / least > 2 * size) return false;
  return sorted.every((value, place) => {
    const steps = place === 0 ? 0 : (value - sorted[place - 1]) / least;
    return Math.abs(steps - Math.round(steps)) < 0.1;
  });
}

/** How far the classes are sorted by a column: 0 if they change as often as at random, 1 if they never change. */
function orderOf(column: Float64Array, targets: Numbers): number {
  const rows = Array.from(column.keys()).sort((a, b) => column[a] - column[b]);
  const counts = new Map<number, number>();
  for (const target of targets) counts.set(target, (counts.get(target) ?? 0) + 1);
  const alike = [...counts.values()].reduce((sum, count) => sum + (count / rows.length) ** 2, 0);
  const expected = (rows.length - 1) * (1 - alike);
  const changes = rows.filter((row, place) => place > 0 && targets[row] !== targets[rows[place - 1]]).length;
  return expected > 0 ? 1 - changes / expected : 0;
}

/** Samples that a code has on average at least, so that it says something about them together. */
const fewestOfCode = 10;

/**
 * For a column of a few codes, such as the number of a department: how far the code determines the class. 1 if all samples with the same
 * code are of one class, 0 if each code has the most frequent class most often (Goodman and Kruskal's λ).
 */
function classesByCode(column: Float64Array, targets: Numbers): number {
  const most = Math.floor(column.length / fewestOfCode);
  const byCode = new Map<number, Map<number, number>>();
  const all = new Map<number, number>();
  const count = (counts: Map<number, number>, target: number) =>
    counts.set(target, (counts.get(target) ?? 0) + 1);
  for (let row = 0; row < column.length; row++) {
    const own = byCode.get(column[row]) ?? new Map<number, number>();
    if (!byCode.has(column[row]) && byCode.size === most) return 0;
    byCode.set(column[row], count(own, targets[row]));
    count(all, targets[row]);
  }
  const largest = (counts: Map<number, number>) => Math.max(...counts.values());
  const guessed = largest(all);
  const right = [...byCode.values()].reduce((sum, counts) => sum + largest(counts), 0);
  return column.length > guessed ? (right - guessed) / (column.length - guessed) : 0;
}

/** The share of a column's variance that the classes explain: the correlation ratio η², from 0 to 1. */
function betweenClasses(column: Float64Array, targets: Numbers): number {
  const groups = new Map<number, { count: number; sum: number }>();
  let [sum, squares] = [0, 0];
  column.forEach((value, row) => {
    const group = groups.get(targets[row]) ?? { count: 0, sum: 0 };
    group.count++;
    group.sum += value;
    groups.set(targets[row], group);
    sum += value;
    squares += value * value;
  });
  const total = squares - (sum * sum) / column.length;
  if (!(total > 1e-9 * squares) || groups.size < 2) return 0;
  const between = [...groups.values()].reduce((all, one) => all + (one.sum * one.sum) / one.count, 0);
  return (between - (sum * sum) / column.length) / total;
}

function squaredCorrelation(column: Float64Array, targets: Numbers): number {
  const mean = (list: ArrayLike<number>) => Array.from(list).reduce((a, b) => a + b, 0) / list.length;
  const [x, y] = [mean(column), mean(targets)];
  let [xy, xx, yy] = [0, 0, 0];
  column.forEach((value, row) => {
    xy += (value - x) * (targets[row] - y);
    xx += (value - x) ** 2;
    yy += (targets[row] - y) ** 2;
  });
  return xx > 0 && yy > 0 ? (xy * xy) / (xx * yy) : 0;
}
