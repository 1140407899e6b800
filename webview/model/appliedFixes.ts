/**
 * The fixes that a person has put into the text. The run in view is one of the text before, so its findings cannot show it. Undo takes a
 * fix out of the text, and redo puts it back. VS Code keeps this while the tab is hidden, so it has short digests of texts.
 */
import { create } from 'zustand';

interface AppliedFix {
  readonly finding: string;
  /** Digests of the text of the network before and after it. */
  readonly before: string;
  readonly after: string;
}

export interface AppliedFixes {
  /** Digest of the text that the run in view trains. */
  readonly run: string | undefined;
  /** In the order in which they were applied. */
  readonly all: readonly AppliedFix[];
  /** How many of them are in the text. Undo has taken out the others. */
  readonly count: number;
}

const none = { all: [], count: 0 };

export const useAppliedFixes = create<AppliedFixes>()(() => ({ run: undefined, ...none }));

function digestOf(text: string): string {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return `${text.length} ${hash}`;
}

/** Whether the fix of a finding is in the text. */
export const isApplied =
  (finding: string) =>
  ({ all, count }: AppliedFixes): boolean =>
    all.slice(0, count).some((fix) => fix.finding === finding);

/** `before` and `after`: the text of the network. */
export const noteAppliedFix = (finding: string, before: string, after: string): void =>
  useAppliedFixes.setState(({ all, count }) => ({
    all: [...all.slice(0, count), { finding, before: digestOf(before), after: digestOf(after) }],
    count: count + 1,
  }));

/** The text of the network has changed. */
export function followAppliedFixes(text: string): void {
  const { all, count } = useAppliedFixes.getState();
  if (all.length === 0) return;
  const now = digestOf(text);
  const undone = all.findIndex(({ before }, index) => index < count && before === now);
  const redone = all.findLastIndex(({ after }, index) => index >= count && after === now);
  if (undone >= 0) useAppliedFixes.setState({ count: undone });
  else if (redone >= 0) useAppliedFixes.setState({ count: redone + 1 });
}

export const forgetAppliedFixes = (): void => useAppliedFixes.setState(none);

/** Those of the page that was hidden, until it is known whether the same run is in view. */
let kept: AppliedFixes | undefined;

export const keepAppliedFixes = (fixes: AppliedFixes | undefined): void => {
  kept = fixes;
};

/** A run is in view; its layers may only have got other names. `text` is the text of the network. */
export function seeRun(ran: string, text: string): void {
  const run = digestOf(ran);
  useAppliedFixes.setState(kept?.run === run ? kept : { run });
  if (kept?.run === run) followAppliedFixes(text);
  kept = undefined;
}
