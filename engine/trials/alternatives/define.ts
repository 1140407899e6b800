/**
 * The contract of an alternative: one usual choice instead of what a network does. Comparisons train a network with each of them, and a
 * repair falls back on some. An alternative must prove that it helps.
 */
import type { SpecFix } from '../../diagnose/fixes.ts';
import type { NetworkLook } from '../../diagnose/look.ts';

export interface Alternative {
  /** The finding that it proves where it helps. */
  code(look: NetworkLook): string;
  /** Edits to try, each on its own. Empty where the network has nothing to change. */
  changes(look: NetworkLook): readonly SpecFix[];
  /**
   * Whether a repair falls back on it: "alone", or also "together" with the others. Alternatives without it change what a person chose
   * for a reason, such as the length of a run.
   */
  readonly resort?: 'alone' | 'together';
  /** What is measured in layers is often an effect of it. So it is also tried, and reported, where the fix of such a finding helps as much. */
  readonly underlies?: true;
}

/** Checks the types of an alternative, and returns it. */
export const defineAlternative = (alternative: Alternative): Alternative => alternative;

/** For an alternative that proves the same finding in every network. */
export const always = (code: string) => (): string => code;
