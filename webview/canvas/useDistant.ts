/**
 * Whether a large network is drawn on one canvas instead of as cards, because it is seen from afar. Many cards take some time to
 * appear, so they appear when the view has come to rest, and not while it is being zoomed.
 */
import { useEffect, useState } from 'react';
import { type ReactFlowState, useStoreApi } from 'reactflow';
import type { Detail } from './detail.ts';

/** Zoomed out, networks with more cards than this are drawn on one canvas element. */
const most = 200;
/** Time without movement that counts as rest, in milliseconds. */
const rest = 150;

type Place = Pick<ReactFlowState, 'transform'>;

interface View {
  subscribe(listener: (now: Place, before: Place) => void): () => void;
}

/** Calls `done` once, when the view has not moved for a while. Returns what cancels this. */
export function whenAtRest(view: View, done: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const end = () => {
    stop();
    clearTimeout(timer);
  };
  const wait = () => {
    timer = setTimeout(() => {
      end();
      done();
    }, rest);
  };
  const stop = view.subscribe(({ transform }, before) => {
    if (transform === before.transform) return;
    clearTimeout(timer);
    wait();
  });
  wait();
  return end;
}

export const isDistant = (cards: number, detail: Detail): boolean =>
  cards > most && (detail === 'far' || detail === 'specks');

export function useDistant(cards: number, detail: Detail): boolean {
  const store = useStoreApi();
  const wanted = isDistant(cards, detail);
  const [distant, setDistant] = useState(wanted);
  useEffect(() => {
    if (wanted) setDistant(true);
    return wanted || !distant ? undefined : whenAtRest(store, () => setDistant(false));
  }, [store, wanted, distant]);
  return wanted || (distant && cards > most);
}
