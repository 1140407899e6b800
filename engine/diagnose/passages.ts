/** Finds passages of a text that occur in training samples and in test samples, wherever they begin in a sample. */

type Numbers = Float32Array | Int32Array;

/**
 * The length of a passage in steps. A sequence of this length seldom occurs twice by chance. Lee et al., 2022, look for copies of
 * 50 tokens, and OpenAI, 2023, for copies of 50 characters.
 */
export const passageSteps = 50;

/** The share of passages in the test samples that must be different. A text with fewer repeats itself, as a table does. */
const fewestDifferent = 0.5;

/**
 * The share of test samples with a passage that is also in a training sample. `train` and `test`: [samples, steps] of indices. Undefined
 * if samples are shorter than a passage, or if the test samples repeat themselves.
 */
export function sharedPassages(train: Numbers, test: Numbers, steps: number): number | undefined {
  if (steps < passageSteps || test.length === 0) return undefined;
  const known = new Set<number>();
  for (let start = 0; start < train.length; start += steps)
    for (const passage of passagesIn(train, start, steps)) known.add(passage);
  const own = new Set<number>();
  let [samples, copied, passages] = [0, 0, 0];
  for (let start = 0; start < test.length; start += steps) {
    let isCopied = false;
    for (const passage of passagesIn(test, start, steps)) {
      own.add(passage);
      passages++;
      isCopied ||= known.has(passage);
    }
    samples++;
    copied += Number(isCopied);
  }
  return own.size < fewestDifferent * passages ? undefined : copied / samples;
}

/** A hash of each passage of one sample, computed from that of the passage one step before. */
function* passagesIn(values: Numbers, start: number, steps: number): Generator<number> {
  const [a, b] = [0x01000193, 0x5bd1e995];
  let [first, second, outA, outB] = [0, 0, 1, 1];
  for (let i = 0; i < passageSteps; i++) {
    outA = Math.imul(outA, a);
    outB = Math.imul(outB, b);
  }
  for (let step = 0; step < steps; step++) {
    const [added, removed] = [
      values[start + step] + 1,
      step < passageSteps ? 0 : values[start + step - passageSteps] + 1,
    ];
    first = (Math.imul(first, a) + added - Math.imul(removed, outA)) | 0;
    second = (Math.imul(second, b) + added - Math.imul(removed, outB)) | 0;
    // 53 bits of the two hashes, as one number.
    if (step >= passageSteps - 1) yield (first >>> 0) * 2 ** 21 + (second >>> 11);
  }
}
