/** A mistake that shows only when spec and data meet: which place in the spec to fix, and how. */
import type { Path } from './attributes.ts';

export class RunError extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** Place in the document's value, as a diagnostic's: ["layers", "image", "shape"]. */
    readonly path: Path,
  ) {
    super(message);
  }
}
