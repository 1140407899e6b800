/** Whether an element has room for two panels side by side. */
import { useEffect, useState } from 'react';

export function useWide(element: React.RefObject<HTMLElement | null>, least: number): boolean {
  const [wide, setWide] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const observer = new ResizeObserver(() => setWide(current.clientWidth >= least));
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, least]);
  return wide;
}
