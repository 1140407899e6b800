/**
 * Whether a large network is drawn on one canvas instead of as cards, because it is seen from afar. Many cards take some time to
 * appear, so they appear when the view has come to rest, and not while it is being zoomed.
 */
import { useEffect, useState } from 'react';
import { useStoreApi } from 'reactflow';
import type { Detail } from './detail.ts';

/** Zoomed out, networks with more cards than this are drawn on one canvas element. */
const most = 200;
/** Time without movement that counts as rest, in milliseconds. */
const rest = 150;

export function useDistant(cards: number, detail: Detail): boolean {
  const store = useStoreApi();
  const wanted = cards > most && (detail === 'far' || detail === 'specks');
  const [distant, setDistant] = useState(wanted);
  useEffect(() => {
    if (wanted) setDistant(true);
    if (wanted || !distant) return;
    let timer = setTimeout(() => setDistant(false), rest);
    const stop = store.subscribe(({ transform }, before) => {
      if (transform === before.transform) return;
      clearTimeout(timer);
      timer = setTimeout(() => setDistant(false), rest);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store, wanted, distant]);
  return wanted || (distant && cards > most);
}
