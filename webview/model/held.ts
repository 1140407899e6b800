/**
 * Keeps cards in place after a connection was cut. The automatic layout would otherwise move a layer that has lost its input away
 * from the pointer. Only this view keeps these places; the text does not change.
 */
import { create } from 'zustand';
import type { Point } from './geometry.ts';
import type { EdgeEnd } from './gestures.ts';
import type { NetworkView } from './network.ts';

export interface Held {
  /** The former input of each disconnected layer, with which it is still laid out. */
  readonly sources: ReadonlyMap<string, string>;
  /** Layers whose input was removed, and the positions of all cards at that time. */
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

/** The positions to keep while one of the layers still has no input. */
export const placesHeld = ({ layers, places }: Held, view: NetworkView): Held['places'] =>
  layers.some((name) => view.byName.get(name)?.from.length === 0) ? places : nothingHeld.places;
