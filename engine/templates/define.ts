/** The template contract: a network to start from, as its text. All bring generated data, so that they train at once. */
import type { Kind } from '../schema/attributes.ts';

export interface Template extends Pick<Kind, 'type'> {
  /** A codicon. */
  readonly icon: string;
  /** Words for people, in their language at the time of the call. */
  describe(): { readonly label: string; readonly detail: string };
  readonly text: string;
}
