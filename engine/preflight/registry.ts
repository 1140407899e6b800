/** All pre-flight checks, in the order in which they are run: one line each. */
import type { PreflightCheck } from './define.ts';
import { everyParameterMoves } from './everyParameterMoves.ts';
import { gradients } from './gradients.ts';
import { inputsScaled } from './inputsScaled.ts';
import { labelsBalanced } from './labelsBalanced.ts';
import { noLeak } from './noLeak.ts';
import { overfits } from './overfits.ts';
import { sameBits } from './sameBits.ts';
import { startLoss } from './startLoss.ts';
import { testScaled } from './testScaled.ts';
import { usesInput } from './usesInput.ts';

export const preflightChecks: readonly PreflightCheck[] = [
  inputsScaled,
  testScaled,
  labelsBalanced,
  noLeak,
  startLoss,
  gradients,
  everyParameterMoves,
  sameBits,
  overfits,
  usesInput,
];
