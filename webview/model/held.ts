/**
 * Cards that stay where they are after a connection was cut. The automatic layout would carry a layer that reads nothing away
 * from the hand that cut it; so it goes on laying the layer out as if it read what it read before. Only this view knows; the
 * text does not change for it.
 */
import { create } from 'zustand';
import type { EdgeEnd } from './gestures.ts';
import type { NetworkView } from './network.ts';

/** What each layer that was cut off read before. */
export type Held = ReadonlyMap<string, string>;

const nothing: Held = new Map();

export const useHeld = create<{ readonly sources: Held }>()(() => ({ sources: nothing }));

export const hold = (view: NetworkView, edges: readonly EdgeEnd[]): void =>
  useHeld.setState(({ sources }) => {
    const cut = edges.flatMap(({ to, index }): [string, string][] => {
      const ref = view.byName.get(to)?.from[index];
      return ref ? [[to, ref.layer]] : [];
    });
    return { sources: new Map([...sources, ...cut]) };
  });

export const release = (): void => useHeld.setState({ sources: nothing });
