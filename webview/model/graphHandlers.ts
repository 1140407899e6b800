/** Carries out the actions that shortcuts and the command palette request; set while the canvas is mounted. */
import type { GraphActionName } from '../../engine/protocol/graphActions.ts';

export type GraphHandlers = { readonly [A in GraphActionName]: () => void };

export const graphHandlers: { current: GraphHandlers | undefined } = { current: undefined };
