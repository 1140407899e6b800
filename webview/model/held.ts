/**
 * Cards that stay where they are after a connection was cut. The automatic layout would carry a layer that reads nothing to
 * the top, away from the hand that cut it. Only this view knows; the text does not change for it.
 */
import { create } from 'zustand';
import type { Point } from './layout.ts';
import type { NetworkView } from './network.ts';

interface Held {
  /** Layers that were cut off. */
  readonly layers: readonly string[];
  /** Where all cards stood. */
  readonly places: ReadonlyMap<string, Point>;
}

const nothing: Held = { layers: [], places: new Map() };

export const useHeld = create<Held>()(() => nothing);

export const hold = (layers: readonly string[], places: ReadonlyMap<string, Point>): void =>
  useHeld.setState((held) => ({ layers: [...new Set([...held.layers, ...layers])], places }));

export const release = (): void => useHeld.setState(nothing);

/** The places that hold, as long as one of the layers still reads nothing. */
export const placesHeld = ({ layers, places }: Held, view: NetworkView): Held['places'] =>
  layers.some((name) => view.byName.get(name)?.from.length === 0) ? places : nothing.places;
