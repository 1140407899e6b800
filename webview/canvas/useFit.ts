/**
 * Keeps the whole network in view while panels open and editors are resized, until a person moves the view. If the network would be
 * too small to read, its beginning is shown. A view that a person has chosen stays, unless it showed the whole network and no
 * longer does. After an edit, what was in view stays in view.
 */
import { useCallback, useEffect, useRef } from 'react';
import { useReactFlow, useStoreApi, type Viewport } from 'reactflow';
import { boundsOf } from '../model/bounds.ts';
import { useEditor } from '../model/editor.ts';
import type { Flow } from '../model/flow.ts';
import { useHeld } from '../model/held.ts';
import { usePanels } from '../model/panels.ts';
import { isArranged } from './actions.ts';
import { calmly } from './calmly.ts';
import { type Size, showsAll, viewportOfCards, viewportOfFirst } from './fittedViewport.ts';
import { followed, isNewLayout } from './following.ts';
import { noteBoxes } from './noteBoxes.ts';

type Container = React.RefObject<HTMLDivElement | null>;

/** Cards and the notes beside them. */
const drawnBounds = (nodes: Flow['nodes']) => boundsOf(nodes, noteBoxes(useEditor.getState().view, nodes));

/**
 * Functions for the canvas: those to call when its view moves, one that shows the whole network, however small, one that returns
 * where the view will be when it has moved, and one to call before it is moved elsewhere.
 */
export function useFit(container: Container, flow: Flow) {
  const { setViewport, getViewport } = useReactFlow();
  const store = useStoreApi();
  // The end of the last movement of our own, which the person did not choose, and of one that has not ended.
  const ours = useRef<Viewport>(undefined);
  const goal = useRef<Viewport>(undefined);
  const nodes = useRef(flow.nodes);
  nodes.current = flow.nodes;

  const moveTo = useCallback(
    async (viewport: Viewport, duration: number) => {
      goal.current = viewport;
      await setViewport(viewport, { duration });
      if (goal.current !== viewport) return;
      goal.current = undefined;
      ours.current = getViewport();
    },
    [setViewport, getViewport],
  );

  const aim = useCallback(() => goal.current ?? getViewport(), [getViewport]);
  const interrupt = useCallback(() => {
    goal.current = undefined;
  }, []);

  const bringIntoView = useCallback(
    async (whole: boolean, duration: number) => {
      const { clientWidth: width = 0, clientHeight: height = 0 } = container.current ?? {};
      if (nodes.current.length === 0 || width === 0 || height === 0) return;
      usePanels.setState({ viewport: undefined });
      const cards = nodes.current.map(({ position: [x, y], width: w, height: h }) => ({
        x,
        y,
        width: w,
        height: h,
      }));
      const viewport = viewportOfCards(cards, drawnBounds(nodes.current), { width, height }, whole);
      await moveTo(viewport, duration);
    },
    [container, moveTo],
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

  const drawn = useRef(flow);
  useEffect(() => {
    const before = drawn.current;
    drawn.current = flow;
    if (before === flow || !isNewLayout(before, flow)) return;
    // Those of the container would make the browser lay out the page before all of the edit is in it.
    const { width, height } = store.getState();
    const view = aim();
    const { selection } = useEditor.getState();
    const viewport = followed(before.nodes, flow.nodes, selection, view, { width, height });
    if (!viewport) return;
    const isChosen = usePanels.getState().viewport !== undefined;
    void moveTo(viewport, calmly());
    if (isChosen) usePanels.setState({ viewport });
  }, [store, flow, aim, moveTo]);

  return {
    fitAll: useCallback((duration: number) => bringIntoView(true, duration), [bringIntoView]),
    aim,
    interrupt,
    onMoveStart: useCallback((event: unknown) => event && interrupt(), [interrupt]),
    onMoveEnd: useCallback((_: unknown, viewport: Viewport) => {
      if (!goal.current && !same(viewport, ours.current)) usePanels.setState({ viewport });
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
