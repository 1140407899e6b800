/** The editor has little width: panels then lie over the canvas and start folded. */
import { useSyncExternalStore } from 'react';

const query = matchMedia('(max-width: 799px)');

const subscribe = (changed: () => void) => {
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
};

/** At this moment. */
export const isNarrow = (): boolean => query.matches;

export const useNarrow = (): boolean => useSyncExternalStore(subscribe, isNarrow);
