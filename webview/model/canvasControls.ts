/** What the rest of the editor may ask of the canvas, without knowing React Flow. */
import type { Point } from './geometry.ts';

export interface CanvasControls {
  fit(): void;
  centre(layer: string): void;
  /** Brings a layer into view if it is outside; moves nothing otherwise. */
  show(layer: string): void;
  /** From client pixels to the graph's own coordinates. */
  toGraph(x: number, y: number): Point;
  /** Focus goes to the graph, so that its keys work. */
  focus(): void;
}

/** Set while the canvas is mounted. */
export const canvasControls: { current: CanvasControls | undefined } = { current: undefined };
