/** The operations of the canvas for other parts of the editor, which do not depend on React Flow. */
import type { Bounds } from './bounds.ts';
import type { Point } from './geometry.ts';

export interface CanvasControls {
  fit(): void;
  /** Brings a layer into view that was looked for, as large as is necessary to read it; moves nothing if it can be read. */
  lookAt(layer: string): void;
  /** Brings a layer so near, at once, that its note can be written; moves nothing if it is. */
  approach(layer: string): void;
  /** Brings a layer into view if it is outside; moves nothing otherwise. */
  show(layer: string): void;
  /** Brings a point of the graph to the middle of the view, at once. */
  centre(point: Point): void;
  /** From client pixels to the graph's coordinates. */
  toGraph(x: number, y: number): Point;
  /** Focus goes to the graph, so that its keys work. */
  focus(): void;
  /** The pointer while it is over the canvas, in client pixels. */
  pointer(): { readonly x: number; readonly y: number } | undefined;
  /** The position of each card. */
  places(): ReadonlyMap<string, Point>;
  /** Position in the text, and size, of a card; undefined for one in a frame. */
  box(layer: string): { readonly at: Point; readonly size: Point } | undefined;
  /** The same of a card with the rows under it, which move with it, and the head of its stack. */
  stack(layer: string): { readonly at: Point; readonly size: Point; readonly head: string } | undefined;
  /** Makes these cards fill the view. */
  fitLayers(names: readonly string[]): void;
  /** Brings a layer into view with the smallest movement, and focuses its card. */
  goTo(layer: string): void;
  /** Brings an area of the graph into view with the smallest movement. */
  reveal(area: Bounds): void;
  /** The same for layers. */
  revealLayers(layers: readonly string[]): void;
  zoomBy(factor: number): void;
  zoomTo(zoom: number): void;
  /** Moves the selected cards; moves that follow one another soon are one edit. */
  nudge(dx: number, dy: number): void;
}

/** Set while the canvas is mounted. */
export const canvasControls: { current: CanvasControls | undefined } = { current: undefined };
