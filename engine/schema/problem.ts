/**
 * The one error value: what is wrong, where, and how to fix it. Code that finds a problem returns it. A problem that
 * makes a request impossible is thrown as a `ProblemError`, which is the same value.
 */
import type { Path } from './attributes.ts';
import type { ProblemCode } from './problemCodes.ts';

/** A change that fixes a problem, and its title on a button or in a menu ("Set \"units\" to 10"). */
export interface Fix<Edit = unknown> {
  readonly title: string;
  /** Edits of a network are `SpecEdit`s, which this room does not know. */
  readonly edit: Edit;
}

export interface Problem<Edit = unknown> {
  readonly code: ProblemCode;
  /** What was expected, what was found, what to do. */
  readonly message: string;
  /**
   * Where: in the document's value, as ["layers", "image", "shape"]; or relative to a part that does not know its own place. The
   * caller then prepends the place of the part.
   */
  readonly place: Path;
  readonly fix?: Fix<Edit>;
}

/** A problem that makes a request impossible. Anything else that is thrown is a mistake in our code. */
export class ProblemError<Edit = unknown> extends Error implements Problem<Edit> {
  readonly fix?: Fix<Edit>;

  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly place: Path = [],
    fix?: Fix<Edit>,
  ) {
    super(message);
    if (fix) this.fix = fix;
  }
}

/** What a function returns instead of its result. `attribute` is the cause. */
export const problem = (
  code: ProblemCode,
  message: string,
  attribute?: string,
): { readonly problem: Problem } => ({
  problem: { code, message, place: attribute === undefined ? [] : [attribute] },
});
