/**
 * The whole network in view, and kept there while panels open and editors are resized, until a person chooses
 * another part. What cannot be read as small as that is shown from its beginning.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useNodesInitialized, useReactFlow, type Viewport } from 'reactflow';
import { usePanels } from '../model/panels.ts';
import { fittedViewport, free, largest } from './fittedViewport.ts';

const padding = {
  left: `${free.left}px`,
  right: `${free.right}px`,
  top: `${free.top}px`,
  bottom: `${free.bottom}px`,
} as const;

/** Fits at once and whenever the frame changes its size, while no person has chosen a view. */
function useKeepInView(
  container: React.RefObject<HTMLDivElement | null>,
  move: (act: () => Promise<unknown>) => Promise<void>,
): void {
  const { setViewport, getNodes, getNodesBounds } = useReactFlow();
  const initialized = useNodesInitialized();
  // A layer that is added later makes the nodes uninitialized for a moment, which is no reason to move anything.
  const [ready, setReady] = useState(false);
  if (initialized && !ready) setReady(true);
  useEffect(() => {
    const frame = container.current;
    if (!ready || !frame) return;
    const observer = new ResizeObserver(() => {
      const { viewport, direction } = usePanels.getState();
      const { clientWidth: width, clientHeight: height } = frame;
      if (viewport || width === 0 || height === 0) return;
      void move(() => setViewport(fittedViewport(getNodesBounds(getNodes()), { width, height }, direction)));
    });
    observer.observe(frame);
    return () => observer.disconnect();
  }, [container, ready, move, setViewport, getNodes, getNodesBounds]);
}

/** What the canvas calls when its view has moved, and what shows all of the network, however small it gets. */
export function useFit(container: React.RefObject<HTMLDivElement | null>) {
  const { fitView, getViewport } = useReactFlow();
  // Where a movement of our own ended, which is no choice of the person's.
  const ours = useRef<Viewport>(undefined);
  const moving = useRef(false);
  const move = useCallback(
    async (act: () => Promise<unknown>) => {
      moving.current = true;
      await act();
      moving.current = false;
      ours.current = getViewport();
      usePanels.setState({ viewport: undefined });
    },
    [getViewport],
  );
  useKeepInView(container, move);
  return {
    fitAll: useCallback(
      (duration: number) => move(() => fitView({ padding, maxZoom: largest, duration })),
      [move, fitView],
    ),
    onMoveEnd: useCallback((_: unknown, viewport: Viewport) => {
      if (!moving.current && !same(viewport, ours.current)) usePanels.setState({ viewport });
    }, []),
  };
}

/** To a tenth of a pixel. */
const same = (a: Viewport, b: Viewport | undefined): boolean =>
  b !== undefined &&
  Math.abs(a.x - b.x) < 0.1 &&
  Math.abs(a.y - b.y) < 0.1 &&
  Math.abs(a.zoom - b.zoom) < 0.001;
