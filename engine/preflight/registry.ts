/** All pre-flight checks, in the order in which they are run: one line each. */
import type { PreflightCheck } from './define.ts';
import { everyParameterMoves } from './everyParameterMoves.ts';
import { gradients } from './gradients.ts';
import { overfits } from './overfits.ts';
import { sameBits } from './sameBits.ts';
import { usesInput } from './usesInput.ts';

export const preflightChecks: readonly PreflightCheck[] = [
  gradients,
  everyParameterMoves,
  sameBits,
  overfits,
  usesInput,
];
