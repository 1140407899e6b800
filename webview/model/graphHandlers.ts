/** What carries out the actions that keys and the palette ask for; set while the canvas is mounted. */
import type { GraphActionName } from '../../engine/protocol/graphActions.ts';

export type GraphHandlers = { readonly [A in GraphActionName]: () => void };

export const graphHandlers: { current: GraphHandlers | undefined } = { current: undefined };
