/** Whether the editor is narrow. Panels then cover the canvas and start folded. */
import { useSyncExternalStore } from 'react';

const query = matchMedia('(max-width: 799px)');

const subscribe = (changed: () => void) => {
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
};

/** The current value, without a hook. */
export const isNarrow = (): boolean => query.matches;

export const useNarrow = (): boolean => useSyncExternalStore(subscribe, isNarrow);
