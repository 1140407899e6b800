/** What is wrong with a layer: with its attributes and shapes, or with the data it is given. */

/** Why attributes and input shapes do not fit. The caller adds the layer's name in front. */
export interface Problem {
  readonly code: string;
  /** What was expected, what was found, what to do. */
  readonly message: string;
  /** The attribute to blame, for the place of the squiggle. */
  readonly attribute?: string;
}

export function problem(code: string, message: string, attribute?: string): { readonly problem: Problem } {
  return { problem: { code, message, ...(attribute === undefined ? {} : { attribute }) } };
}

/** Thrown by forward when the data cannot be what the layer needs. The caller adds the layer's name in front. */
export class InputError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}
