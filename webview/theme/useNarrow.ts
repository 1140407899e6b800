/**
 * Whether the editor has too little width for its panels beside the graph. They then cover the canvas and start folded. A low editor
 * needs the width for the curves, which have no room below the graph.
 */
import { useSyncExternalStore } from 'react';

const query = matchMedia('(max-width: 799px), (max-width: 1049px) and (max-height: 519px)');

const subscribe = (changed: () => void) => {
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
};

/** The current value, without a hook. */
export const isNarrow = (): boolean => query.matches;

export const useNarrow = (): boolean => useSyncExternalStore(subscribe, isNarrow);
