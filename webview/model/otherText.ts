/** Whether the network is still the one that ran. What a run of another one has found may be gone, and its fixes may do harm. */
import { useMemo } from 'react';
import { create } from 'zustand';
import { useAppliedFixes } from './appliedFixes.ts';
import { useEditor } from './editor.ts';
import { useRun } from './run.ts';
import { differsOnlyBy } from './statements.ts';

/** Whether a fix is being put into the text: until it is noted, its text looks like one of another hand. */
export const useApplying = create<{ readonly applying: boolean }>()(() => ({ applying: false }));

/** Fixes of findings may be in the text, because the other findings hold without them; so may other places of cards and other notes. */
export function useIsOtherText(): boolean {
  const view = useEditor((state) => state.view);
  const ran = useRun((run) => run.ran);
  const text = useRun((run) => run.text);
  const { all, count } = useAppliedFixes();
  const { applying } = useApplying();
  return useMemo(() => {
    if (!view || !ran || view.text === text || applying) return false;
    const said = all.slice(0, count).flatMap((fix) => fix.said);
    return !differsOnlyBy(said, ran, view.whole);
  }, [view, ran, text, all, count, applying]);
}
