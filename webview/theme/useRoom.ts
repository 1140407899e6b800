/** Whether an element has room for something, in pixels. */
import { useEffect, useState } from 'react';

export function useRoom(
  element: React.RefObject<HTMLElement | null>,
  suffices: (width: number, height: number) => boolean,
): boolean {
  const [enough, setEnough] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const observer = new ResizeObserver(() => setEnough(suffices(current.clientWidth, current.clientHeight)));
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, suffices]);
  return enough;
}
