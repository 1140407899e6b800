/** Findings that the text alone shows: one import and one line each. Views diagnose while a person types, and need no others. */
import { batchNormBias } from './rules/batchNormBias.ts';
import { bottleneck } from './rules/bottleneck.ts';
import { dropoutTooHigh } from './rules/dropoutTooHigh.ts';
import { fadingSignal } from './rules/fadingSignal.ts';
import { hiddenSoftmax } from './rules/hiddenSoftmax.ts';
import { longMomentum } from './rules/longMomentum.ts';
import { lossMismatch } from './rules/lossMismatch.ts';
import { mismatchedInit } from './rules/mismatchedInit.ts';
import { noNonlinearity } from './rules/noNonlinearity.ts';
import { noOrder } from './rules/noOrder.ts';
import { nothingTrains } from './rules/nothingTrains.ts';
import { silentBias } from './rules/silentBias.ts';
import { skippedInputs } from './rules/skippedInputs.ts';
import { skippedParts } from './rules/skippedParts.ts';
import { smallBatch } from './rules/smallBatch.ts';
import { stackedDropout } from './rules/stackedDropout.ts';
import { symmetricInit } from './rules/symmetricInit.ts';
import { weightlessLoss } from './rules/weightlessLoss.ts';
import { wideEmbedding } from './rules/wideEmbedding.ts';
import { widePooling } from './rules/widePooling.ts';

export const staticFindings = [
  lossMismatch,
  nothingTrains,
  symmetricInit,
  mismatchedInit,
  wideEmbedding,
  fadingSignal,
  silentBias,
  noNonlinearity,
  noOrder,
  hiddenSoftmax,
  bottleneck,
  dropoutTooHigh,
  skippedInputs,
  skippedParts,
  widePooling,
  stackedDropout,
  longMomentum,
  smallBatch,
  batchNormBias,
  weightlessLoss,
] as const;
