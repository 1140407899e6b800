/**
 * Cards that stay where they are after a connection was cut. The automatic layout would carry a layer that reads nothing away
 * from the hand that cut it. Only this view knows; the text does not change for it.
 */
import { create } from 'zustand';
import type { Point } from './geometry.ts';
import type { EdgeEnd } from './gestures.ts';
import type { NetworkView } from './network.ts';

export interface Held {
  /** What each layer that was cut off read before: it goes on being laid out as if it still did. */
  readonly sources: ReadonlyMap<string, string>;
  /** Layers whose input was removed, and where all cards stood then. */
  readonly layers: readonly string[];
  readonly places: ReadonlyMap<string, Point>;
}

export const nothingHeld: Held = { sources: new Map(), layers: [], places: new Map() };

export const useHeld = create<Held>()(() => nothingHeld);

export const hold = (view: NetworkView, edges: readonly EdgeEnd[]): void =>
  useHeld.setState(({ sources }) => {
    const cut = edges.flatMap(({ to, index }): [string, string][] => {
      const ref = view.byName.get(to)?.from[index];
      return ref ? [[to, ref.layer]] : [];
    });
    return { sources: new Map([...sources, ...cut]) };
  });

export const holdPlaces = (layers: readonly string[], places: Held['places']): void =>
  useHeld.setState((held) => ({ layers: [...new Set([...held.layers, ...layers])], places }));

export const release = (): void => useHeld.setState(nothingHeld);

/** The places that hold, as long as one of the layers still reads nothing. */
export const placesHeld = ({ layers, places }: Held, view: NetworkView): Held['places'] =>
  layers.some((name) => view.byName.get(name)?.from.length === 0) ? places : nothingHeld.places;
