/**
 * The fixes of findings that a person has put into the text. The findings are those of a run before, so they cannot show it. Undo
 * takes a fix out of the text, and redo puts it back.
 */
import { create } from 'zustand';

interface AppliedFix {
  readonly finding: string;
  /** The text of the network before and after it. */
  readonly before: string;
  readonly after: string;
}

interface AppliedFixes {
  /** In the order in which they were applied. */
  readonly all: readonly AppliedFix[];
  /** How many of them are in the text. Undo has taken out the others. */
  readonly count: number;
}

export const useAppliedFixes = create<AppliedFixes>()(() => ({ all: [], count: 0 }));

/** Whether the fix of a finding is in the text. */
export const isApplied =
  (finding: string) =>
  ({ all, count }: AppliedFixes): boolean =>
    all.slice(0, count).some((fix) => fix.finding === finding);

export const noteAppliedFix = (fix: AppliedFix): void =>
  useAppliedFixes.setState(({ all, count }) => ({ all: [...all.slice(0, count), fix], count: count + 1 }));

/** The text of the network has changed. */
export function followAppliedFixes(text: string): void {
  const { all, count } = useAppliedFixes.getState();
  const undone = all.findIndex(({ before }, index) => index < count && before === text);
  const redone = all.findLastIndex(({ after }, index) => index >= count && after === text);
  if (undone >= 0) useAppliedFixes.setState({ count: undone });
  else if (redone >= 0) useAppliedFixes.setState({ count: redone + 1 });
}

export const forgetAppliedFixes = (): void => useAppliedFixes.setState({ all: [], count: 0 });
