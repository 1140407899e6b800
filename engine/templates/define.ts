/**
 * The template contract: the text of a network to start from. All templates use generated data, so they can be trained at once.
 */
import type { Kind } from '../schema/attributes.ts';

export interface Template extends Pick<Kind, 'type'> {
  /** A codicon. */
  readonly icon: string;
  /** Words for people, in their language at the time of the call. */
  describe(): { readonly label: string; readonly detail: string };
  readonly text: string;
}
