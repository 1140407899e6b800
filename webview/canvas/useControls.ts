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
import { levelOf } from './detail.ts';
import { fittedViewport, legible, shiftInto } from './fittedViewport.ts';
import { isDistant } from './useDistant.ts';
import type { useFit } from './useFit.ts';

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
  shiftInto(low, high, margin, size - margin);

/** Provides the controls of the canvas to the rest of the editor. */
export function useControls(
  container: Container,
  flow: Flow,
  { fitAll, aim, interrupt }: Pick<ReturnType<typeof useFit>, 'fitAll' | 'aim' | 'interrupt'>,
  nudge: (dx: number, dy: number) => void,
): void {
  const { screenToFlowPosition, setCenter, setViewport, zoomTo } = useReactFlow();
  const latest = useRef({ flow, nudge });
  latest.current = { flow, nudge };
  const pointer = usePointer(container);
  useEffect(() => {
    const nodes = () => latest.current.flow.nodes;
    const find = (name: string): FlowNode | undefined => nodes().find(({ id }) => id === name);
    /** How far the view must move to contain an area, in pixels. */
    const missing = ({ x: left, y: top, width, height }: Bounds): readonly [number, number] => {
      const { x, y, zoom } = aim();
      const { clientWidth = 0, clientHeight = 0 } = container.current ?? {};
      return [
        short(left * zoom + x, (left + width) * zoom + x, clientWidth),
        short(top * zoom + y, (top + height) * zoom + y, clientHeight),
      ];
    };
    const centre = ([x, y]: Point, zoom = aim().zoom, duration = 0) => {
      interrupt();
      void setCenter(x, y, { zoom, duration });
    };
    const centreLayer = (name: string, zoom?: number, duration = calmly()) => {
      const node = find(name);
      if (!node) return;
      const [x, y] = node.position;
      centre([x + node.width / 2, y + node.height / 2], zoom, duration);
    };
    const isOut = (name: string) => {
      const node = find(name);
      return node !== undefined && missing(boundsOf([node])).some((pixels) => pixels !== 0);
    };
    const reveal = (area: Bounds) => {
      const [dx, dy] = missing(area);
      if (dx === 0 && dy === 0) return;
      const { x, y, zoom } = aim();
      interrupt();
      void setViewport({ x: x + dx, y: y + dy, zoom });
    };
    const zoom = (to: number) => {
      interrupt();
      void zoomTo(to, { duration: calmly() });
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
      lookAt: (name) => {
        if (aim().zoom < legible || isOut(name)) centreLayer(name, Math.max(aim().zoom, legible));
      },
      approach: (name) => {
        const { detail } = levelOf(aim().zoom);
        if (detail === 'specks' || isDistant(nodes().length, detail)) centreLayer(name, legible, 0);
      },
      show: (name) => {
        if (isOut(name)) centreLayer(name);
      },
      centre: (point) => centre(point),
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
        interrupt();
        void setViewport(fittedViewport(boundsOf(chosen), { width, height }, { whole: true }), {
          duration: calmly(),
        });
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
      zoomBy: (factor) => zoom(aim().zoom * factor),
      zoomTo: zoom,
      nudge: (dx, dy) => latest.current.nudge(dx, dy),
    };
    return () => {
      canvasControls.current = undefined;
    };
  }, [container, fitAll, aim, interrupt, pointer, screenToFlowPosition, setCenter, setViewport, zoomTo]);
}
