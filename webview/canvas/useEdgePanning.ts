/**
 * The view moves while a card or a connection is dragged near the edge of the graph, but only while the pointer is over the graph.
 * React Flow also moves it while the pointer rests beyond the edge, and there at full speed: a card held over the palette would be
 * carried away without end.
 */
import { type RefObject, useEffect } from 'react';
import { useStoreApi } from 'reactflow';

export function useEdgePanning(container: RefObject<HTMLElement | null>): void {
  const store = useStoreApi();
  useEffect(() => {
    // All movements at the edge call this function of the store, and only they do.
    const { panBy } = store.getState();
    let isOver = true;
    const follow = ({ buttons, clientX: x, clientY: y }: PointerEvent) => {
      if (buttons === 0) return;
      const { left, top, right, bottom } = container.current!.getBoundingClientRect();
      isOver = x >= left && x <= right && y >= top && y <= bottom;
    };
    // A window that loses the focus during a drag may not learn where the pointer goes, or that it is released.
    const leave = () => {
      isOver = false;
    };
    const listening = new AbortController();
    const options = { capture: true, signal: listening.signal };
    window.addEventListener('pointerdown', follow, options);
    window.addEventListener('pointermove', follow, options);
    window.addEventListener('blur', leave, options);
    store.setState({ panBy: (by) => (isOver ? panBy(by) : Promise.resolve(false)) });
    return () => {
      listening.abort();
      store.setState({ panBy });
    };
  }, [container, store]);
}
