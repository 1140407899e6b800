/**
 * The operations that other parts of the editor may use on the canvas; see canvasControls.ts. Cards out of view have no page
 * elements.
 */
import { useEffect, useRef } from 'react';
import { useReactFlow } from 'reactflow';
import { type Bounds, boundsOf } from '../model/bounds.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { card } from '../model/cardSizes.ts';
import type { Flow, FlowNode } from '../model/flow.ts';
import type { Point } from '../model/geometry.ts';
import { calmly } from './calmly.ts';
import { fittedViewport } from './fittedViewport.ts';

type Container = React.RefObject<HTMLDivElement | null>;

/** Where the pointer is over the canvas, in client pixels. */
function usePointer(container: Container) {
  const at = useRef<{ readonly x: number; readonly y: number }>(undefined);
  useEffect(() => {
    const frame = container.current;
    const move = ({ clientX: x, clientY: y }: PointerEvent) => {
      at.current = { x, y };
    };
    const leave = () => {
      at.current = undefined;
    };
    frame?.addEventListener('pointermove', move);
    frame?.addEventListener('pointerleave', leave);
    return () => {
      frame?.removeEventListener('pointermove', move);
      frame?.removeEventListener('pointerleave', leave);
    };
  }, [container]);
  return at;
}

const cardOf = (container: HTMLElement | null, name: string): HTMLElement | null =>
  container?.querySelector(`.react-flow__node[data-id="${CSS.escape(name)}"]`) ?? null;

/** Margin between a card and the edge of the view. */
const margin = 24;

/** The amount by which an interval exceeds a frame. */
const short = (low: number, high: number, size: number): number =>
  low < margin ? margin - low : high > size - margin ? Math.max(margin - low, size - margin - high) : 0;

/** Provides the controls of the canvas to the rest of the editor. */
export function useControls(
  container: Container,
  flow: Flow,
  fitAll: (duration: number) => Promise<void>,
  nudge: (dx: number, dy: number) => void,
): void {
  const { screenToFlowPosition, setCenter, getViewport, setViewport, zoomTo } = useReactFlow();
  const latest = useRef({ flow, nudge });
  latest.current = { flow, nudge };
  const pointer = usePointer(container);
  useEffect(() => {
    const nodes = () => latest.current.flow.nodes;
    const find = (name: string): FlowNode | undefined => nodes().find(({ id }) => id === name);
    /** How far the view must move to contain an area, in pixels. */
    const missing = ({ x: left, y: top, width, height }: Bounds): readonly [number, number] => {
      const { x, y, zoom } = getViewport();
      const { clientWidth = 0, clientHeight = 0 } = container.current ?? {};
      return [
        short(left * zoom + x, (left + width) * zoom + x, clientWidth),
        short(top * zoom + y, (top + height) * zoom + y, clientHeight),
      ];
    };
    const centre = (name: string) => {
      const node = find(name);
      if (!node) return;
      const [x, y] = node.position;
      void setCenter(x + node.width / 2, y + node.height / 2, {
        zoom: getViewport().zoom,
        duration: calmly(),
      });
    };
    const reveal = (area: Bounds) => {
      const [dx, dy] = missing(area);
      const { x, y, zoom } = getViewport();
      if (dx !== 0 || dy !== 0) void setViewport({ x: x + dx, y: y + dy, zoom });
    };
    const revealLayers = (names: readonly string[]) => {
      const cards = nodes().filter(({ id }) => names.includes(id));
      if (cards.length > 0) reveal(boundsOf(cards));
    };
    const boxOf = (node: FlowNode) => {
      const [x, y] = node.position;
      const [right, down] = node.pushed ?? [0, 0];
      const size: Point = [card.width, node.frame ? card.full : node.height];
      return { at: [x - right, y - down] as const, size };
    };
    canvasControls.current = {
      fit: () => void fitAll(calmly()),
      centre,
      show: (name) => {
        const node = find(name);
        if (node && missing(boundsOf([node])).some((pixels) => pixels !== 0)) centre(name);
      },
      toGraph: (x, y) => {
        const position = screenToFlowPosition({ x, y });
        return [position.x, position.y];
      },
      // The window that the page is in must not scroll to it.
      focus: () => container.current?.focus({ preventScroll: true }),
      pointer: () => pointer.current,
      places: () => new Map(nodes().map(({ id, position }) => [id, position])),
      box: (name) => {
        const node = find(name);
        return node && node.frames.length === 0 ? boxOf(node) : undefined;
      },
      stack: (name) => {
        const node = find(name);
        if (!node || node.frames.length > 0) return undefined;
        const { at, size } = boxOf(node);
        const [, top] = node.position;
        const under = nodes().filter(({ head, position }) => head === node.head && position[1] > top);
        const height = under.reduce((sum, row) => sum + row.height, size[1]);
        return { at, size: [size[0], height], head: node.head };
      },
      fitLayers: (names) => {
        const chosen = nodes().filter(({ id }) => names.includes(id));
        const { clientWidth: width = 0, clientHeight: height = 0 } = container.current ?? {};
        if (chosen.length === 0) return;
        void setViewport(fittedViewport(boundsOf(chosen), { width, height }, true), { duration: calmly() });
      },
      goTo: (name) => {
        revealLayers([name]);
        const focus = () => cardOf(container.current, name)?.focus({ preventScroll: true });
        if (cardOf(container.current, name)) focus();
        // A card that was out of view gets its page element with the view.
        else requestAnimationFrame(() => requestAnimationFrame(focus));
      },
      reveal,
      revealLayers,
      zoomBy: (factor) => void zoomTo(getViewport().zoom * factor, { duration: calmly() }),
      zoomTo: (zoom) => void zoomTo(zoom, { duration: calmly() }),
      nudge: (dx, dy) => latest.current.nudge(dx, dy),
    };
    return () => {
      canvasControls.current = undefined;
    };
  }, [container, fitAll, pointer, screenToFlowPosition, setCenter, getViewport, setViewport, zoomTo]);
}
