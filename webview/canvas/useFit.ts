/**
 * Keeps the whole network in view while panels open and editors are resized, until a person moves the view. If the network would be
 * too small to read, its beginning is shown. A view that a person has chosen stays, unless it showed the whole network and no
 * longer does.
 */
import { useCallback, useEffect, useRef } from 'react';
import { useReactFlow, type Viewport } from 'reactflow';
import { boundsOf } from '../model/bounds.ts';
import { useEditor } from '../model/editor.ts';
import type { Flow } from '../model/flow.ts';
import { useHeld } from '../model/held.ts';
import { usePanels } from '../model/panels.ts';
import { isArranged } from './actions.ts';
import { fittedViewport, type Size, showsAll, viewportOfFirst } from './fittedViewport.ts';
import { noteBoxes } from './noteBoxes.ts';

type Container = React.RefObject<HTMLDivElement | null>;

/** Cards and the notes beside them. */
const drawnBounds = (nodes: Flow['nodes']) => boundsOf(nodes, noteBoxes(useEditor.getState().view, nodes));

/** Functions for the canvas: one to call when its view has moved, and one that shows the whole network, however small. */
export function useFit(container: Container, flow: Flow) {
  const { setViewport, getViewport } = useReactFlow();
  // The end of a movement of our own, which the person did not choose.
  const ours = useRef<Viewport>(undefined);
  const moving = useRef(false);
  const nodes = useRef(flow.nodes);
  nodes.current = flow.nodes;

  const bringIntoView = useCallback(
    async (whole: boolean, duration: number) => {
      const { clientWidth: width = 0, clientHeight: height = 0 } = container.current ?? {};
      if (nodes.current.length === 0 || width === 0 || height === 0) return;
      moving.current = true;
      await setViewport(fittedViewport(drawnBounds(nodes.current), { width, height }, whole), {
        duration,
      });
      moving.current = false;
      ours.current = getViewport();
      usePanels.setState({ viewport: undefined });
    },
    [container, setViewport, getViewport],
  );

  const filled = flow.nodes.length > 0;
  const begunHere = useBegunHere(flow);
  useEffect(() => {
    const frame = container.current;
    if (!filled || !frame) return;
    if (begunHere()) {
      // The first layer of a network stays where it was dropped.
      if (!isArranged(useEditor.getState().view, useHeld.getState())) {
        const { clientWidth: width, clientHeight: height } = frame;
        const down = usePanels.getState().direction === 'down';
        void setViewport(viewportOfFirst(drawnBounds(nodes.current), { width, height }, down));
      }
      usePanels.setState({ viewport: getViewport() });
    }
    let before: Size | undefined;
    const observer = new ResizeObserver(() => {
      const now = { width: frame.clientWidth, height: frame.clientHeight };
      const { viewport } = usePanels.getState();
      const bounds = drawnBounds(nodes.current);
      const lost =
        viewport && before && showsAll(viewport, bounds, before) && !showsAll(viewport, bounds, now);
      before = now;
      if (!viewport || lost) void bringIntoView(false, 0);
    });
    observer.observe(frame);
    return () => observer.disconnect();
  }, [container, filled, begunHere, bringIntoView, getViewport, setViewport]);

  return {
    fitAll: useCallback((duration: number) => bringIntoView(true, duration), [bringIntoView]),
    onMoveEnd: useCallback((_: unknown, viewport: Viewport) => {
      if (!moving.current && !same(viewport, ours.current)) usePanels.setState({ viewport });
    }, []),
  };
}

/** Whether the network was empty and a person has just added its first layer. */
function useBegunHere(flow: Flow): () => boolean {
  const wasEmpty = useRef(false);
  const count = flow.nodes.length;
  const known = useEditor(({ view }) => view !== undefined);
  const begun = wasEmpty.current && count === 1;
  const latest = useRef(begun);
  latest.current = begun;
  useEffect(() => {
    wasEmpty.current = count === 0 && known;
  }, [count, known]);
  return useCallback(() => latest.current, []);
}

/** To a tenth of a pixel. */
const same = (a: Viewport, b: Viewport | undefined): boolean =>
  b !== undefined &&
  Math.abs(a.x - b.x) < 0.1 &&
  Math.abs(a.y - b.y) < 0.1 &&
  Math.abs(a.zoom - b.zoom) < 0.001;
