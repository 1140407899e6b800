/**
 * Where a statistic starts to look unhealthy. Sources: update ratio about 1e-3 is healthy (CS231n notes on
 * babysitting the learning process); saturation and dead-unit shares as the same notes and Glorot and Bengio
 * (2010) discuss them. A limit colours a figure; it never stops a run.
 */

export type Tone = 'good' | 'warn' | 'bad';

export const limits = {
  saturatedFraction: { warn: 0.25, bad: 0.5 },
  deadFraction: { warn: 0.1, bad: 0.4 },
  updateRatio: { low: 1e-4, high: 1e-2, badLow: 1e-6, badHigh: 1e-1 },
  /** Below 1e-8, the usual epsilon of Adam, no optimizer moves the weights. */
  gradNorm: { vanished: 1e-8, vanishing: 1e-6, warn: 100, bad: 1000 },
  throughTime: { vanishing: 1e-3, vanished: 1e-6, exploding: 1e3 },
} as const;

export function shareTone(
  share: number,
  { warn, bad }: { readonly warn: number; readonly bad: number },
): Tone {
  if (!(share < bad)) return 'bad';
  return share >= warn ? 'warn' : 'good';
}

export function updateTone(ratio: number): Tone {
  const { low, high, badLow, badHigh } = limits.updateRatio;
  if (!(ratio >= badLow && ratio <= badHigh)) return 'bad';
  return ratio >= low && ratio <= high ? 'good' : 'warn';
}

export function gradientTone(norm: number): Tone {
  const { vanished, vanishing, warn, bad } = limits.gradNorm;
  // NaN is not within limits, either.
  if (!(norm >= vanished && norm < bad)) return 'bad';
  return norm >= vanishing && norm < warn ? 'good' : 'warn';
}

/** `ratio`: gradient at the first time step / at the last. */
export function throughTimeTone(ratio: number): Tone {
  const { vanishing, vanished, exploding } = limits.throughTime;
  if (!(ratio >= vanished && ratio <= exploding)) return 'bad';
  return ratio >= vanishing ? 'good' : 'warn';
}
